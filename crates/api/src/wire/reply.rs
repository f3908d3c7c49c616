//! How replies are written, read and documented.

use http::{HeaderValue, header};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

use super::{
    Json, NoContent, Picture, PlainText, Reply, Schemas, Tagged, Versioned, Wire, binary, etag, json, media_type, refer,
};
use crate::{avatar::AvatarImage, endpoint::Payload, problem::Problem};

/// The media type of default avatars.
const SVG: &str = "image/svg+xml";

impl Reply for NoContent {
    type Value = ();
    const STATUS: u16 = 204;

    fn write((): ()) -> Result<Payload, Problem> {
        Ok(Payload::default())
    }

    fn read(_: Payload) -> Result<(), Problem> {
        Ok(())
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, RefOr<Schema>)> {
        Vec::new()
    }
}

impl<T: Wire, const STATUS: u16> Reply for Json<T, STATUS> {
    type Value = T;
    const STATUS: u16 = STATUS;

    fn write(value: T) -> Result<Payload, Problem> {
        json(&value)
    }

    fn read(payload: Payload) -> Result<T, Problem> {
        serde_json::from_slice(&payload.body).map_err(Problem::internal)
    }

    fn content(schemas: &mut Schemas) -> Vec<(&'static str, RefOr<Schema>)> {
        vec![("application/json", refer::<T>(schemas))]
    }
}

impl<T: Wire> Reply for Tagged<T> {
    type Value = Versioned<T>;
    const STATUS: u16 = 200;
    const HEADERS: &[&str] = &["ETag"];

    fn write(tagged: Versioned<T>) -> Result<Payload, Problem> {
        let mut payload = json(&tagged.value)?;
        payload.headers.insert(header::ETAG, tagged.etag.0.parse().map_err(Problem::internal)?);
        Ok(payload)
    }

    fn read(payload: Payload) -> Result<Versioned<T>, Problem> {
        Ok(Versioned { etag: etag(&payload)?, value: <Json<T> as Reply>::read(payload)? })
    }

    fn content(schemas: &mut Schemas) -> Vec<(&'static str, RefOr<Schema>)> {
        <Json<T> as Reply>::content(schemas)
    }
}

impl Reply for Picture {
    type Value = AvatarImage;
    const STATUS: u16 = 200;
    const HEADERS: &[&str] = &["ETag"];

    fn write(image: AvatarImage) -> Result<Payload, Problem> {
        let mut payload = Payload { body: image.bytes, ..Payload::default() };
        payload.headers.insert(header::ETAG, image.etag.0.parse().map_err(Problem::internal)?);
        let content_type = match image.media_type.as_str() {
            // Text, whose characters are to be read as what they were written in.
            SVG => HeaderValue::from_static("image/svg+xml; charset=utf-8"),
            other => other.parse().map_err(Problem::internal)?,
        };
        payload.headers.insert(header::CONTENT_TYPE, content_type);
        Ok(payload)
    }

    fn read(payload: Payload) -> Result<AvatarImage, Problem> {
        Ok(AvatarImage { etag: etag(&payload)?, media_type: media_type(&payload), bytes: payload.body })
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, RefOr<Schema>)> {
        ["image/jpeg", "image/png", "image/webp", SVG].map(|kind| (kind, binary())).into()
    }
}

impl Reply for PlainText {
    type Value = String;
    const STATUS: u16 = 200;

    fn write(text: String) -> Result<Payload, Problem> {
        let mut payload = Payload { body: text.into(), ..Payload::default() };
        payload.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Ok(payload)
    }

    fn read(payload: Payload) -> Result<String, Problem> {
        String::from_utf8(payload.body.into()).map_err(Problem::internal)
    }

    fn content(_: &mut Schemas) -> Vec<(&'static str, RefOr<Schema>)> {
        vec![("text/plain", ObjectBuilder::new().schema_type(Type::String).into())]
    }
}

//! How request bodies are written, read and documented.

use http::header;
use utoipa::openapi::{RefOr, Schema};

use super::{Body, Empty, Json, Raw, Schemas, Upload, Wire, binary, expect_type, json, reading, refer};
use crate::{
    endpoint::{Meta, Payload},
    problem::{ErrorCode, Problem},
};

impl Body for Empty {
    type Value = ();
    const ERRORS: &[ErrorCode] = &[ErrorCode::InvalidBody];

    fn write((): ()) -> Result<Payload, Problem> {
        Ok(Payload::default())
    }

    fn read(_: &Meta, payload: Payload) -> Result<(), Problem> {
        if payload.body.is_empty() {
            Ok(())
        } else {
            Err(Problem::new(ErrorCode::InvalidBody).detail("No body is expected here."))
        }
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        None
    }
}

impl<T: Wire> Body for Json<T> {
    type Value = T;
    const ERRORS: &[ErrorCode] =
        &[ErrorCode::InvalidBody, ErrorCode::InvalidField, ErrorCode::UnsupportedMediaType, ErrorCode::BodyTooLarge];

    fn write(value: T) -> Result<Payload, Problem> {
        json(&value)
    }

    fn read(meta: &Meta, payload: Payload) -> Result<T, Problem> {
        expect_type(meta, &payload)?;
        reading::parse(&payload.body)
    }

    fn schema(schemas: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(refer::<T>(schemas))
    }
}

impl Body for Raw {
    type Value = Upload;
    const ERRORS: &[ErrorCode] = &[ErrorCode::InvalidBody, ErrorCode::UnsupportedMediaType, ErrorCode::BodyTooLarge];

    fn write(upload: Upload) -> Result<Payload, Problem> {
        let mut payload = Payload { body: upload.bytes, ..Payload::default() };
        payload.headers.insert(header::CONTENT_TYPE, upload.media_type.parse().map_err(Problem::internal)?);
        Ok(payload)
    }

    fn read(meta: &Meta, payload: Payload) -> Result<Upload, Problem> {
        Ok(Upload { media_type: expect_type(meta, &payload)?, bytes: payload.body })
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(binary())
    }
}

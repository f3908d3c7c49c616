//! What may stand in the body and reply place of an [`Endpoint`](crate::endpoint::Endpoint).
//!
//! Markers say it: [`Empty`], [`Json`], [`Raw`] as bodies; [`NoContent`], [`Json`], [`Created`], [`Tagged`],
//! [`Picture`], [`PlainText`] as replies. Each writes, reads and documents itself.

mod body;
mod reply;

mod etag;
mod reading;

use std::{fmt, marker::PhantomData};

use bytes::Bytes;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Ref, RefOr, Schema, schema::SchemaType},
};

use crate::{
    endpoint::{Meta, Payload},
    problem::{ErrorCode, Problem},
};

pub use self::etag::ETag;
pub(crate) use self::reading::given;

/// Component schemas by name, as utoipa collects them.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// A type that travels as JSON.
pub trait Wire: Serialize + DeserializeOwned + ToSchema + Send + 'static {}
impl<T: Serialize + DeserializeOwned + ToSchema + Send + 'static> Wire for T {}

/// A request body.
pub trait Body: 'static {
    /// What the handler gets.
    type Value: Send + 'static;
    /// Client side.
    fn write(value: Self::Value) -> Result<Payload, Problem>;
    /// Server side. Answers `unsupported_media_type`, `invalid_body` or `invalid_field`.
    fn read(meta: &Meta, payload: Payload) -> Result<Self::Value, Problem>;
    /// The schema of the body; `None` where there is no body.
    fn schema(schemas: &mut Schemas) -> Option<RefOr<Schema>>;
    /// The codes that reading the body implies.
    const ERRORS: &[ErrorCode];
}

/// An answer that is not a problem.
pub trait Reply: 'static {
    /// What the handler answers.
    type Value: Send + 'static;
    /// The status.
    const STATUS: u16;
    /// Response headers, for the document.
    const HEADERS: &[&str] = &[];
    /// Server side.
    fn write(value: Self::Value) -> Result<Payload, Problem>;
    /// Client side.
    fn read(payload: Payload) -> Result<Self::Value, Problem>;
    /// Media types and their schemas; empty where there is no body.
    fn content(schemas: &mut Schemas) -> Vec<(&'static str, RefOr<Schema>)>;
}

/// No request body.
pub struct Empty;
/// No response body: 204.
pub struct NoContent;
/// A JSON body or reply.
pub struct Json<T, const STATUS: u16 = 200>(PhantomData<T>);
/// A JSON reply with status 201.
pub type Created<T> = Json<T, 201>;
/// A JSON reply with a strong `ETag`.
pub struct Tagged<T>(PhantomData<T>);
/// A request body of bytes.
pub struct Raw;
/// A picture as reply, with a strong `ETag`.
pub struct Picture;

/// A text as reply: `text/plain` in UTF-8.
pub struct PlainText;

/// A value and the version it was read at.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<T> {
    /// The version.
    pub etag: ETag,
    /// The value.
    pub value: T,
}

/// Bytes and what the sender says they are.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Media type without parameters, in lower case.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// A password or token on the wire. It has no `Display`, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
#[serde(transparent)]
#[schema(format = "password", description = "A password or a token.")]
pub struct Secret(String);

impl Secret {
    /// Takes the secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Registers a type among the component schemas and refers to it.
pub(crate) fn refer<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    Ref::from_schema_name(T::name()).into()
}

/// `OpenAPI` 3.1: binary content is an empty schema under its media type.
fn binary() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()
}

fn json(value: &impl Serialize) -> Result<Payload, Problem> {
    let body = serde_json::to_vec(value).map_err(Problem::internal)?.into();
    let mut payload = Payload { body, ..Payload::default() };
    payload.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(payload)
}

fn etag(payload: &Payload) -> Result<ETag, Problem> {
    let text = payload.headers.get(header::ETAG).and_then(|value| value.to_str().ok());
    text.map(|text| ETag(text.to_owned())).ok_or_else(|| Problem::internal("an answer without ETag"))
}

fn media_type(payload: &Payload) -> String {
    let text = payload.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn expect_type(meta: &Meta, payload: &Payload) -> Result<String, Problem> {
    let found = media_type(payload);
    if meta.accepts.contains(&found.as_str()) {
        return Ok(found);
    }
    Err(Problem::new(ErrorCode::UnsupportedMediaType).detail(format!("Send one of: {}.", meta.accepts.join(", "))))
}

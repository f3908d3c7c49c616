//! The id that a person quotes and an administrator finds in the log.

use std::sync::Arc;

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;
use uuid::Uuid;

use crate::refusal;

/// Where the id stands in an answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives a request its id (UUIDv7), puts it on every line that is logged meanwhile, and into the answer: as a header,
/// and inside a problem.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let id = new();
    let span = tracing::info_span!("request", id = &*id);
    let mut response = next.run(request).instrument(span).await;
    put(&mut response, &id);
    response
}

/// An id for one request.
#[expect(clippy::disallowed_methods, reason = "it names a request in a log; nothing is decided by it")]
pub(crate) fn new() -> Arc<str> {
    Uuid::now_v7().to_string().into()
}

/// Puts the id into an answer.
pub(crate) fn put(response: &mut Response, id: &str) {
    refusal::render(response, id);
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}

//! `If-None-Match` (RFC 9110 section 13.1.2): what a reader already has is not sent again.

use axum::{body::Body, response::Response};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use latchkey_api::wire::ETag;

/// The entity tags a reader names. Nothing for a request that does not read.
#[derive(Default)]
pub(crate) struct Known(Vec<HeaderValue>);

impl Known {
    pub(crate) fn of(request: &Parts) -> Self {
        if request.method == Method::GET || request.method == Method::HEAD {
            Self(request.headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect())
        } else {
            Self::default()
        }
    }

    /// Turns an answer that the reader has into 304.
    pub(crate) fn spare(&self, mut response: Response) -> Response {
        let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        if response.status() == StatusCode::OK && tag.is_some_and(|tag| self.contains(tag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        response
    }

    /// The comparison is the weak one, as the section says.
    fn contains(&self, current: &str) -> bool {
        let lists = self.0.iter().filter_map(|value| value.to_str().ok());
        lists.filter_map(ETag::list).flatten().any(|tag| tag == "*" || opaque(tag) == opaque(current))
    }
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

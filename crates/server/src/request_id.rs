//! The id that a person quotes and an administrator finds in the log.

use std::sync::Arc;

use axum::{extract::Request, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::refusal;

/// Where the id stands in an answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a proxy.
const LONGEST: usize = 64;

/// The id a trusted proxy has given a request; in the extensions of one that came over a socket. From anybody else an id is
/// not taken: two requests could have the same.
#[derive(Clone, Debug)]
pub(crate) struct Forwarded(Arc<str>);

impl Forwarded {
    /// What a proxy says, where it says one well-formed id: letters and digits of ASCII, and `-`, `_`, `.` and `:`.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut fields = headers.get_all(REQUEST_ID).iter();
        let (Some(field), None) = (fields.next(), fields.next()) else { return None };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        let id = field.to_str().ok().filter(|id| (1..=LONGEST).contains(&id.len()) && id.bytes().all(fits))?;
        Some(Self(id.into()))
    }
}

/// The id of a request: the one of a trusted proxy, or a new one.
pub(crate) fn of(request: &Request) -> Arc<str> {
    request.extensions().get::<Forwarded>().map_or_else(new, |forwarded| Arc::clone(&forwarded.0))
}

/// An id for one request (`UUIDv7`).
#[expect(clippy::disallowed_methods, reason = "it names a request in a log; nothing is decided by it")]
pub(crate) fn new() -> Arc<str> {
    Uuid::now_v7().to_string().into()
}

/// Puts the id into an answer: as a header, and inside a problem.
pub(crate) fn put(response: &mut Response, id: &str) {
    refusal::render(response, id);
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_well_formed_id_is_taken() {
        let of = |values: &[&str]| {
            let headers = values.iter().map(|value| (REQUEST_ID, value.parse().unwrap())).collect();
            Forwarded::of(&headers).map(|forwarded| forwarded.0.to_string())
        };
        assert_eq!(of(&["0a1B-_.:z"]).as_deref(), Some("0a1B-_.:z"));
        let long = "x".repeat(LONGEST + 1);
        for bad in [&[][..], &[""], &["a b"], &["a\"b"], &["a", "a"], &[long.as_str()]] {
            assert_eq!(of(bad), None, "{bad:?}");
        }
    }
}

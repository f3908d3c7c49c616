//! The headers that tell how often an API key may be used (draft-ietf-httpapi-ratelimit-headers).

use http::{HeaderMap, HeaderName, HeaderValue};
use latchkey_api::common::RateLimit;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Writes both headers.
pub(crate) fn tell(headers: &mut HeaderMap, limit: &RateLimit) {
    let RateLimit { quota, window, remaining, reset } = limit;
    let fields =
        [(POLICY, format!(r#""key";q={quota};w={window}"#)), (STATE, format!(r#""key";r={remaining};t={reset}"#))];
    for (name, value) in fields {
        // Digits and letters are a header's value.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

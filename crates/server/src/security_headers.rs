//! What every answer forbids a browser to do with it (OWASP ASVS 5.0 chapter 3).

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Nothing may be loaded, run or framed. A default avatar is SVG, which is a document when it is opened on its own.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// A router whose answers have them, for what is served beside the API.
pub fn secured(router: Router) -> Router {
    router.layer(from_fn(layer))
}

/// Sets what the handler did not set itself.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, header::CACHE_CONTROL, "no-store");
    default(headers, header::CONTENT_SECURITY_POLICY, POLICY);
    default(headers, header::REFERRER_POLICY, "no-referrer");
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, header::X_FRAME_OPTIONS, "DENY");
    response
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

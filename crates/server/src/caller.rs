//! Who asks, read off a request.

use std::net::IpAddr;

use http::{HeaderMap, header, request::Parts};
use latchkey_api::common::{Caller, Credential};

/// The address at the other end of the connection. Absent in process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The caller, not yet admitted.
pub(crate) fn caller(parts: &Parts) -> Caller {
    Caller {
        credential: bearer(&parts.headers).map(Credential::new),
        address: parts.extensions.get::<Peer>().map(|peer| peer.0),
        user_agent: text(&parts.headers, &header::USER_AGENT).map(str::to_owned),
        admission: None,
        rate_limit: None,
    }
}

/// The token of `Authorization: Bearer`, whose scheme has no case (RFC 9110 section 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, &header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

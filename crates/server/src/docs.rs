//! `/openapi.json` and `/docs`: the contract, for programs and for people.
//!
//! Both are made once and served from memory. The lines on the page name the server it was loaded from, which are put
//! in for each reader.

mod endpoint;
mod html;
mod origin;
mod page;

use std::{fmt::Write, sync::LazyLock};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, header};
use latchkey_api::{
    documentation::{PLACEHOLDER, api_documentation},
    openapi,
};
use sha2::{Digest, Sha256};

use crate::conditional::Known;

const STYLE: &str = include_str!("docs/style.css");

/// Where the reader's server goes: a character of the private use area, which nothing on the page has.
const ORIGIN: &str = "\u{e000}";

/// A document that never changes while the program runs.
struct Fixed {
    body: String,
    digest: [u8; 32],
    policy: HeaderValue,
}

static OPENAPI: LazyLock<Fixed> = LazyLock::new(|| {
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    Fixed::new(policy, openapi::document_json())
});

static PAGE: LazyLock<Fixed> = LazyLock::new(|| {
    // The page has no script, and no style but its own.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        BASE64_STANDARD.encode(Sha256::digest(STYLE))
    );
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    Fixed::new(policy, page::page(&api_documentation(Some(ORIGIN)), STYLE))
});

impl Fixed {
    fn new(policy: HeaderValue, body: String) -> Self {
        Self { digest: Sha256::digest(&body).into(), body, policy }
    }

    /// As an answer: the tag is of what was made once and of what was put in.
    fn answer(&self, media_type: &'static str, put_in: &str, body: Bytes) -> Response {
        let digest = Sha256::new().chain_update(self.digest).chain_update(put_in).finalize();
        let mut tag = String::from('"');
        for byte in &digest[..12] {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CONTENT_SECURITY_POLICY, self.policy.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::ETAG, HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"0\""))),
        ];
        (headers, body).into_response()
    }
}

async fn document(request: Request) -> Response {
    let answer = OPENAPI.answer("application/json", "", OPENAPI.body.as_str().into());
    Known::of(&request.into_parts().0).spare(answer)
}

async fn page(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    // An origin has no character that HTML or a shell would take for anything else.
    let origin = origin::of(&parts).unwrap_or_else(|| PLACEHOLDER.to_owned());
    let body = PAGE.body.replace(ORIGIN, &html::escape(&origin));
    Known::of(&parts).spare(PAGE.answer("text/html; charset=utf-8", &origin, body.into()))
}

pub(crate) fn routes() -> Router {
    Router::new().route("/openapi.json", get(document)).route("/docs", get(page))
}

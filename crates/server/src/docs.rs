//! `/openapi.json` and `/docs`: the contract, for programs and for people.
//!
//! Both are made once, from the same document, and served from memory.

mod page;
mod schema;

use std::{fmt::Write, sync::LazyLock};

use axum::{Router, extract::Request, response::IntoResponse, routing::get};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use latchkey_api::openapi;
use sha2::{Digest, Sha256};

use crate::conditional::Known;

const STYLE: &str = include_str!("docs/style.css");

/// A document that never changes while the program runs.
struct Fixed {
    headers: [(HeaderName, HeaderValue); 4],
    body: Bytes,
}

static OPENAPI: LazyLock<Fixed> = LazyLock::new(|| {
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    Fixed::new("application/json", policy, openapi::document_json())
});

static PAGE: LazyLock<Fixed> = LazyLock::new(|| {
    let document = serde_json::to_value(openapi::document()).unwrap_or_default();
    // The page has no script, and no style but its own.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        BASE64_STANDARD.encode(Sha256::digest(STYLE))
    );
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    Fixed::new("text/html; charset=utf-8", policy, page::page(&document, STYLE))
});

impl Fixed {
    fn new(media_type: &'static str, policy: HeaderValue, body: String) -> Self {
        let mut tag = String::from('"');
        for byte in &Sha256::digest(&body)[..12] {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::ETAG, HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"0\""))),
        ];
        Self { headers, body: body.into() }
    }
}

pub(crate) fn routes() -> Router {
    let serve = |document: &'static LazyLock<Fixed>| {
        get(move |request: Request| async move {
            let (parts, _) = request.into_parts();
            Known::of(&parts).spare((document.headers.clone(), document.body.clone()).into_response())
        })
    };
    Router::new().route("/openapi.json", serve(&OPENAPI)).route("/docs", serve(&PAGE))
}

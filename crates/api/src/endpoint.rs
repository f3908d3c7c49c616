//! One typed constant per endpoint. Server, client and document are readers of it.

use std::marker::PhantomData;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Serialize;
use ts_rs::TS;

use crate::{
    common::Caller,
    freshness::Freshness,
    problem::{ApiResult, ErrorCode},
};

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// Anyone. The caller still has an origin (address, user agent).
    Nobody,
    /// A person, by session token.
    Session,
    /// A person, by session token or by an API key with the scope `api`. What asks for a fresh proof, and what makes
    /// or shows credentials, is for sessions alone.
    SessionOrKey,
}

/// The largest JSON body the service reads, in bytes.
pub const JSON_BODY_LIMIT: usize = 1024 * 1024;

/// Everything about an endpoint that is not a type.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// `verb_noun`: operation id, name of the constant and of the trait's method.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static Method,
    /// Path template in the `{name}` form that axum 0.8 and OpenAPI share.
    pub path: &'static str,
    /// Who may call.
    pub auth: Auth,
    /// What it asks for beyond the session.
    pub freshness: Freshness,
    /// Whether it may be called by somebody who must set two-factor authentication up first.
    pub during_setup: bool,
    /// One line for the document.
    pub summary: &'static str,
    /// The codes of this endpoint beyond those that its auth, parameters and body imply.
    pub errors: &'static [ErrorCode],
    /// Fields of the parameters that travel as request headers (`if_match` is `If-Match`).
    pub headers: &'static [&'static str],
    /// Media types of the request body.
    pub accepts: &'static [&'static str],
    /// Largest request body in bytes.
    pub body_limit: usize,
}

/// An endpoint: [`Meta`] and the types of its parameters, request body and reply.
#[must_use = "an endpoint does nothing until it is mounted, called or described"]
pub struct Endpoint<P, B, R> {
    /// Everything that is not a type.
    pub meta: Meta,
    types: PhantomData<fn(P, B) -> R>,
}

impl<P, B, R> Endpoint<P, B, R> {
    const fn new(method: &'static Method, id: &'static str, path: &'static str) -> Self {
        let meta = Meta {
            id,
            method,
            path,
            auth: Auth::Session,
            freshness: Freshness::None,
            during_setup: false,
            summary: "",
            errors: &[],
            headers: &[],
            accepts: &["application/json"],
            body_limit: JSON_BODY_LIMIT,
        };
        Self { meta, types: PhantomData }
    }

    /// A `GET` endpoint.
    pub const fn get(id: &'static str, path: &'static str) -> Self {
        Self::new(&Method::GET, id, path)
    }

    /// A `POST` endpoint.
    pub const fn post(id: &'static str, path: &'static str) -> Self {
        Self::new(&Method::POST, id, path)
    }

    /// A `PUT` endpoint.
    pub const fn put(id: &'static str, path: &'static str) -> Self {
        Self::new(&Method::PUT, id, path)
    }

    /// A `PATCH` endpoint.
    pub const fn patch(id: &'static str, path: &'static str) -> Self {
        Self::new(&Method::PATCH, id, path)
    }

    /// A `DELETE` endpoint.
    pub const fn delete(id: &'static str, path: &'static str) -> Self {
        Self::new(&Method::DELETE, id, path)
    }

    /// Sets who may call; a session is needed where nothing is said.
    pub const fn auth(mut self, auth: Auth) -> Self {
        self.meta.auth = auth;
        self
    }

    /// Asks for a fresh proof of who is calling.
    pub const fn fresh(mut self, freshness: Freshness) -> Self {
        self.meta.freshness = freshness;
        self
    }

    /// Leaves it open to somebody who must set two-factor authentication up first.
    pub const fn during_setup(mut self) -> Self {
        self.meta.during_setup = true;
        self
    }

    /// Sets the one-line summary.
    pub const fn summary(mut self, text: &'static str) -> Self {
        self.meta.summary = text;
        self
    }

    /// Declares codes beyond the implied ones.
    pub const fn errors(mut self, codes: &'static [ErrorCode]) -> Self {
        self.meta.errors = codes;
        self
    }

    /// Declares which parameters travel as headers.
    pub const fn headers(mut self, fields: &'static [&'static str]) -> Self {
        self.meta.headers = fields;
        self
    }

    /// Sets the media types of the request body; JSON where nothing is said.
    pub const fn accepts(mut self, types: &'static [&'static str]) -> Self {
        self.meta.accepts = types;
        self
    }

    /// Sets the largest request body in bytes.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.meta.body_limit = bytes;
        self
    }
}

/// What one HTTP message carries, both ways, without naming a server or a client.
#[derive(Clone, Debug, Default)]
pub struct Payload {
    /// Header fields.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Decides whether a caller may use an endpoint.
///
/// The service asks it in the first line of every method. An edge may ask earlier, before it buffers a body: the
/// caller that comes back carries the admission, and the service does not look it up again.
#[async_trait::async_trait]
pub trait Gate: Send + Sync {
    /// Resolves the credential and holds [`Meta::auth`], the policy of the service, and [`Meta::freshness`].
    async fn admit(&self, caller: Caller, meta: &Meta) -> ApiResult<Caller>;
}

/// Says whether a service can do its work.
#[async_trait::async_trait]
pub trait Health: Send + Sync {
    /// Whether requests can be answered now. The problem says what is in the way, and is shown to whoever asks.
    async fn ready(&self) -> ApiResult<()>;
}

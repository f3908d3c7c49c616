//! Headers of answers: described once, and named where they are.

use std::collections::BTreeMap;

use utoipa::openapi::{
    Header, HeaderBuilder, Ref, RefOr, Response,
    extensions::Extensions,
    schema::{Object, Type},
};

/// A header as the document describes it: what it is called among the components, and on the wire.
pub(super) struct Described {
    component: &'static str,
    name: &'static str,
    kind: Type,
    always: bool,
    about: &'static str,
}

pub(super) const REQUEST_ID: Described = text("RequestId", "X-Request-Id", true, "What to quote to the administrator.");
pub(super) const ETAG: Described = text("ETag", "ETag", true, "The version of what is answered (RFC 9110).");
pub(super) const CHALLENGE: Described =
    text("Challenge", "WWW-Authenticate", true, "How to ask with more success (RFC 6750, RFC 7617, RFC 9470).");
pub(super) const RATE_LIMIT: Described =
    text("RateLimit", "RateLimit", false, "For an API key: how much is left (draft-ietf-httpapi-ratelimit-headers).");
pub(super) const RATE_LIMIT_POLICY: Described =
    text("RateLimitPolicy", "RateLimit-Policy", false, "For an API key: how much there is.");
pub(super) const RETRY_AFTER: Described =
    Described { kind: Type::Integer, ..text("RetryAfter", "Retry-After", true, "Seconds until it makes sense.") };
pub(super) const RETRY_AFTER_IF_KNOWN: Described =
    Described { component: "RetryAfterIfKnown", always: false, ..RETRY_AFTER };

const ALL: [Described; 7] =
    [REQUEST_ID, ETAG, CHALLENGE, RATE_LIMIT, RATE_LIMIT_POLICY, RETRY_AFTER, RETRY_AFTER_IF_KNOWN];

const fn text(component: &'static str, name: &'static str, always: bool, about: &'static str) -> Described {
    Described { component, name, kind: Type::String, always, about }
}

impl Described {
    /// Says that an answer has it.
    pub(super) fn of(&self, response: &mut Response) {
        let reference = Ref::new(format!("#/components/headers/{}", self.component));
        response.headers.insert(self.name.to_owned(), RefOr::Ref(reference));
    }

    /// That a header is always there is a member utoipa does not know.
    fn header(&self) -> Header {
        let always = self.always.then(|| Extensions::from_iter([("required", true)]));
        HeaderBuilder::new()
            .schema(Some(Object::with_type(self.kind.clone())))
            .description(Some(self.about))
            .extensions(always)
            .build()
    }
}

/// All of them, for the components.
pub(super) fn components() -> BTreeMap<String, RefOr<Header>> {
    ALL.iter().map(|described| (described.component.to_owned(), RefOr::T(described.header()))).collect()
}

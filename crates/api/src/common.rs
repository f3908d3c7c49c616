//! Types that every area shares: the caller, and pages of a list.

use std::{any::Any, borrow::Cow, fmt, net::IpAddr, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{Array, ObjectBuilder, Ref, RefOr, Schema},
};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

/// By hand: the derive names every instance `Page`, so that the second list would overwrite the first.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .property("items", Array::new(Ref::from_schema_name(T::name())))
            .required("items")
            .property("next", Option::<String>::schema())
            .required("next")
            .into()
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Rows a page, 1 to 100; 50 where nothing is said
    #[param(nullable = false, minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u8>,
    /// The `next` of the page before
    #[param(nullable = false, pattern = r"^[0-9a-f]{1,15}\.[0-9a-f]{32}$")]
    pub after: Option<String>,
}

/// A bearer token. It has no `Display` and no `Serialize`; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(String);

impl Credential {
    /// Takes a token as it stands in the `Authorization` header.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token itself, for the one place that hashes it and the one that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// What the gate of a service found behind a credential. Only the service that made it can read it.
#[derive(Clone)]
pub struct Admission(Arc<dyn Any + Send + Sync>);

impl Admission {
    /// Wraps what the service wants to find again.
    pub fn new(found: impl Any + Send + Sync) -> Self {
        Self(Arc::new(found))
    }

    /// What was wrapped, if it is of that type.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.0.clone().downcast().ok()
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Admission(..)")
    }
}

/// How often an API key may be used (draft-ietf-httpapi-ratelimit-headers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
pub struct RateLimit {
    /// Requests in a window.
    pub quota: u32,
    /// Seconds of a window.
    pub window: u32,
    /// Requests that are left now.
    pub remaining: u32,
    /// Seconds until there are more; while there are none, until the next one.
    pub reset: u32,
}

/// Who asks, and from where.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The bearer token, if one came along.
    pub credential: Option<Credential>,
    /// The peer's address; `None` in process, where it is this computer.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// Filled by the [`Gate`](crate::endpoint::Gate).
    pub admission: Option<Admission>,
    /// Filled by the gate for an API key.
    pub rate_limit: Option<RateLimit>,
}

impl Caller {
    /// A caller who holds a token.
    pub fn with_token(token: impl Into<String>) -> Self {
        Self { credential: Some(Credential::new(token)), ..Self::default() }
    }
}

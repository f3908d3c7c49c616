//! Ids and times as the database keeps them.
use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use sqlx::Type;
use uuid::Uuid;

/// A moment in UTC: microseconds since 1970-01-01. The caller reads the clock, never the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Type)]
#[sqlx(transparent)]
pub struct Micros(pub i64);

impl FromSql for Micros {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

impl Micros {
    /// This moment plus `span`; the far end of time where that does not fit.
    #[must_use]
    pub fn saturating_add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span_micros(span)))
    }

    /// This moment minus `span`; the far end of time where that does not fit.
    #[must_use]
    pub fn saturating_sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span_micros(span)))
    }
}

pub(crate) fn span_micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// An account's id: a `UUIDv7`, so that accounts sort by their creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Type)]
#[sqlx(transparent)]
pub struct AccountId(pub Uuid);

/// A session's id: what may be shown and named in a path. It is no secret; the token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Type)]
#[sqlx(transparent)]
pub struct SessionId(pub Uuid);

/// An API key's id: what may be shown and named in a path. It is no secret; the token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Type)]
#[sqlx(transparent)]
pub struct ApiKeyId(pub Uuid);

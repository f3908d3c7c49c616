//! Extra members of a problem, each of the code it names.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{common::RateLimit, freshness::Method, wire::Secret};

/// Why a session was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The person signed out on that device.
    SignedOut,
    /// The person closed it from another device.
    ClosedElsewhere,
    /// The System Administrator closed it.
    ClosedByAdministrator,
    /// The password was changed on another device.
    PasswordChanged,
    /// Two-factor authentication was switched on or off on another device.
    TwoFactorChanged,
    /// The account was deleted.
    AccountDeleted,
}

/// Extra members of a problem, each of the code it names; absent elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[ts(optional_fields)]
pub struct Members {
    /// `session_closed`: why
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub close_reason: Option<CloseReason>,
    /// `too_many_requests`, `busy`: seconds until it makes sense to try again, as in `Retry-After`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub retry_after: Option<u32>,
    /// `too_many_requests`, and what an API key is refused with before its request is read: how often it may be used, as
    /// in the `RateLimit` headers
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rate_limit: Option<RateLimit>,
    /// `second_factor_required`: what the second step is made with; single use, for five minutes. Absent where the
    /// same request is sent again with the factor
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub transaction: Option<Secret>,
    /// `second_factor_required`: one of these will do. `insufficient_user_authentication`: each of these has to be
    /// proved, with a backup code in the place of a code where there is no authenticator app at hand
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub methods: Option<Vec<Method>>,
    /// `insufficient_user_authentication`: seconds a proof lasts
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max_age: Option<u32>,
    /// `invalid_code`, `invalid_field` at `/code`: the time of the service
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub server_time: Option<DateTime<Utc>>,
    /// Like `server_time`, where a wrong clock is why: seconds by which the clock of the authenticator app is ahead,
    /// negative where it is behind
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clock_offset: Option<i32>,
}

//! Attempts to connect an account: how one begins, how far it is, and what ends it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ConnectMethod, Integration};
use crate::{
    instance::Provider,
    wire::{Secret, given},
};

/// How to connect an account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// By which flow.
    pub method: ConnectMethod,
    /// Which host of the provider; may be left out where the administrator configured one alone.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 255)]
    #[ts(optional)]
    pub host: Option<String>,
    /// `authorization_code`: where the browser is sent back to, `http://127.0.0.1:PORT/callback` or
    /// `http://[::1]:PORT/callback`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 255)]
    #[ts(optional)]
    pub redirect_uri: Option<String>,
    /// The connection that gets the new token, where one is to work again. It has to be the same account.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub reconnect: Option<Uuid>,
}

/// An attempt to connect an account that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ConnectionAttempt {
    /// The attempt's id.
    pub id: Uuid,
    /// By which flow.
    pub method: ConnectMethod,
    /// Which provider.
    pub provider: Provider,
    /// Its host.
    pub host: String,
    /// `device`: what to type at the provider, as in `WDJB-MJHT`.
    #[schema(required)]
    pub user_code: Option<String>,
    /// `device`: where to type it.
    #[schema(required)]
    pub verification_uri: Option<String>,
    /// `device`: the same with the code in it, where the provider has one.
    #[schema(required)]
    pub verification_uri_complete: Option<String>,
    /// `authorization_code`: where to send the browser.
    #[schema(required)]
    pub authorization_url: Option<String>,
    /// `device`: seconds to wait before the next question.
    pub interval: u32,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttemptStatus {
    /// The person has not decided yet. Ask again after `interval` seconds.
    Pending,
    /// The account is connected.
    Connected,
    /// The person, or the provider for them, said no.
    Denied,
    /// It took too long.
    Expired,
    /// The provider refused it for another reason; `detail` says which.
    Failed,
}

/// How an attempt stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct AttemptState {
    /// How far it is.
    pub status: AttemptStatus,
    /// `pending`: seconds to wait before the next question. It grows where the provider asks for that.
    pub interval: u32,
    /// One sentence about what went wrong.
    #[schema(required)]
    pub detail: Option<String>,
    /// `connected`: the connection.
    #[schema(required)]
    pub integration: Option<Integration>,
}

/// An attempt to connect an account.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AttemptPath {
    /// The attempt's id
    pub id: Uuid,
}

/// What the browser brought back (RFC 6749 section 4.1.2, RFC 9207).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct FinishConnection {
    /// `state`, as it came.
    #[schema(max_length = 512)]
    pub state: String,
    /// `code`, where the person agreed.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub code: Option<Secret>,
    /// `error`, where they did not.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 512)]
    #[ts(optional)]
    pub error: Option<String>,
    /// `iss`, where it was sent.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 512)]
    #[ts(optional)]
    pub iss: Option<String>,
}

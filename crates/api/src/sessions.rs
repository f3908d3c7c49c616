//! Signing in, and the devices that are signed in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::{Caller, Page, PageQuery},
    endpoint::{Auth, Endpoint},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    profile::Profile,
    wire::{Created, Empty, Json, NoContent, Secret, given},
};

/// A device that is signed in. Null means unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Session {
    /// The session's id; it is not the token.
    pub id: Uuid,
    /// Whether this is the session that asked.
    pub current: bool,
    /// Browser or app.
    #[schema(required)]
    pub browser: Option<String>,
    /// Its version.
    #[schema(required)]
    pub browser_version: Option<String>,
    /// Operating system, with version where it is known.
    #[schema(required)]
    pub operating_system: Option<String>,
    /// Model of the device.
    #[schema(required)]
    pub model: Option<String>,
    /// Address of the last use; null for an app on the service's own computer.
    #[schema(required)]
    pub ip_address: Option<String>,
    /// Browser engine, with version where it is known.
    #[schema(required)]
    pub engine: Option<String>,
    /// CPU architecture, as in `amd64` or `arm64`.
    #[schema(required)]
    pub cpu_architecture: Option<String>,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When the person last proved who they are.
    pub last_authentication_at: DateTime<Utc>,
    /// When the session was last used, to about a minute.
    pub last_modified_at: DateTime<Utc>,
    /// When it ends if it is not used.
    pub expires_at: DateTime<Utc>,
}

/// What an app says about itself and its device when it signs in; browsers are read off their user agent. Of each value
/// the first 100 characters are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ClientInfo {
    /// Name of the app.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Version of the app.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<String>,
    /// Operating system, with version.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub operating_system: Option<String>,
    /// Model of the device.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// Rendering engine, with version.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub engine: Option<String>,
    /// CPU architecture.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cpu_architecture: Option<String>,
}

/// Who signs in, and with what.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// User name or e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// What the app says about itself.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub client: Option<ClientInfo>,
}

/// Something the person should see to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Few backup codes are left.
    BackupCodesLow,
}

/// A new session. The token is answered this once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct SignedIn {
    /// The session token.
    pub token: Secret,
    /// The session.
    pub session: Session,
    /// The person's profile.
    pub profile: Profile,
    /// Backup codes that can still be used; 0 without two-factor authentication.
    pub backup_codes_remaining: u32,
    /// What the person should see to.
    pub alerts: Vec<Alert>,
}

/// The second step of signing in: a code of the authenticator app or a backup code, never both.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 2, max_properties = 2)]
pub struct SecondFactor {
    /// What the first step answered with `second_factor_required`.
    pub transaction: Secret,
    /// A code of the authenticator app, six digits.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub code: Option<Secret>,
    /// A backup code; case, spaces and hyphens do not matter.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub backup_code: Option<Secret>,
}

/// One session.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SessionPath {
    /// An id, or `current`
    pub id: String,
}

/// How many sessions were closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Closed {
    /// The number.
    pub closed: u32,
}

/// Signs in with a password.
pub const SIGN_IN: Endpoint<NoParams, Json<SignIn>, Created<SignedIn>> =
    Endpoint::post("sign_in", "/v1/sessions").auth(Auth::Nobody).summary("Sign in with a password").errors(&[
        ErrorCode::InvalidCredentials,
        ErrorCode::SecondFactorRequired,
        ErrorCode::AccountDisabled,
        ErrorCode::TooManyRequests,
    ]);

/// Signs in with the second factor, after [`SIGN_IN`] answered `second_factor_required`.
///
/// A wrong code is `invalid_code` and may be tried again; ten pause the second step of the account for 15 minutes.
pub const SIGN_IN_SECOND_FACTOR: Endpoint<NoParams, Json<SecondFactor>, Created<SignedIn>> =
    Endpoint::post("sign_in_second_factor", "/v1/sessions/second-factor")
        .auth(Auth::Nobody)
        .summary("Sign in with the second factor")
        .errors(&[
            ErrorCode::TransactionEnded,
            ErrorCode::InvalidCode,
            ErrorCode::AccountDisabled,
            ErrorCode::SealingUnavailable,
            ErrorCode::TooManyRequests,
        ]);

/// Lists the devices that are signed in, the one used last first.
pub const LIST_SESSIONS: Endpoint<PageQuery, Empty, Json<Page<Session>>> =
    Endpoint::get("list_sessions", "/v1/me/sessions").summary("List the devices that are signed in");

/// Reads one session.
pub const GET_SESSION: Endpoint<SessionPath, Empty, Json<Session>> =
    Endpoint::get("get_session", "/v1/me/sessions/{id}").summary("Read one session").errors(&[ErrorCode::NotFound]);

/// Signs a device out.
pub const CLOSE_SESSION: Endpoint<SessionPath, Empty, NoContent> =
    Endpoint::delete("close_session", "/v1/me/sessions/{id}")
        .during_setup()
        .summary("Sign a device out")
        .errors(&[ErrorCode::NotFound]);

/// Signs all other devices out.
pub const CLOSE_OTHER_SESSIONS: Endpoint<NoParams, Empty, Json<Closed>> =
    Endpoint::delete("close_other_sessions", "/v1/me/sessions").summary("Sign all other devices out");

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    SIGN_IN.described(),
    SIGN_IN_SECOND_FACTOR.described(),
    LIST_SESSIONS.described(),
    GET_SESSION.described(),
    CLOSE_SESSION.described(),
    CLOSE_OTHER_SESSIONS.described(),
];

/// Signing in, and the devices that are signed in.
#[async_trait::async_trait]
pub trait SessionsApi: Send + Sync {
    /// [`SIGN_IN`]
    async fn sign_in(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn>;

    /// [`SIGN_IN_SECOND_FACTOR`]
    async fn sign_in_second_factor(&self, caller: &Caller, body: SecondFactor) -> ApiResult<SignedIn>;

    /// [`LIST_SESSIONS`]
    async fn list_sessions(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<Session>>;

    /// [`GET_SESSION`]
    async fn get_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<Session>;

    /// [`CLOSE_SESSION`]; `current` signs out.
    async fn close_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<()>;

    /// [`CLOSE_OTHER_SESSIONS`]
    async fn close_other_sessions(&self, caller: &Caller) -> ApiResult<Closed>;
}

//! Source code integration: accounts at GitHub and GitLab that a person has let the service reach.
//!
//! An account is connected by one of two OAuth 2.0 flows: device authorisation (RFC 8628), or an authorisation code with
//! PKCE (RFC 7636) and a loopback redirect (RFC 8252). Either is an attempt that lasts some minutes and ends in a
//! connection. The tokens stay with the service, sealed; nothing here answers them.

mod attempt;
mod repositories;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use self::{attempt::*, repositories::*};
use crate::{
    common::{Caller, Page},
    endpoint::Endpoint,
    freshness::{Freshness, RECENT},
    instance::Provider,
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Created, Empty, Json, NoContent},
};

/// Connections an account may have.
pub const MAX_INTEGRATIONS: u32 = 20;

/// A way to connect an account at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectMethod {
    /// A code that is typed at the provider (RFC 8628).
    Device,
    /// The browser comes back to a port of the person's own computer (RFC 8252), with PKCE (RFC 7636).
    AuthorizationCode,
}

/// Why a connection does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationFailure {
    /// The provider does not take the token any more: it was revoked there, or has ended. Connect it again.
    Revoked,
    /// The provider refused what was asked, as it does for accounts that are blocked.
    Refused,
    /// The provider could not be reached, or did not answer as one. The connection may be in order.
    Unreachable,
    /// The administrator has taken the provider away.
    NotConfigured,
    /// What the service keeps of the connection cannot be opened. Connect it again.
    Unreadable,
}

/// A connection, or a provider that could be connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Integration {
    /// Which kind of provider.
    pub provider: Provider,
    /// Its host, with the port where it is not the usual one, as in `github.com`.
    pub host: String,
    /// Whether an account is connected. The members below are null and empty where none is.
    pub connected: bool,
    /// The connection's id.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// The person's name there, as in `maren`.
    #[schema(required)]
    pub login: Option<String>,
    /// What was granted, in the provider's words; empty where it does not say.
    pub scopes: Vec<String>,
    /// What was asked for and not granted.
    pub missing_scopes: Vec<String>,
    /// When it was first connected.
    #[schema(required)]
    pub connected_at: Option<DateTime<Utc>>,
    /// When it was last looked at whether it works.
    #[schema(required)]
    pub checked_at: Option<DateTime<Utc>>,
    /// Whether it worked then.
    #[schema(required)]
    pub healthy: Option<bool>,
    /// Why it did not.
    #[schema(required)]
    pub failure: Option<IntegrationFailure>,
    /// One sentence about that, which says what to do.
    #[schema(required)]
    pub detail: Option<String>,
    /// When the token ends that is in use now; it is refreshed before, where the provider lets it. Null is never.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it is refreshed by itself.
    pub refreshable: bool,
    /// Where the person sees, and can take back, what they granted.
    #[schema(required)]
    pub manage_url: Option<String>,
    /// How an account can be connected; empty where the administrator has taken the provider away.
    pub methods: Vec<ConnectMethod>,
}

/// A provider.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ProviderPath {
    /// Which provider
    #[param(inline)]
    pub provider: Provider,
}

/// A connection.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct IntegrationPath {
    /// Which provider
    #[param(inline)]
    pub provider: Provider,
    /// Which connection; may be left out where there is one alone
    #[param(nullable = false)]
    pub id: Option<Uuid>,
}

/// What became of a connection's tokens at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Disconnected {
    /// Whether the provider has revoked them. Where it has not, they are forgotten here all the same.
    pub revoked: bool,
    /// Where the person can take back what they granted.
    #[schema(required)]
    pub manage_url: Option<String>,
}

/// Lists the connections, and the providers that could be connected: each that the administrator configured is there
/// at least once.
pub const LIST_INTEGRATIONS: Endpoint<NoParams, Empty, Json<Page<Integration>>> =
    Endpoint::get("list_integrations", "/v1/me/integrations").summary("List connections with providers of source code");

/// Begins to connect an account.
pub const CONNECT_INTEGRATION: Endpoint<ProviderPath, Json<Connect>, Created<ConnectionAttempt>> =
    Endpoint::post("connect_integration", "/v1/me/integrations/{provider}")
        .fresh(Freshness::Both(RECENT))
        .summary("Begin to connect an account at a provider")
        .errors(&[
            ErrorCode::Conflict,
            ErrorCode::NotFound,
            ErrorCode::ProviderUnavailable,
            ErrorCode::SealingUnavailable,
            ErrorCode::TooManyRequests,
        ]);

/// Asks whether the person has agreed at the provider (RFC 8628 section 3.4). Asked too early, it answers `pending`
/// without asking the provider.
pub const POLL_CONNECTION: Endpoint<AttemptPath, Empty, Json<AttemptState>> =
    Endpoint::post("poll_connection", "/v1/me/integration-attempts/{id}/poll")
        .summary("Ask whether the person has agreed at the provider")
        .errors(&[
            ErrorCode::Conflict,
            ErrorCode::NotFound,
            ErrorCode::ProviderUnavailable,
            ErrorCode::SealingUnavailable,
        ]);

/// Ends an attempt with what the browser brought back.
pub const FINISH_CONNECTION: Endpoint<AttemptPath, Json<FinishConnection>, Json<AttemptState>> =
    Endpoint::post("finish_connection", "/v1/me/integration-attempts/{id}/finish")
        .summary("Connect the account with what the browser brought back")
        .errors(&[
            ErrorCode::Conflict,
            ErrorCode::NotFound,
            ErrorCode::ProviderUnavailable,
            ErrorCode::SealingUnavailable,
        ]);

/// Gives an attempt up.
pub const CANCEL_CONNECTION: Endpoint<AttemptPath, Empty, NoContent> =
    Endpoint::delete("cancel_connection", "/v1/me/integration-attempts/{id}")
        .summary("Give an attempt to connect an account up")
        .errors(&[ErrorCode::NotFound]);

/// Disconnects an account: its tokens are revoked at the provider where that can be done, and forgotten.
pub const DISCONNECT_INTEGRATION: Endpoint<IntegrationPath, Empty, Json<Disconnected>> =
    Endpoint::delete("disconnect_integration", "/v1/me/integrations/{provider}")
        .summary("Disconnect an account at a provider")
        .errors(&[ErrorCode::Conflict, ErrorCode::NotFound]);

/// Looks whether a connection works: asks the provider who it is.
pub const CHECK_INTEGRATION: Endpoint<IntegrationPath, Empty, Json<Integration>> =
    Endpoint::post("check_integration", "/v1/me/integrations/{provider}/check")
        .summary("Look whether a connection works")
        .errors(&[ErrorCode::Conflict, ErrorCode::NotFound, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Lists the repositories a connection reaches.
pub const LIST_REPOSITORIES: Endpoint<RepositoriesQuery, Empty, Json<Page<Repository>>> =
    Endpoint::get("list_repositories", "/v1/me/integrations/{provider}/repositories")
        .summary("List the repositories a connection reaches")
        .errors(&[
            ErrorCode::Conflict,
            ErrorCode::ConnectionBroken,
            ErrorCode::NotFound,
            ErrorCode::ProviderUnavailable,
            ErrorCode::SealingUnavailable,
            // A token that was refreshed is written down, which a GET does not imply.
            ErrorCode::StorageFull,
            ErrorCode::StorageReadOnly,
            ErrorCode::TooManyRequests,
        ]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    LIST_INTEGRATIONS.described(),
    CONNECT_INTEGRATION.described(),
    POLL_CONNECTION.described(),
    FINISH_CONNECTION.described(),
    CANCEL_CONNECTION.described(),
    CHECK_INTEGRATION.described(),
    LIST_REPOSITORIES.described(),
    DISCONNECT_INTEGRATION.described(),
];

/// Source code integration. Where a connection is meant and none is named, `conflict` says that there are several.
#[async_trait::async_trait]
pub trait IntegrationsApi: Send + Sync {
    /// [`LIST_INTEGRATIONS`]
    async fn list_integrations(&self, caller: &Caller) -> ApiResult<Page<Integration>>;

    /// [`CONNECT_INTEGRATION`]. Answers `not_found` where the provider is not configured; `invalid_field` at `/host`,
    /// `/redirect_uri`, `/method` or `/reconnect`; `conflict` where there are [`MAX_INTEGRATIONS`] already.
    async fn connect_integration(
        &self,
        caller: &Caller,
        path: ProviderPath,
        body: Connect,
    ) -> ApiResult<ConnectionAttempt>;

    /// [`POLL_CONNECTION`]. Answers `not_found` where there is no such attempt, also where it has ended and was told;
    /// `conflict` where it is not a device's, or the connection could not be kept.
    async fn poll_connection(&self, caller: &Caller, path: AttemptPath) -> ApiResult<AttemptState>;

    /// [`FINISH_CONNECTION`]. Answers `incorrect` at `/state` or `/iss` where they are not those of the attempt, and
    /// the attempt goes on; `missing` at `/code` where there is neither code nor error.
    async fn finish_connection(
        &self,
        caller: &Caller,
        path: AttemptPath,
        body: FinishConnection,
    ) -> ApiResult<AttemptState>;

    /// [`CANCEL_CONNECTION`]
    async fn cancel_connection(&self, caller: &Caller, path: AttemptPath) -> ApiResult<()>;

    /// [`CHECK_INTEGRATION`]. That it does not work is no problem: the answer says so.
    async fn check_integration(&self, caller: &Caller, path: IntegrationPath) -> ApiResult<Integration>;

    /// [`LIST_REPOSITORIES`]
    async fn list_repositories(&self, caller: &Caller, query: RepositoriesQuery) -> ApiResult<Page<Repository>>;

    /// [`DISCONNECT_INTEGRATION`]
    async fn disconnect_integration(&self, caller: &Caller, path: IntegrationPath) -> ApiResult<Disconnected>;
}

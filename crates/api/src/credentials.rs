//! Credentials for tools on the person's computer: what `git` and container tools sign in with.
//!
//! A session reads none until somebody has said so with a fresh proof. From then on it hands them out without asking, as
//! a helper of `git` has to, until it is taken back or the session ends.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    common::Caller,
    endpoint::Endpoint,
    freshness::{Freshness, RECENT},
    instance::Provider,
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Empty, Json, NoContent, Secret, given},
};

/// Seconds a password for the service's own registry lasts.
pub const REGISTRY_PASSWORD_SECONDS: u32 = 300;

/// Whether this session may read credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct CredentialAccess {
    /// Since when; null where it may not.
    #[schema(required)]
    pub allowed_since: Option<DateTime<Utc>>,
}

/// Which repository somebody is about to reach.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct GitCredentialRequest {
    /// The host, with the port where it is not the usual one, as `git` says it.
    #[schema(min_length = 1, max_length = 255)]
    pub host: String,
    /// The person's name there, where several accounts are connected; otherwise the one connected first.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 255)]
    #[ts(optional)]
    pub username: Option<String>,
}

/// What `git` signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GitCredential {
    /// Which kind of provider it is for.
    pub provider: Provider,
    /// The user name.
    pub username: String,
    /// The token that stands for a password.
    pub password: Secret,
    /// When it ends; null is never. It is good for at least a minute.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Which registry somebody is about to reach.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct RegistryCredentialRequest {
    /// The host, as container tools say it; normalised like that of a registry to authorise.
    #[schema(min_length = 1, max_length = 255)]
    pub host: String,
}

/// What container tools sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistryCredential {
    /// The host it is for, normalised.
    pub host: String,
    /// The user name.
    pub username: String,
    /// The password. For the service's own registry one that was made for this answer.
    pub password: Secret,
    /// When it ends: after five minutes for the service's own registry; null for others, as nobody knows.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Says whether this session may read credentials.
pub const GET_CREDENTIAL_ACCESS: Endpoint<NoParams, Empty, Json<CredentialAccess>> =
    Endpoint::get("get_credential_access", "/v1/me/credential-access")
        .summary("Say whether this session may read credentials");

/// Lets this session read credentials.
pub const ALLOW_CREDENTIALS: Endpoint<NoParams, Empty, Json<CredentialAccess>> =
    Endpoint::put("allow_credentials", "/v1/me/credential-access")
        .fresh(Freshness::Both(RECENT))
        .summary("Let this session read credentials for git and container tools");

/// Takes that back.
pub const REFUSE_CREDENTIALS: Endpoint<NoParams, Empty, NoContent> =
    Endpoint::delete("refuse_credentials", "/v1/me/credential-access")
        .summary("Keep this session from reading credentials");

/// Answers what `git` signs in with at a connected provider.
pub const GET_GIT_CREDENTIAL: Endpoint<NoParams, Json<GitCredentialRequest>, Json<GitCredential>> =
    Endpoint::post("get_git_credential", "/v1/me/git-credential")
        .summary("Answer what git signs in with at a connected provider")
        .errors(&[
            ErrorCode::ConnectionBroken,
            ErrorCode::CredentialsNotAllowed,
            ErrorCode::NotFound,
            ErrorCode::ProviderUnavailable,
            ErrorCode::SealingUnavailable,
        ]);

/// Answers what container tools sign in with at an authorised registry, or at the service's own.
pub const GET_REGISTRY_CREDENTIAL: Endpoint<NoParams, Json<RegistryCredentialRequest>, Json<RegistryCredential>> =
    Endpoint::post("get_registry_credential", "/v1/me/registry-credential")
        .summary("Answer what container tools sign in with at a registry")
        .errors(&[ErrorCode::CredentialsNotAllowed, ErrorCode::NotFound, ErrorCode::SealingUnavailable]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    GET_CREDENTIAL_ACCESS.described(),
    ALLOW_CREDENTIALS.described(),
    REFUSE_CREDENTIALS.described(),
    GET_GIT_CREDENTIAL.described(),
    GET_REGISTRY_CREDENTIAL.described(),
];

/// Credentials for tools. `credentials_not_allowed` is answered to a session that was not let.
#[async_trait::async_trait]
pub trait CredentialsApi: Send + Sync {
    /// [`GET_CREDENTIAL_ACCESS`]
    async fn get_credential_access(&self, caller: &Caller) -> ApiResult<CredentialAccess>;

    /// [`ALLOW_CREDENTIALS`]
    async fn allow_credentials(&self, caller: &Caller) -> ApiResult<CredentialAccess>;

    /// [`REFUSE_CREDENTIALS`]
    async fn refuse_credentials(&self, caller: &Caller) -> ApiResult<()>;

    /// [`GET_GIT_CREDENTIAL`]. Answers `not_found` where nothing is connected for the host, or not under that name.
    async fn get_git_credential(&self, caller: &Caller, body: GitCredentialRequest) -> ApiResult<GitCredential>;

    /// [`GET_REGISTRY_CREDENTIAL`]. Answers `not_found` where the registry is not authorised.
    async fn get_registry_credential(
        &self,
        caller: &Caller,
        body: RegistryCredentialRequest,
    ) -> ApiResult<RegistryCredential>;
}

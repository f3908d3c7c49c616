//! Container registries: credentials for private registries of other people, looked at before they are kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::{Caller, Page, PageQuery},
    endpoint::Endpoint,
    freshness::{Freshness, RECENT},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Created, Empty, Json, NoContent, Secret, given},
};

/// Registries an account may authorise.
pub const MAX_CONTAINER_REGISTRIES: u32 = 50;

/// Whether a registry took the credentials when they were last tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum RegistryStatus {
    /// It did.
    Verified,
    /// It did not, or could not be asked.
    Failed,
}

/// Why a registry did not take the credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum RegistryFailure {
    /// It refused user name and password.
    CredentialsRefused,
    /// It could not be reached.
    Unreachable,
    /// Its certificate cannot be trusted.
    CertificateInvalid,
    /// It speaks no TLS. Only a registry on the service's own computer may do so.
    NotEncrypted,
    /// What answers is no container registry.
    NotARegistry,
    /// The service may not connect to that address.
    AddressRefused,
    /// It answered that it is busy, or that something went wrong in it.
    Unavailable,
    /// What the service keeps of the password cannot be opened.
    Unreadable,
}

/// A registry the account is authorised at. The password is never answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ContainerRegistry {
    /// Its id.
    pub id: Uuid,
    /// Its host as images name it, with the port where it is not the usual one, as in `ghcr.io`.
    pub host: String,
    /// The user name there.
    pub username: String,
    /// Whether it took the credentials when they were last tried.
    pub status: RegistryStatus,
    /// Why it did not.
    #[schema(required)]
    pub failure: Option<RegistryFailure>,
    /// One sentence about that, which says what to do.
    #[schema(required)]
    pub detail: Option<String>,
    /// When they were last tried.
    pub checked_at: DateTime<Utc>,
    /// When it was authorised.
    pub created_at: DateTime<Utc>,
}

/// A registry to authorise.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct AuthoriseRegistry {
    /// Its host, perhaps with a port. A scheme, a path and capitals are taken off; `docker.io` stands for all names of
    /// Docker Hub.
    #[schema(min_length = 1, max_length = 255)]
    pub host: String,
    /// The user name there, 1 to 255 characters on one line.
    #[schema(min_length = 1, max_length = 255)]
    pub username: String,
    /// The password, or a token that stands for one.
    pub password: Secret,
    /// Keep it only if the registry takes it. A refusal then is `invalid_field` at `/host` or `/password`, and nothing
    /// is kept. False where nothing is said: what is kept then says `failed`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub only_if_verified: Option<bool>,
}

/// New credentials for a registry.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct UpdateRegistry {
    /// Another user name; the same where nothing is said.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    #[ts(optional)]
    pub username: Option<String>,
    /// The new password or token.
    pub password: Secret,
    /// As for a new one.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub only_if_verified: Option<bool>,
}

/// One registry.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RegistryPath {
    /// Its id
    pub id: Uuid,
}

/// Lists the registries, the newest first.
pub const LIST_CONTAINER_REGISTRIES: Endpoint<PageQuery, Empty, Json<Page<ContainerRegistry>>> =
    Endpoint::get("list_container_registries", "/v1/me/container-registries").summary("List the container registries");

/// Authorises a registry: signs in there (`GET /v2/`) and keeps the credentials.
pub const AUTHORISE_REGISTRY: Endpoint<NoParams, Json<AuthoriseRegistry>, Created<ContainerRegistry>> =
    Endpoint::post("authorise_registry", "/v1/me/container-registries")
        .fresh(Freshness::Both(RECENT))
        .summary("Authorise a container registry")
        .errors(&[ErrorCode::Conflict, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Puts new credentials in the place of the old ones.
pub const UPDATE_REGISTRY: Endpoint<RegistryPath, Json<UpdateRegistry>, Json<ContainerRegistry>> =
    Endpoint::patch("update_registry", "/v1/me/container-registries/{id}")
        .fresh(Freshness::Both(RECENT))
        .summary("Update the password for a container registry")
        .errors(&[ErrorCode::NotFound, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Tries the credentials again.
pub const CHECK_REGISTRY: Endpoint<RegistryPath, Empty, Json<ContainerRegistry>> =
    Endpoint::post("check_registry", "/v1/me/container-registries/{id}/check")
        .summary("Try the credentials for a container registry again")
        .errors(&[ErrorCode::NotFound, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Removes a registry: its credentials are forgotten.
pub const REMOVE_REGISTRY: Endpoint<RegistryPath, Empty, NoContent> =
    Endpoint::delete("remove_registry", "/v1/me/container-registries/{id}")
        .summary("Remove a container registry")
        .errors(&[ErrorCode::NotFound]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    LIST_CONTAINER_REGISTRIES.described(),
    AUTHORISE_REGISTRY.described(),
    UPDATE_REGISTRY.described(),
    CHECK_REGISTRY.described(),
    REMOVE_REGISTRY.described(),
];

/// Container registries.
#[async_trait::async_trait]
pub trait ContainerRegistriesApi: Send + Sync {
    /// [`LIST_CONTAINER_REGISTRIES`]
    async fn list_container_registries(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<ContainerRegistry>>;

    /// [`AUTHORISE_REGISTRY`]. Answers `invalid_field` at `/host` (`taken` where it is authorised already), `/username`
    /// and `/password`, and `conflict` where there are [`MAX_CONTAINER_REGISTRIES`] already.
    async fn authorise_registry(&self, caller: &Caller, body: AuthoriseRegistry) -> ApiResult<ContainerRegistry>;

    /// [`UPDATE_REGISTRY`]
    async fn update_registry(
        &self,
        caller: &Caller,
        path: RegistryPath,
        body: UpdateRegistry,
    ) -> ApiResult<ContainerRegistry>;

    /// [`CHECK_REGISTRY`]. That it fails is no problem: the answer says so.
    async fn check_registry(&self, caller: &Caller, path: RegistryPath) -> ApiResult<ContainerRegistry>;

    /// [`REMOVE_REGISTRY`]
    async fn remove_registry(&self, caller: &Caller, path: RegistryPath) -> ApiResult<()>;
}

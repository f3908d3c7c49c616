//! API keys: what scripts and tools sign in with.
//!
//! Everybody may have one personal key, which can be read again after a fresh proof, and named keys, whose token is
//! answered once. Nothing here can be done with a key: a key makes no keys and shows none.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::{Caller, Page, PageQuery},
    endpoint::Endpoint,
    freshness::{Freshness, RECENT, STRICT},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Created, Empty, Json, NoContent, Secret, given},
};

/// Named keys an account may have.
pub const MAX_API_KEYS: u32 = 100;

/// Days a named key lasts where nothing is said.
pub const DEFAULT_DAYS: u32 = 90;

/// A key that ends within so many days is pointed out.
pub const ENDING_SOON_DAYS: u32 = 14;

/// What a named key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The REST API.
    Api,
    /// The container registry that belongs to the service.
    Registry,
}

/// The personal API key, without the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct PersonalApiKey {
    /// Whether there is one.
    pub exists: bool,
    /// Its prefix and last four characters, as in `lk_••••••••3f9a`; null where there is none.
    #[schema(required)]
    pub masked: Option<String>,
    /// When it was generated.
    #[schema(required)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last used; null where it never was.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The personal API key itself.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct RevealedApiKey {
    /// The key: `lk_…`.
    pub api_key: Secret,
}

/// A named key to create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What it is for, 1 to 100 characters on one line.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000][^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
    )]
    pub name: String,
    /// What it may be used for; at least one, none twice.
    #[schema(value_type = std::collections::BTreeSet<Scope>, min_items = 1, max_items = 2)]
    pub scopes: Vec<Scope>,
    /// When it ends. Where nothing is said, in 90 days or as late as the service allows; null is never, where the
    /// service allows that (`api_key_max_days` of the instance).
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    #[ts(optional, type = "string | null")]
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// A named key, without its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ApiKey {
    /// The key's id; no secret.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The last four characters of the token.
    pub last_four: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it ends or ended; null is never.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used; null where it never was.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// From which address; null where it never was used, or on the service's own computer.
    #[schema(required)]
    pub last_used_ip: Option<String>,
}

/// A named key that was just created, with its token, which is answered this once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct NewApiKey {
    /// The key's id; no secret.
    pub id: Uuid,
    /// The token: `lkt_…`.
    pub token: Secret,
    /// The user name to send with it to the registry.
    pub username: String,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The last four characters of the token.
    pub last_four: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it ends; null is never.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// One named key.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyPath {
    /// The key's id
    pub id: Uuid,
}

/// Describes the personal API key.
pub const GET_API_KEY: Endpoint<NoParams, Empty, Json<PersonalApiKey>> =
    Endpoint::get("get_api_key", "/v1/me/api-key").summary("Describe the personal API key");

/// Generates the personal API key. The one before fails from then on.
pub const GENERATE_API_KEY: Endpoint<NoParams, Empty, Created<RevealedApiKey>> =
    Endpoint::post("generate_api_key", "/v1/me/api-key")
        .fresh(Freshness::Both(STRICT))
        .summary("Generate the personal API key, in the place of the old one")
        .errors(&[ErrorCode::SealingUnavailable]);

/// Answers the personal API key. That it was shown is recorded.
pub const REVEAL_API_KEY: Endpoint<NoParams, Empty, Json<RevealedApiKey>> =
    Endpoint::post("reveal_api_key", "/v1/me/api-key/reveal")
        .fresh(Freshness::Both(RECENT))
        .summary("Show the personal API key")
        .errors(&[ErrorCode::NotFound, ErrorCode::SealingUnavailable]);

/// Lists the named keys, the newest first; those that have ended too.
pub const LIST_API_KEYS: Endpoint<PageQuery, Empty, Json<Page<ApiKey>>> =
    Endpoint::get("list_api_keys", "/v1/me/api-keys").summary("List the named API keys");

/// Creates a named key.
pub const CREATE_API_KEY: Endpoint<NoParams, Json<CreateApiKey>, Created<NewApiKey>> =
    Endpoint::post("create_api_key", "/v1/me/api-keys")
        .fresh(Freshness::Both(STRICT))
        .summary("Create a named API key")
        .errors(&[ErrorCode::Conflict]);

/// Deletes a named key. It fails from then on.
pub const DELETE_API_KEY: Endpoint<ApiKeyPath, Empty, NoContent> =
    Endpoint::delete("delete_api_key", "/v1/me/api-keys/{id}")
        .summary("Delete a named API key")
        .errors(&[ErrorCode::NotFound]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    GET_API_KEY.described(),
    GENERATE_API_KEY.described(),
    REVEAL_API_KEY.described(),
    LIST_API_KEYS.described(),
    CREATE_API_KEY.described(),
    DELETE_API_KEY.described(),
];

/// API keys.
#[async_trait::async_trait]
pub trait ApiKeysApi: Send + Sync {
    /// [`GET_API_KEY`]
    async fn get_api_key(&self, caller: &Caller) -> ApiResult<PersonalApiKey>;

    /// [`GENERATE_API_KEY`]
    async fn generate_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey>;

    /// [`REVEAL_API_KEY`]. Answers `not_found` where there is none.
    async fn reveal_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey>;

    /// [`LIST_API_KEYS`]
    async fn list_api_keys(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<ApiKey>>;

    /// [`CREATE_API_KEY`]. Answers `invalid_field` at `/name`, `/scopes` or `/expires_at`, and `conflict` where there
    /// are [`MAX_API_KEYS`] already.
    async fn create_api_key(&self, caller: &Caller, body: CreateApiKey) -> ApiResult<NewApiKey>;

    /// [`DELETE_API_KEY`]. Answers `not_found` where there is no such key.
    async fn delete_api_key(&self, caller: &Caller, path: ApiKeyPath) -> ApiResult<()>;
}

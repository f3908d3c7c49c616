//! Leaving: everything the service holds about the person as one document, and deleting the account.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    activity::Activity,
    api_keys::{ApiKey, PersonalApiKey},
    common::Caller,
    container_registries::ContainerRegistry,
    endpoint::Endpoint,
    freshness::{Freshness, RECENT},
    integrations::Integration,
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    profile::Profile,
    sessions::Session,
    ssh_keys::SshKey,
    two_factor::TwoFactor,
    wire::{Empty, Json, NoContent, Secret, given},
};

/// What deleting the account removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Deletion {
    /// The user name to type.
    pub username: String,
    /// Whether there is an uploaded picture.
    pub avatar: bool,
    /// Devices that are signed in.
    pub sessions: u32,
    /// API keys that can be used, the personal one among them.
    pub api_keys: u32,
    /// SSH keys.
    pub ssh_keys: u32,
    /// Connections with providers of source code.
    pub integrations: u32,
    /// Container registries.
    pub container_registries: u32,
    /// Events of the activity.
    pub events: u32,
    /// Backup codes that can still be used.
    pub backup_codes: u32,
    /// Whether a code of the authenticator app, or a backup code, has to be typed.
    pub code_required: bool,
    /// Days until somebody can take the user name again.
    pub username_held_days: u32,
}

/// Deleting the account. It cannot be undone.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct DeleteAccount {
    /// The user name, typed.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// A code of the authenticator app or a backup code, where two-factor authentication is on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub code: Option<Secret>,
}

/// Everything the service holds about a person, but for what is secret.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct Export {
    /// When this was put together.
    pub exported_at: DateTime<Utc>,
    /// The profile.
    pub profile: Profile,
    /// The uploaded picture at 512 pixels, as a `data:` URL; null where there is none.
    #[schema(required)]
    pub avatar: Option<String>,
    /// When the password was last changed.
    pub password_changed_at: DateTime<Utc>,
    /// How two-factor authentication stands.
    pub two_factor: TwoFactor,
    /// The devices that are signed in.
    pub sessions: Vec<Session>,
    /// The personal API key, without the key.
    pub api_key: PersonalApiKey,
    /// The named API keys, without their tokens.
    pub api_keys: Vec<ApiKey>,
    /// The SSH keys.
    pub ssh_keys: Vec<SshKey>,
    /// The connections with providers of source code, without their tokens.
    pub integrations: Vec<Integration>,
    /// The container registries, without their passwords.
    pub container_registries: Vec<ContainerRegistry>,
    /// Everything that happened, the newest first.
    pub events: Vec<Activity>,
}

/// Says what deleting the account removes.
pub const GET_DELETION: Endpoint<NoParams, Empty, Json<Deletion>> =
    Endpoint::get("get_deletion", "/v1/me/deletion").summary("Say what deleting the account removes");

/// Deletes the account: every row, picture and session, at once and for good.
///
/// What does not match is `incorrect` at `/username`, `/password` or `/code`.
pub const DELETE_ACCOUNT: Endpoint<NoParams, Json<DeleteAccount>, NoContent> =
    Endpoint::delete("delete_account", "/v1/me")
        .fresh(Freshness::InBody)
        .summary("Delete the account for good")
        .errors(&[ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Answers everything the service holds about the person.
pub const EXPORT_ACCOUNT: Endpoint<NoParams, Empty, Json<Export>> = Endpoint::get("export_account", "/v1/me/export")
    .fresh(Freshness::Both(RECENT))
    .summary("Answer everything the service holds about the person")
    // It is written down, which a GET does not imply.
    .errors(&[ErrorCode::StorageFull, ErrorCode::StorageReadOnly]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[GET_DELETION.described(), DELETE_ACCOUNT.described(), EXPORT_ACCOUNT.described()];

/// Leaving.
#[async_trait::async_trait]
pub trait DeletionApi: Send + Sync {
    /// [`GET_DELETION`]
    async fn get_deletion(&self, caller: &Caller) -> ApiResult<Deletion>;

    /// [`DELETE_ACCOUNT`]
    async fn delete_account(&self, caller: &Caller, body: DeleteAccount) -> ApiResult<()>;

    /// [`EXPORT_ACCOUNT`]
    async fn export_account(&self, caller: &Caller) -> ApiResult<Export>;
}

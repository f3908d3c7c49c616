//! SSH keys: public keys that let the person into repositories and machines, and the list `sshd` asks for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::{Caller, Page, PageQuery},
    endpoint::{Auth, Endpoint},
    freshness::{Freshness, RECENT},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Created, Empty, Json, NoContent, PlainText},
};

/// SSH keys an account may have.
pub const MAX_SSH_KEYS: u32 = 100;

/// A public key of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct SshKey {
    /// The key's id.
    pub id: Uuid,
    /// What the person calls it.
    pub name: String,
    /// The algorithm (RFC 4253 section 6.6), as in `ssh-ed25519`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Length of the key in bits, as `ssh-keygen -l` tells it.
    pub bits: u32,
    /// `SHA256:` and the base64 of the hash, as `ssh-keygen -l` tells it.
    pub fingerprint: String,
    /// The key as one line of a `.pub` file, without a comment.
    pub public_key: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// When `sshd` last asked for just this key; null where it never did.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A public key to add.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct AddSshKey {
    /// What to call it, 1 to 100 characters on one line.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000][^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
    )]
    pub name: String,
    /// One line of a `.pub` file.
    #[schema(min_length = 1, max_length = 16384)]
    pub public_key: String,
}

/// One SSH key.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SshKeyPath {
    /// The key's id
    pub id: Uuid,
}

/// Whose keys, and perhaps which.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AuthorizedKeysQuery {
    /// The person's user name
    pub username: String,
    /// Only the key with this fingerprint (`SHA256:…`), which counts as used then
    #[param(nullable = false)]
    pub fingerprint: Option<String>,
}

/// Lists the SSH keys, the newest first.
pub const LIST_SSH_KEYS: Endpoint<PageQuery, Empty, Json<Page<SshKey>>> =
    Endpoint::get("list_ssh_keys", "/v1/me/ssh-keys").auth(Auth::SessionOrKey).summary("List the SSH keys");

/// Adds an SSH key.
pub const ADD_SSH_KEY: Endpoint<NoParams, Json<AddSshKey>, Created<SshKey>> =
    Endpoint::post("add_ssh_key", "/v1/me/ssh-keys")
        .summary("Add an SSH key")
        .fresh(Freshness::Both(RECENT))
        .errors(&[ErrorCode::Conflict]);

/// Removes an SSH key. It lets nobody in any more.
pub const REMOVE_SSH_KEY: Endpoint<SshKeyPath, Empty, NoContent> =
    Endpoint::delete("remove_ssh_key", "/v1/me/ssh-keys/{id}")
        .summary("Remove an SSH key")
        .errors(&[ErrorCode::NotFound]);

/// What `AuthorizedKeysCommand` of `sshd` asks for: one line a key, nothing for somebody there is not.
pub const GET_AUTHORIZED_KEYS: Endpoint<AuthorizedKeysQuery, Empty, PlainText> =
    Endpoint::get("get_authorized_keys", "/v1/users/{username}/keys")
        .auth(Auth::Nobody)
        .summary("Read somebody's SSH keys as sshd asks for them");

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] =
    &[LIST_SSH_KEYS.described(), ADD_SSH_KEY.described(), REMOVE_SSH_KEY.described(), GET_AUTHORIZED_KEYS.described()];

/// SSH keys.
#[async_trait::async_trait]
pub trait SshKeysApi: Send + Sync {
    /// [`LIST_SSH_KEYS`]
    async fn list_ssh_keys(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<SshKey>>;

    /// [`ADD_SSH_KEY`]. Answers `invalid_field` at `/name`; at `/public_key` with a sentence that says what to do
    /// instead, `taken` where the account has it already; and `conflict` where there are [`MAX_SSH_KEYS`] already.
    async fn add_ssh_key(&self, caller: &Caller, body: AddSshKey) -> ApiResult<SshKey>;

    /// [`REMOVE_SSH_KEY`]. Answers `not_found` where there is no such key.
    async fn remove_ssh_key(&self, caller: &Caller, path: SshKeyPath) -> ApiResult<()>;

    /// [`GET_AUTHORIZED_KEYS`]. An unknown, disabled or unadmitted person has no keys.
    async fn get_authorized_keys(&self, caller: &Caller, query: AuthorizedKeysQuery) -> ApiResult<String>;
}

//! Creating an account.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    common::Caller,
    endpoint::{Auth, Endpoint},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    profile::Profile,
    wire::{Created, Json, Secret},
};

/// A new account. Its profile exists from then on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// 2 to 39 letters, digits, hyphens, underscores or dots; starts and ends with a letter or digit; case is kept but
    /// does not distinguish.
    #[schema(min_length = 2, max_length = 39, pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]$")]
    pub username: String,
    /// An e-mail address, at most 254 bytes.
    #[schema(format = "idn-email", max_length = 254)]
    pub email: String,
    /// The display name, 1 to 100 characters on one line.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000][^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
    )]
    pub name: String,
    /// The password, at most 1024 bytes; the rules are in `Instance`, and never allow fewer than 8 characters.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1024)]
    pub password: Secret,
}

/// Creates an account.
pub const CREATE_ACCOUNT: Endpoint<NoParams, Json<SignUp>, Created<Profile>> =
    Endpoint::post("create_account", "/v1/accounts").auth(Auth::Nobody).summary("Create an account").errors(&[
        ErrorCode::SignUpClosed,
        ErrorCode::SealingUnavailable,
        ErrorCode::TooManyRequests,
    ]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[CREATE_ACCOUNT.described()];

/// Creating accounts.
#[async_trait::async_trait]
pub trait AccountsApi: Send + Sync {
    /// [`CREATE_ACCOUNT`]
    async fn create_account(&self, caller: &Caller, body: SignUp) -> ApiResult<Profile>;
}

//! The password: when it was changed, changing it, proving it once more, and having forgotten it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    common::Caller,
    endpoint::{Auth, Endpoint},
    freshness::{Freshness, STRICT},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Empty, Json, NoContent, Secret, given},
};

/// What may be known about a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct PasswordStatus {
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// A change of the password.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password of now.
    pub current_password: Secret,
    /// The password from now on, at most 1024 bytes; the rules are in `Instance`, and never allow fewer than 8
    /// characters.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1024)]
    pub new_password: Secret,
    /// Whether all other devices are signed out; they are where nothing is said.
    #[serde(default = "yes")]
    #[schema(required = false, default = true)]
    #[ts(optional, as = "Option<bool>")]
    pub close_other_sessions: bool,
}

const fn yes() -> bool {
    true
}

/// Proving once more who one is. `code` or `backup_code`, never both, where two-factor authentication is on; the
/// password alone then serves the actions that ask for no second factor.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
#[schema(max_properties = 2)]
pub struct Reauthentication {
    /// The password.
    pub password: Secret,
    /// A code of the authenticator app, six digits.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub code: Option<Secret>,
    /// A backup code, which is spent by it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub backup_code: Option<Secret>,
}

/// When somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Reauthenticated {
    /// Now.
    pub authenticated_at: DateTime<Utc>,
}

/// Who forgot their password.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetRequest {
    /// User name or e-mail address.
    pub login: String,
}

/// A new password for somebody who forgot theirs, with the code that was mailed to them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
#[schema(max_properties = 4)]
pub struct PasswordReset {
    /// User name or e-mail address.
    pub login: String,
    /// The code out of the mail.
    pub code: Secret,
    /// The password from now on, at most 1024 bytes; the rules are in `Instance`, and never allow fewer than 8
    /// characters.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1024)]
    pub new_password: Secret,
    /// A code of the authenticator app, where two-factor authentication is on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub second_factor_code: Option<Secret>,
    /// Or a backup code, never both.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub backup_code: Option<Secret>,
}

/// Says when the password was changed.
pub const GET_PASSWORD_STATUS: Endpoint<NoParams, Empty, Json<PasswordStatus>> =
    Endpoint::get("get_password_status", "/v1/me/password").summary("Say when the password was last changed");

/// Changes the password.
pub const CHANGE_PASSWORD: Endpoint<NoParams, Json<ChangePassword>, NoContent> =
    Endpoint::put("change_password", "/v1/me/password")
        .fresh(Freshness::SecondFactor(STRICT))
        .summary("Change the password")
        .errors(&[ErrorCode::Conflict, ErrorCode::TooManyRequests]);

/// Proves once more who one is, for what asks for a fresh proof.
pub const REAUTHENTICATE: Endpoint<NoParams, Json<Reauthentication>, Json<Reauthenticated>> =
    Endpoint::post("reauthenticate", "/v1/me/reauthentication")
        .during_setup()
        .summary("Prove once more who one is")
        .errors(&[
            ErrorCode::InvalidCredentials,
            ErrorCode::InvalidCode,
            ErrorCode::SealingUnavailable,
            ErrorCode::TooManyRequests,
        ]);

/// Has a code mailed to the person, if there is one of that name. The answer never says whether there is.
pub const REQUEST_PASSWORD_RESET: Endpoint<NoParams, Json<PasswordResetRequest>, NoContent> =
    Endpoint::post("request_password_reset", "/v1/password-resets")
        .auth(Auth::Nobody)
        .summary("Have a code mailed for a forgotten password")
        .errors(&[ErrorCode::NotFound, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Sets a new password with the code out of the mail, and signs all devices out.
///
/// A wrong code is answered with `incorrect` at `/code`. Where two-factor authentication is on and no second factor
/// came along, the answer is `second_factor_required`, and the mailed code can be used again with one.
pub const RESET_PASSWORD: Endpoint<NoParams, Json<PasswordReset>, NoContent> =
    Endpoint::post("reset_password", "/v1/password-resets/complete")
        .auth(Auth::Nobody)
        .summary("Set a new password with the code out of the mail")
        .errors(&[
            ErrorCode::NotFound,
            ErrorCode::SecondFactorRequired,
            ErrorCode::InvalidCode,
            ErrorCode::SealingUnavailable,
            ErrorCode::TooManyRequests,
        ]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    GET_PASSWORD_STATUS.described(),
    CHANGE_PASSWORD.described(),
    REAUTHENTICATE.described(),
    REQUEST_PASSWORD_RESET.described(),
    RESET_PASSWORD.described(),
];

/// The password.
#[async_trait::async_trait]
pub trait PasswordApi: Send + Sync {
    /// [`GET_PASSWORD_STATUS`]
    async fn get_password_status(&self, caller: &Caller) -> ApiResult<PasswordStatus>;

    /// [`CHANGE_PASSWORD`]. A wrong current password is `incorrect` at `/current_password`.
    async fn change_password(&self, caller: &Caller, body: ChangePassword) -> ApiResult<()>;

    /// [`REAUTHENTICATE`]
    async fn reauthenticate(&self, caller: &Caller, body: Reauthentication) -> ApiResult<Reauthenticated>;

    /// [`REQUEST_PASSWORD_RESET`]. Answers `not_found` where the service sends no mail.
    async fn request_password_reset(&self, caller: &Caller, body: PasswordResetRequest) -> ApiResult<()>;

    /// [`RESET_PASSWORD`]. Answers `not_found` where the service sends no mail.
    async fn reset_password(&self, caller: &Caller, body: PasswordReset) -> ApiResult<()>;
}

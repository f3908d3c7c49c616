//! Two-factor authentication by an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds) and backup codes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::Caller,
    endpoint::{Auth, Endpoint},
    freshness::{Freshness, RECENT, STRICT},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{Created, Empty, Json, NoContent, Secret},
};

/// Backup codes of a set.
pub const BACKUP_CODES: u32 = 10;

/// At so many backup codes or fewer, the person is told to generate new ones.
pub const BACKUP_CODES_LOW: u32 = 3;

/// How two-factor authentication stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct TwoFactor {
    /// Whether signing in asks for a second factor.
    pub enabled: bool,
    /// Since when; null while it is off.
    #[schema(required)]
    pub enabled_at: Option<DateTime<Utc>>,
    /// Whether the System Administrator demands it.
    pub required_by_policy: bool,
    /// Whether the person may switch it off.
    pub can_disable: bool,
    /// Backup codes that can still be used, of 10; 0 while it is off.
    pub backup_codes_remaining: u32,
    /// Whether it is time to generate new ones.
    pub backup_codes_low: bool,
    /// When the codes in use were made; null while it is off.
    #[schema(required)]
    pub backup_codes_created_at: Option<DateTime<Utc>>,
}

/// What an authenticator app needs. Nothing is on yet.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct TwoFactorSetup {
    /// The secret in base 32 (RFC 4648), 160 bits.
    pub secret: Secret,
    /// The same as the URI authenticator apps read off a QR code.
    pub otpauth_uri: Secret,
    /// Until when a code must have been verified.
    pub expires_at: DateTime<Utc>,
}

/// A code of the authenticator app.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct VerifyTwoFactor {
    /// Six digits.
    pub code: Secret,
}

/// Backup codes, answered this once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct BackupCodes {
    /// Ten codes of the form `xxxxx-xxxxx`.
    pub backup_codes: Vec<Secret>,
}

/// New backup codes that replace the old ones once they are confirmed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
pub struct PendingBackupCodes {
    /// Names the set when it is confirmed.
    pub set_id: Uuid,
    /// Ten codes of the form `xxxxx-xxxxx`.
    pub backup_codes: Vec<Secret>,
}

/// One set of backup codes.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct BackupCodeSet {
    /// The set's id
    pub set_id: Uuid,
}

/// A backup code that somebody wants to know about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckBackupCode {
    /// Of the form `xxxxx-xxxxx`; case, spaces and hyphens do not matter.
    pub backup_code: Secret,
}

/// What a backup code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupCodeState {
    /// It signs in, once, and still does after it was looked at.
    Works,
    /// It was one of the codes in use, and has been used.
    Used,
    /// It is none of the codes in use: mistyped, of an earlier set, or somebody else's.
    Unknown,
}

/// What was found of a backup code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct CheckedBackupCode {
    /// What it is worth.
    pub state: BackupCodeState,
}

/// Says how two-factor authentication stands.
pub const GET_TWO_FACTOR: Endpoint<NoParams, Empty, Json<TwoFactor>> =
    Endpoint::get("get_two_factor", "/v1/me/two-factor")
        .auth(Auth::SessionOrKey)
        .during_setup()
        .summary("Say how two-factor authentication stands");

/// Begins to set two-factor authentication up. A setup begun earlier is forgotten.
pub const START_TWO_FACTOR: Endpoint<NoParams, Empty, Created<TwoFactorSetup>> =
    Endpoint::post("start_two_factor", "/v1/me/two-factor")
        .during_setup()
        .fresh(Freshness::Both(STRICT))
        .summary("Begin to set two-factor authentication up")
        .errors(&[ErrorCode::Conflict, ErrorCode::SealingUnavailable]);

/// Switches two-factor authentication on with a first code. Other devices are signed out.
pub const VERIFY_TWO_FACTOR: Endpoint<NoParams, Json<VerifyTwoFactor>, Json<BackupCodes>> =
    Endpoint::post("verify_two_factor", "/v1/me/two-factor/verify")
        .during_setup()
        .fresh(Freshness::Both(RECENT))
        .summary("Switch two-factor authentication on with a first code")
        .errors(&[ErrorCode::Conflict, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// Switches two-factor authentication off. Other devices are signed out.
pub const DISABLE_TWO_FACTOR: Endpoint<NoParams, Empty, NoContent> =
    Endpoint::delete("disable_two_factor", "/v1/me/two-factor")
        .fresh(Freshness::Both(STRICT))
        .summary("Switch two-factor authentication off")
        .errors(&[ErrorCode::Conflict, ErrorCode::RequiredByPolicy]);

/// Makes ten new backup codes. The old ones stay in use until the new ones are confirmed.
pub const GENERATE_BACKUP_CODES: Endpoint<NoParams, Empty, Created<PendingBackupCodes>> =
    Endpoint::post("generate_backup_codes", "/v1/me/backup-codes")
        .fresh(Freshness::Both(STRICT))
        .summary("Make new backup codes, which have to be confirmed")
        .errors(&[ErrorCode::Conflict, ErrorCode::SealingUnavailable]);

/// Puts new backup codes into use, once the person has saved them; all earlier ones are dead from then on.
pub const CONFIRM_BACKUP_CODES: Endpoint<BackupCodeSet, Empty, NoContent> =
    Endpoint::post("confirm_backup_codes", "/v1/me/backup-codes/{set_id}/confirm")
        .summary("Put new backup codes into use")
        .errors(&[ErrorCode::NotFound]);

/// Says what a backup code is worth without spending it, so that people can practise. It proves nothing: what asks for a
/// proof asks as before. A code that is unknown counts among the wrong second factors of the session, and one that is not
/// leaves their count as it is.
pub const CHECK_BACKUP_CODE: Endpoint<NoParams, Json<CheckBackupCode>, Json<CheckedBackupCode>> =
    Endpoint::post("check_backup_code", "/v1/me/backup-codes/check")
        .summary("Say what a backup code is worth, without spending it")
        .errors(&[ErrorCode::Conflict, ErrorCode::SealingUnavailable, ErrorCode::TooManyRequests]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[
    GET_TWO_FACTOR.described(),
    START_TWO_FACTOR.described(),
    VERIFY_TWO_FACTOR.described(),
    DISABLE_TWO_FACTOR.described(),
    GENERATE_BACKUP_CODES.described(),
    CONFIRM_BACKUP_CODES.described(),
    CHECK_BACKUP_CODE.described(),
];

/// Two-factor authentication and backup codes.
#[async_trait::async_trait]
pub trait TwoFactorApi: Send + Sync {
    /// [`GET_TWO_FACTOR`]
    async fn get_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactor>;

    /// [`START_TWO_FACTOR`]. Answers `conflict` where it is on already.
    async fn start_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactorSetup>;

    /// [`VERIFY_TWO_FACTOR`]. Answers `incorrect` at `/code`, with `clock_offset` where the clock is why, and
    /// `conflict` where nothing was begun, it expired, or it is on already.
    async fn verify_two_factor(&self, caller: &Caller, body: VerifyTwoFactor) -> ApiResult<BackupCodes>;

    /// [`DISABLE_TWO_FACTOR`]. Answers `conflict` where it is off.
    async fn disable_two_factor(&self, caller: &Caller) -> ApiResult<()>;

    /// [`GENERATE_BACKUP_CODES`]. Answers `conflict` where two-factor authentication is off.
    async fn generate_backup_codes(&self, caller: &Caller) -> ApiResult<PendingBackupCodes>;

    /// [`CONFIRM_BACKUP_CODES`]. Confirming twice is no error.
    async fn confirm_backup_codes(&self, caller: &Caller, path: BackupCodeSet) -> ApiResult<()>;

    /// [`CHECK_BACKUP_CODE`]. Answers `conflict` where two-factor authentication is off.
    async fn check_backup_code(&self, caller: &Caller, body: CheckBackupCode) -> ApiResult<CheckedBackupCode>;
}

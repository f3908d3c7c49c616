//! A new e-mail address replaces the old one when a code that was mailed to it is entered.
//!
//! `PATCH /v1/me` with another address begins that where the service sends mail, and mails a new code when it is sent
//! again. Where the service sends none, the address is changed at once.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    common::Caller,
    endpoint::Endpoint,
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    profile::Profile,
    wire::{Empty, Json, Secret, Tagged, Versioned},
};

/// The code out of the mail.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmEmail {
    /// The code; case, spaces and hyphens do not matter.
    pub code: Secret,
}

/// Puts the new address in the place of the old one.
pub const CONFIRM_EMAIL: Endpoint<NoParams, Json<ConfirmEmail>, Tagged<Profile>> =
    Endpoint::post("confirm_email", "/v1/me/email/confirm")
        .summary("Confirm a new e-mail address with the mailed code")
        .errors(&[ErrorCode::Conflict, ErrorCode::SealingUnavailable]);

/// Gives a new address up.
pub const CANCEL_EMAIL_CHANGE: Endpoint<NoParams, Empty, Tagged<Profile>> =
    Endpoint::delete("cancel_email_change", "/v1/me/email/pending").summary("Give a new e-mail address up");

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[CONFIRM_EMAIL.described(), CANCEL_EMAIL_CHANGE.described()];

/// Confirming e-mail addresses.
#[async_trait::async_trait]
pub trait EmailApi: Send + Sync {
    /// [`CONFIRM_EMAIL`]. Answers `incorrect` at `/code`, `conflict` where no address waits or the code has expired,
    /// and `taken` at `/email` where another account has the address by now.
    async fn confirm_email(&self, caller: &Caller, body: ConfirmEmail) -> ApiResult<Versioned<Profile>>;

    /// [`CANCEL_EMAIL_CHANGE`]. That no address waits is no error.
    async fn cancel_email_change(&self, caller: &Caller) -> ApiResult<Versioned<Profile>>;
}

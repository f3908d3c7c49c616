//! Accounts and profiles.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    profile::{Profile, ProfilePatch},
    wire::{ETag, Secret},
};

/// One saved account.
#[derive(Debug, Deserialize, TS)]
pub struct AccountArgs {
    /// The place's id.
    pub place: String,
    /// The user name.
    pub username: String,
}

/// A password to rate.
#[derive(Debug, Deserialize, TS)]
pub struct RatePassword {
    /// The password.
    pub password: Secret,
    /// What it had better not resemble: the user name, the address, the display name.
    pub identity: Vec<String>,
}

/// How hard a password is to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PasswordStrength {
    /// zxcvbn score, 0 to 4; compare with [`PasswordRules::min_score`](crate::instance::PasswordRules).
    pub score: u8,
    /// Whether it is on the list of the most common and leaked passwords, which whoever guesses tries first.
    pub common: bool,
}

/// Who signs in.
#[derive(Debug, Deserialize, TS)]
pub struct SignInArgs {
    /// User name or e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret,
}

/// A profile and the version it was read at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileView {
    /// The profile.
    pub profile: Profile,
    /// Its version.
    pub etag: ETag,
}

/// A change of the profile.
#[derive(Debug, Deserialize, TS)]
pub struct UpdateProfile {
    /// The version the change was made on.
    pub etag: ETag,
    /// The change.
    pub patch: ProfilePatch,
}

/// Which page of a list.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ListArgs {
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// One session.
#[derive(Debug, Deserialize, TS)]
pub struct SessionArgs {
    /// Its id.
    pub id: String,
}

/// Text for the clipboard.
#[derive(Debug, Deserialize, TS)]
pub struct CopyText {
    /// The text.
    pub text: String,
}

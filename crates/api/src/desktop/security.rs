//! The second factor, backup codes, and files with what is secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::Section;
use crate::{activity::Category, wire::Secret};

/// The second step of signing in: one of the two.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SecondFactorArgs {
    /// A code of the authenticator app.
    pub code: Option<Secret>,
    /// A backup code.
    pub backup_code: Option<Secret>,
}

/// What the page shows while two-factor authentication is set up.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TwoFactorSetupView {
    /// The QR code; null where the picture did not read back as what it should say, so that the code has to be typed.
    pub qr: Option<QrPicture>,
    /// The secret in groups of four, to type into an authenticator app.
    pub manual_code: Vec<String>,
    /// What the QR code says. `get_expected_code` asks with it; the shell keeps none of this.
    pub otpauth_uri: Secret,
    /// Until when a code must have been verified.
    pub expires_at: DateTime<Utc>,
}

/// A QR code that was read back.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QrPicture {
    /// An SVG document, whole-pixel modules in black on white, four modules of margin.
    pub svg: String,
    /// Modules a side, margin included: the picture is sharp at whole multiples of it.
    pub modules: u32,
}

/// Which set-up it is about.
#[derive(Debug, Deserialize, TS)]
pub struct ExpectedCodeArgs {
    /// What its QR code says.
    pub otpauth_uri: Secret,
}

/// What an authenticator app should show now, while it is set up.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ExpectedCode {
    /// The code (RFC 6238), at the time of the service where that is known, and else at this computer's.
    pub code: Secret,
    /// Seconds it is shown for still, at least 1.
    pub seconds_left: u32,
    /// Seconds by which this computer's clock is ahead of the service's, negative where it is behind; null where they are
    /// one clock, or the service does not tell its time.
    pub clock_ahead: Option<i32>,
}

/// A first code of the authenticator app.
#[derive(Debug, Deserialize, TS)]
pub struct VerifyTwoFactorArgs {
    /// Six digits.
    pub code: Secret,
}

/// Ten backup codes to show.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BackupCodesView {
    /// The set to confirm once it was saved; null where the codes are in use already.
    pub set_id: Option<Uuid>,
    /// The codes.
    pub codes: Vec<Secret>,
    /// What the sheet on paper says beside them: the account.
    pub username: String,
    /// The place's name, with its host where it has one.
    pub server: String,
    /// When they were made.
    pub created_at: DateTime<Utc>,
}

/// One set of backup codes.
#[derive(Debug, Deserialize, TS)]
pub struct BackupCodeSetArgs {
    /// The set.
    pub set_id: Uuid,
}

/// Backup codes to write to a file.
#[derive(Debug, Deserialize, TS)]
pub struct SaveBackupCodes {
    /// The codes as they are shown.
    pub codes: Vec<Secret>,
    /// When they were made.
    pub created_at: DateTime<Utc>,
}

/// A file that was written, read back and compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedFile {
    /// Its name without the folder.
    pub name: String,
    /// The folder.
    pub folder: String,
}

/// A secret for the clipboard.
#[derive(Debug, Deserialize, TS)]
pub struct CopySecret {
    /// The text.
    pub text: Secret,
}

/// A secret on the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CopiedSecret {
    /// Seconds after which it is taken off again, if it is still there.
    pub clears_after: u32,
}

/// The code out of the mail.
#[derive(Debug, Deserialize, TS)]
pub struct ConfirmEmailArgs {
    /// The code.
    pub code: Secret,
}

/// Which page of the activity.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ListActivity {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Only what belongs to this.
    pub category: Option<Category>,
}

/// Somebody asked, outside of the window, to see a part of the account: by a notification, a link or the tray.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Request {
    /// A sign-in that may not be the person's own: close that session, then change the password.
    ReviewSignIn {
        /// The session.
        session_id: Uuid,
    },
    /// Few backup codes are left.
    GenerateBackupCodes,
    /// A page, and nothing but to see it. It interrupts no dialog.
    ShowSection {
        /// Which.
        section: Section,
    },
}

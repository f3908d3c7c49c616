//! What went wrong, as the window is told.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use crate::{
    freshness::Method,
    problem::{ErrorCode, FieldError},
};

/// What went wrong, for the table of messages.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Failure {
    /// What went wrong.
    pub code: FailureCode,
    /// One sentence about this occurrence.
    pub detail: Option<String>,
    /// One entry a bad field.
    pub errors: Vec<FieldError>,
    /// What to quote when asking the administrator.
    pub request_id: Option<String>,
    /// Seconds until it makes sense to try again.
    pub retry_after: Option<u32>,
    /// What has to be proved, where that is what is wrong.
    pub methods: Vec<Method>,
    /// Seconds by which the clock of the authenticator app is ahead of the service, where that is why a code is wrong.
    pub clock_offset: Option<i32>,
    /// The time of the service, where a code is wrong.
    pub server_time: Option<DateTime<Utc>>,
}

/// An error code of the API, or one of the shell's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(untagged)]
pub enum FailureCode {
    /// From the service or the way to it.
    Api(ErrorCode),
    /// From the shell.
    Shell(ShellCode),
}

/// What can go wrong in the shell alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShellCode {
    /// The person stopped it.
    Cancelled,
    /// The text is no address of a server.
    AddressInvalid,
    /// The address is not encrypted and not on this computer.
    AddressInsecure,
    /// The chosen file cannot be read.
    FileUnreadable,
    /// There is no picture on the clipboard.
    ClipboardEmpty,
    /// The clipboard cannot be used.
    ClipboardUnavailable,
    /// The keychain cannot be used.
    KeychainUnavailable,
    /// The picture was let go of meanwhile; choose it again.
    PictureGone,
    /// The account data on this computer was made by a newer version of the app.
    StorageNewer,
    /// Another program holds the account data.
    StorageLocked,
    /// The account data cannot be read or written by this person.
    StoragePermission,
    /// The file of the account data is not what it should be.
    StorageDamaged,
    /// No browser could be opened.
    BrowserUnavailable,
    /// The file could not be written, or did not read back as it was written.
    FileUnwritable,
    /// The disk has no room for the file.
    DiskFull,
    /// No print dialog could be opened.
    PrinterUnavailable,
}

impl From<ErrorCode> for FailureCode {
    fn from(code: ErrorCode) -> Self {
        Self::Api(code)
    }
}

impl From<ShellCode> for FailureCode {
    fn from(code: ShellCode) -> Self {
        Self::Shell(code)
    }
}

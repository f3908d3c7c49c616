//! What the window shows: a state machine, and what is known beside it.

use serde::Serialize;
use ts_rs::TS;

use super::{Failure, Place, ProfileView, Snapshot};
use crate::{freshness::Method, instance::Instance, problem::CloseReason, sessions::Alert};

/// What the window shows.
#[derive(Clone, Debug, Serialize, TS)]
pub struct View {
    /// Version of the app.
    pub version: String,
    /// Where the account is; null at the first run.
    pub place: Option<Place>,
    /// What that place says of itself; null until it was reached.
    pub instance: Option<Instance>,
    /// The screen.
    pub phase: Phase,
    /// Every place that is known on this computer, this one first.
    pub places: Vec<Place>,
    /// Every account that is signed in on this computer.
    pub accounts: Vec<SavedAccount>,
    /// Whether sessions can be kept.
    pub keychain: Keychain,
}

/// The screen: a state machine with one state a variant.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing was chosen yet: *Use this computer* or *Connect to a server*.
    FirstRun,
    /// The place was chosen and cannot be used; `retry` tries again.
    Unavailable {
        /// Why.
        failure: Failure,
    },
    /// Somebody has to sign in.
    SignedOut {
        /// Why the last session ended, where it was not the person's own doing here.
        reason: Option<SignedOutReason>,
        /// The user name to begin with.
        login: Option<String>,
    },
    /// The password was right; now the second factor.
    SecondFactor {
        /// Who signs in.
        login: String,
        /// One of these will do.
        methods: Vec<Method>,
    },
    /// Somebody is signed in.
    SignedIn {
        /// The profile as it was read last.
        profile: ProfileView,
        /// What the sign-in just now said; null for a session that was kept.
        arrival: Option<Arrival>,
        /// What was seen before, where the server has not been reached since the account was opened: all that is shown
        /// comes from it, the profile too.
        saved: Option<Box<Snapshot>>,
    },
}

/// What signing in said beside the profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Arrival {
    /// Whether a backup code was spent for it.
    pub by_backup_code: bool,
    /// Backup codes that are left; 0 without two-factor authentication.
    pub backup_codes_remaining: u32,
    /// What the person should see to.
    pub alerts: Vec<Alert>,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "by")]
pub enum SignedOutReason {
    /// It was closed.
    Closed(CloseReason),
    /// It was not used for long.
    Expired,
    /// The service does not know it.
    Unknown,
    /// The account was disabled.
    Disabled,
    /// The person deleted the account here.
    Deleted,
}

/// An account that is signed in on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedAccount {
    /// The place's id.
    pub place: String,
    /// The place's display name.
    pub place_name: String,
    /// The user name.
    pub username: String,
    /// The display name.
    pub name: String,
    /// Whether it is the one in the window.
    pub current: bool,
}

/// Whether tokens can be kept in the system's keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Keychain {
    /// When false, sessions are kept in memory and end with the app.
    pub available: bool,
    /// Why not, in one sentence.
    pub detail: Option<String>,
}

//! How recently somebody must have proved who they are (RFC 9470, step-up authentication).
//!
//! A session proves that somebody signed in once. What could lock its owner out, or hand the account over, asks for
//! more: the password, and the second factor where two-factor authentication is on, not long ago. Each endpoint says
//! what it asks for in its [`Meta::freshness`]; [`table`] reads them all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::endpoint::Meta;

/// What an action asks for beyond the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing.
    None,
    /// The password and, where it is on, the second factor, each proved at most this many seconds ago.
    Both(u32),
    /// The second factor where it is on, proved at most this many seconds ago. The password stands in the body.
    SecondFactor(u32),
    /// Password and second factor stand in the body and are checked with it.
    InBody,
}

/// For what changes how somebody gets in: five minutes.
pub const STRICT: u32 = 5 * 60;

/// For what can be undone or only reads: fifteen minutes.
pub const RECENT: u32 = 15 * 60;

/// A change of the e-mail address by `update_profile`. The rest of a profile asks for nothing.
pub const CHANGE_EMAIL: Freshness = Freshness::Both(RECENT);

/// The one table: every action that asks for a fresh proof, and what it asks for.
pub fn table() -> impl Iterator<Item = (&'static str, Freshness)> {
    let declared = crate::endpoints().map(|endpoint| (endpoint.meta.id, endpoint.meta.freshness));
    declared.chain([("update_profile (email)", CHANGE_EMAIL)]).filter(|(_, fresh)| *fresh != Freshness::None)
}

impl Meta {
    /// Whether the gate may answer `insufficient_user_authentication`.
    pub fn asks_for_proof(&self) -> bool {
        matches!(self.freshness, Freshness::Both(_) | Freshness::SecondFactor(_))
    }
}

/// A way to prove who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The password.
    Password,
    /// A code of the authenticator app (RFC 6238).
    Totp,
    /// One of the backup codes.
    BackupCode,
}

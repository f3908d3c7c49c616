//! Whose request it is, for the log.
//!
//! The edge gives each request a span with an empty field `account`; it is on every line that is logged meanwhile. Where
//! there is no such span, as in process, nothing is written.

use latchkey_store::AccountId;
use tracing::{Span, field::display};

/// Puts the account on the request's span. Called as soon as it is known, so that refusals after that have it as well: a
/// token was right, a key, or a login is somebody's. It is the opaque id, never a name.
pub(crate) fn name_account(account: AccountId) {
    Span::current().record("account", display(account.0));
}

//! Passwords: replacing a hash, and changing a password with everything that ends by it.
use crate::{
    CloseReason, Store,
    email_changes::forget_email_change,
    engine::{in_tx, on_pool, on_writer},
    error::{Error, Result},
    events::{CountedEvent, record},
    password_resets,
    sessions::close_all,
    sign_in_transactions,
    types::{AccountId, Micros, SessionId},
};

/// A new password.
pub struct PasswordChange {
    /// The hash of the password that was given as the current one; `None` where nobody had to know it.
    pub checked_phc: Option<String>,
    /// The hash of the new one, in PHC string format.
    pub new_phc: String,
    /// The session that changes it: it stays, and has proved the password just now.
    pub by: Option<SessionId>,
    /// Why the other sessions are closed; `None` where they stay.
    pub close: Option<CloseReason>,
    /// Now.
    pub now: Micros,
    /// What to write down, given how many sessions were closed.
    pub event: CountedEvent,
}

// Not a change of the password: `changed_at` stays.
const REHASH: &str = "UPDATE passwords SET phc = $3 WHERE account_id = $1 AND phc = $2";
const CHANGE: &str =
    "UPDATE passwords SET phc = $2, changed_at = $3 WHERE account_id = $1 AND ($4 IS NULL OR phc = $4)";
const CHANGED_AT: &str = "SELECT changed_at FROM passwords WHERE account_id = $1";
const PROVED: &str = "UPDATE sessions SET last_authentication_at = $3 \
    WHERE account_id = $1 AND session_id = $2 AND closed_at IS NULL AND expires_at > $3";

impl Store {
    /// When the password was last changed.
    pub async fn password_changed_at(&self, account: AccountId) -> Result<Option<Micros>> {
        on_pool!(self, |c| Ok(sqlx::query_scalar(CHANGED_AT).bind(account).fetch_optional(c).await?))
    }

    /// Replaces the hash of a password by another one of the same password, if it still is `expected_phc`; says whether
    /// it was.
    pub async fn rehash_password(&self, id: AccountId, expected_phc: &str, new_phc: &str) -> Result<bool> {
        let (expected_phc, new_phc) = (expected_phc.to_owned(), new_phc.to_owned());
        on_writer!(self, |c| {
            let done = sqlx::query(REHASH).bind(id).bind(&expected_phc).bind(&new_phc).execute(c).await?;
            Ok(done.rows_affected() == 1)
        })
    }

    /// Changes the password, ends other sessions, half-done sign-ins, mailed codes and an address that waits, and answers
    /// how many sessions it closed. `None` where the password is not the one that was checked any more; [`Error::Raced`] where the session
    /// that changes it was closed meanwhile.
    pub async fn change_password(&self, account: AccountId, change: PasswordChange) -> Result<Option<u64>> {
        in_tx!(self, account, |c| {
            let done = sqlx::query(CHANGE)
                .bind(account)
                .bind(&change.new_phc)
                .bind(change.now)
                .bind(&change.checked_phc)
                .execute(&mut *c)
                .await?;
            if done.rows_affected() == 0 {
                return Ok(None);
            }
            if let Some(session) = change.by {
                let proved = sqlx::query(PROVED).bind(account).bind(session).bind(change.now).execute(&mut *c).await?;
                if proved.rows_affected() == 0 {
                    return Err(Error::Raced);
                }
            }
            let closed = match change.close {
                Some(reason) => close_all!(c, account, change.by, reason, change.now),
                None => 0,
            };
            sqlx::query(sign_in_transactions::END_ALL).bind(account).execute(&mut *c).await?;
            sqlx::query(password_resets::END).bind(account).execute(&mut *c).await?;
            forget_email_change!(c, account, change.now);
            record!(c, account, &(change.event)(closed));
            Ok(Some(closed))
        })
    }
}

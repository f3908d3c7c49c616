//! A new e-mail address that waits for the code that was mailed to it. It claims nothing until then.
use sqlx::FromRow;

use crate::{
    NewMail, Store,
    accounts::{Account, account_columns},
    engine::{in_tx, on_writer},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    outbox::enqueue,
    types::{AccountId, Micros, SessionId},
};

/// A new address to wait for. It takes the place of one that waits already.
#[derive(Clone)]
pub struct NewEmailChange {
    /// As the person wrote it.
    pub email: String,
    /// Normalised e-mail address.
    pub email_key: String,
    /// Keyed hash of the code.
    pub code_hash: [u8; 32],
    /// Until when the code is taken.
    pub expires_at: Micros,
}

/// An address that waits, for one attempt at its code.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EmailChange {
    /// As the person wrote it.
    pub email: String,
    /// Keyed hash of the code.
    pub code_hash: Vec<u8>,
}

pub(crate) const START: &str = "INSERT INTO email_changes (account_id, email, email_key, code_hash, failures, \
    expires_at) VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, \
    email_key = excluded.email_key, code_hash = excluded.code_hash, failures = 0, expires_at = excluded.expires_at";
pub(crate) const DROP: &str = "DELETE FROM email_changes WHERE account_id = $1";
// Counted before the code is compared: no number of callers at once gets more attempts.
const ATTEMPT: &str = "UPDATE email_changes SET failures = failures + 1 \
    WHERE account_id = $1 AND failures < $2 AND expires_at > $3 RETURNING email, code_hash";
const RIGHT: &str = "UPDATE email_changes SET failures = failures - 1 \
    WHERE account_id = $1 AND code_hash = $2 AND failures > 0";
const FINISH: &str = "DELETE FROM email_changes WHERE account_id = $1 AND code_hash = $2 RETURNING email, email_key";
const OLD_KEY: &str = "SELECT email_key FROM accounts WHERE account_id = $1";
const SET: &str = concat!(
    "UPDATE accounts SET email = $2, email_key = $3, pending_email = NULL, updated_at = $4, version = version + 1 \
     WHERE account_id = $1 RETURNING ",
    account_columns!("")
);
const CANCEL: &str = concat!(
    "UPDATE accounts SET pending_email = NULL, updated_at = $2, version = version + 1 \
     WHERE account_id = $1 AND pending_email IS NOT NULL RETURNING ",
    account_columns!("")
);
pub(crate) const FORGET: &str = "UPDATE accounts SET pending_email = NULL, updated_at = $2, version = version + 1 \
    WHERE account_id = $1 AND pending_email IS NOT NULL";
pub(crate) const CLAIM_LOGIN: &str = "INSERT INTO logins (login_key, account_id) VALUES ($1, $2) \
    ON CONFLICT (login_key) DO NOTHING RETURNING login_key";
pub(crate) const RELEASE_LOGIN: &str = "DELETE FROM logins WHERE login_key = $1 AND account_id = $2";

/// Claims an address and releases the one before, where they differ; what was mailed to the one before opens the account
/// no more. `$c` is the connection of a transaction.
macro_rules! move_login {
    ($c:expr, $account:expr, $old_key:expr, $new_key:expr) => {{
        use $crate::{LoginKind, email_changes};
        let (account, old_key, new_key): ($crate::AccountId, &str, &str) = ($account, $old_key, $new_key);
        if old_key != new_key {
            let claimed = sqlx::query(email_changes::CLAIM_LOGIN)
                .bind(LoginKind::Email.login_key(new_key))
                .bind(account)
                .fetch_optional(&mut *$c)
                .await?;
            if claimed.is_none() {
                return Err($crate::Error::Taken(vec![LoginKind::Email]));
            }
            sqlx::query(email_changes::RELEASE_LOGIN)
                .bind(LoginKind::Email.login_key(old_key))
                .bind(account)
                .execute(&mut *$c)
                .await?;
            sqlx::query($crate::password_resets::END).bind(account).execute(&mut *$c).await?;
        }
    }};
}
pub(crate) use move_login;

/// Forgets an address that waits: whoever made it wait may not be the person who gets in from now on. `$c` is the
/// connection of a transaction.
macro_rules! forget_email_change {
    ($c:expr, $account:expr, $now:expr) => {{
        let (account, now): ($crate::AccountId, $crate::Micros) = ($account, $now);
        sqlx::query($crate::email_changes::DROP).bind(account).execute(&mut *$c).await?;
        sqlx::query($crate::email_changes::FORGET).bind(account).bind(now).execute(&mut *$c).await?;
    }};
}
pub(crate) use forget_email_change;

impl Store {
    /// Takes one of `most` attempts at the code of the address that waits. `None` where none waits, its time is over,
    /// or no attempt is left.
    pub async fn attempt_email_change(
        &self,
        account: AccountId,
        most: i64,
        now: Micros,
    ) -> Result<Option<EmailChange>> {
        on_writer!(self, |c| Ok(sqlx::query_as(ATTEMPT).bind(account).bind(most).bind(now).fetch_optional(c).await?))
    }

    /// Gives an attempt back: the code was right, and the address could not be taken all the same.
    pub async fn forgive_email_change(&self, account: AccountId, code_hash: [u8; 32]) -> Result<()> {
        on_writer!(self, |c| {
            sqlx::query(RIGHT).bind(account).bind(&code_hash[..]).execute(c).await?;
            Ok(())
        })
    }

    /// Puts the address that waits for this code in the place of the old one. `None` where none waits for it any more,
    /// [`Error::Taken`](crate::Error::Taken) where it belongs to another account by now,
    /// [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn confirm_email_change(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        code_hash: [u8; 32],
        now: Micros,
        event: NewEvent,
        mail: Option<NewMail>,
    ) -> Result<Option<Account>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            let Some((email, email_key)): Option<(String, String)> =
                sqlx::query_as(FINISH).bind(account).bind(&code_hash[..]).fetch_optional(&mut *c).await?
            else {
                return Ok(None);
            };
            let old_key: String = sqlx::query_scalar(OLD_KEY).bind(account).fetch_one(&mut *c).await?;
            let changed =
                sqlx::query_as(SET).bind(account).bind(&email).bind(&email_key).bind(now).fetch_one(&mut *c).await?;
            move_login!(c, account, &old_key, &email_key);
            record!(c, account, &event);
            if let Some(mail) = &mail {
                enqueue!(c, account, mail);
            }
            Ok(Some(changed))
        })
    }

    /// Gives the address that waits up. `None` where none waits, [`Error::Raced`](crate::Error::Raced) where the session
    /// that does it was closed meanwhile.
    pub async fn cancel_email_change(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        now: Micros,
        event: NewEvent,
    ) -> Result<Option<Account>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            sqlx::query(DROP).bind(account).execute(&mut *c).await?;
            let cancelled: Option<Account> =
                sqlx::query_as(CANCEL).bind(account).bind(now).fetch_optional(&mut *c).await?;
            if cancelled.is_some() {
                record!(c, account, &event);
            }
            Ok(cancelled)
        })
    }
}

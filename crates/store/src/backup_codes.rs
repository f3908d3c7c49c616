//! Backup codes: sets that wait to be confirmed, the one that is in use, and what is left of it.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store,
    engine::{in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    types::{AccountId, Micros, SessionId},
};

/// The codes in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct BackupCodes {
    /// How many can still be used.
    pub remaining: i64,
    /// When they were made; absent where there are none.
    pub created_at: Option<Micros>,
}

/// What became of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The set is in use from now on.
    Done,
    /// It was in use already.
    Again,
    /// There is no such set.
    Unknown,
}

pub(crate) const REMAINING: &str = "SELECT COUNT(*) FROM backup_codes b \
    JOIN backup_code_sets s ON s.account_id = b.account_id AND s.set_id = b.set_id \
    WHERE b.account_id = $1 AND b.used_at IS NULL AND s.confirmed_at IS NOT NULL";
pub(crate) const STATE: &str = "SELECT (SELECT COUNT(*) FROM backup_codes b \
    JOIN backup_code_sets s ON s.account_id = b.account_id AND s.set_id = b.set_id \
    WHERE b.account_id = $1 AND b.used_at IS NULL AND s.confirmed_at IS NOT NULL) AS remaining, \
    (SELECT MAX(created_at) FROM backup_code_sets WHERE account_id = $1 AND confirmed_at IS NOT NULL) AS created_at";
const DROP_PENDING_CODES: &str = "DELETE FROM backup_codes WHERE account_id = $1 AND set_id IN \
    (SELECT set_id FROM backup_code_sets WHERE account_id = $1 AND confirmed_at IS NULL)";
const DROP_PENDING: &str = "DELETE FROM backup_code_sets WHERE account_id = $1 AND confirmed_at IS NULL";
// Only where two-factor authentication is on.
const ADD_PENDING: &str = "INSERT INTO backup_code_sets (account_id, set_id, created_at) \
    SELECT account_id, $2, $3 FROM accounts WHERE account_id = $1 AND two_factor_since IS NOT NULL";
pub(crate) const ADD_CONFIRMED: &str =
    "INSERT INTO backup_code_sets (account_id, set_id, created_at, confirmed_at) VALUES ($1, $2, $3, $3)";
pub(crate) const ADD_CODE: &str = "INSERT INTO backup_codes (account_id, set_id, code_hash) VALUES ($1, $2, $3)";
pub(crate) const CONFIRM: &str = "UPDATE backup_code_sets SET confirmed_at = $3 \
    WHERE account_id = $1 AND set_id = $2 AND confirmed_at IS NULL";
const KNOWN: &str = "SELECT 1 FROM backup_code_sets WHERE account_id = $1 AND set_id = $2";
const DROP_OTHER_CODES: &str = "DELETE FROM backup_codes WHERE account_id = $1 AND set_id <> $2";
const DROP_OTHERS: &str = "DELETE FROM backup_code_sets WHERE account_id = $1 AND set_id <> $2";
pub(crate) const DROP_ALL_CODES: &str = "DELETE FROM backup_codes WHERE account_id = $1";
pub(crate) const DROP_ALL: &str = "DELETE FROM backup_code_sets WHERE account_id = $1";

impl Store {
    /// The codes in use.
    pub async fn backup_codes(&self, account: AccountId) -> Result<BackupCodes> {
        on_pool!(self, |c| Ok(sqlx::query_as(STATE).bind(account).fetch_one(c).await?))
    }

    /// Adds a set that waits to be confirmed, in the place of the one that waited before. `false` where two-factor
    /// authentication is off, [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn add_backup_codes(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        set: Uuid,
        code_hashes: Vec<[u8; 32]>,
        now: Micros,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            sqlx::query(DROP_PENDING_CODES).bind(account).execute(&mut *c).await?;
            sqlx::query(DROP_PENDING).bind(account).execute(&mut *c).await?;
            let added = sqlx::query(ADD_PENDING).bind(account).bind(set).bind(now).execute(&mut *c).await?;
            if added.rows_affected() == 0 {
                return Ok(false);
            }
            for hash in &code_hashes {
                sqlx::query(ADD_CODE).bind(account).bind(set).bind(&hash[..]).execute(&mut *c).await?;
            }
            Ok(true)
        })
    }

    /// Puts a set into use; all others are gone from then on. [`Error::Raced`](crate::Error::Raced) where the session that
    /// does it was closed meanwhile.
    pub async fn confirm_backup_codes(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        set: Uuid,
        now: Micros,
        event: NewEvent,
    ) -> Result<Confirmation> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            let confirmed = sqlx::query(CONFIRM).bind(account).bind(set).bind(now).execute(&mut *c).await?;
            if confirmed.rows_affected() == 0 {
                let known = sqlx::query(KNOWN).bind(account).bind(set).fetch_optional(&mut *c).await?;
                return Ok(if known.is_some() { Confirmation::Again } else { Confirmation::Unknown });
            }
            sqlx::query(DROP_OTHER_CODES).bind(account).bind(set).execute(&mut *c).await?;
            sqlx::query(DROP_OTHERS).bind(account).bind(set).execute(&mut *c).await?;
            record!(c, account, &event);
            Ok(Confirmation::Done)
        })
    }
}

//! Removing what nobody needs any more.
use std::time::Duration;

use uuid::Uuid;

use crate::{
    Store,
    engine::{Scope, in_tx, on_writer},
    error::Result,
    types::{AccountId, Micros},
};

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions that expired or were closed long ago.
    pub sessions: u64,
    /// Limits nobody is near to any more.
    pub throttles: u64,
    /// Codes for forgotten passwords whose time is over.
    pub password_resets: u64,
    /// Names that are not held any more.
    pub name_holds: u64,
    /// Second steps, setups and sets of backup codes that were begun and never finished, and wrong codes of long ago.
    pub second_factors: u64,
    /// Attempts to connect an account whose time was over for a while.
    pub integration_attempts: u64,
    /// Passwords for the service's own registry that have ended.
    pub registry_passwords: u64,
}

/// How long somebody who comes back can be told that an attempt took too long.
const TOLD: Duration = Duration::from_hours(1);

/// How long wrong codes are remembered, and new backup codes wait to be confirmed.
const A_DAY: Duration = Duration::from_hours(24);

/// Rows to a transaction: short enough that nobody notices waiting behind it.
const BATCH: u64 = 200;

pub(crate) const EXPIRED: &str = "DELETE FROM sessions WHERE (account_id, token_hash) IN (SELECT account_id, token_hash \
    FROM sessions WHERE closed_at IS NULL AND expires_at < $1 ORDER BY expires_at LIMIT 200)";
pub(crate) const CLOSED: &str = "DELETE FROM sessions WHERE (account_id, token_hash) IN (SELECT account_id, token_hash \
    FROM sessions WHERE closed_at IS NOT NULL AND closed_at < $1 ORDER BY closed_at LIMIT 200)";
// The condition stands twice: between finding and removing, another node may have counted an attempt.
pub(crate) const PASSED: &str = "DELETE FROM throttles WHERE tat < $1 AND throttle_key IN (SELECT throttle_key \
    FROM throttles WHERE tat < $1 ORDER BY tat LIMIT 200)";
pub(crate) const RESETS: &str = "DELETE FROM password_resets WHERE account_id IN (SELECT account_id \
    FROM password_resets WHERE expires_at < $1 ORDER BY expires_at LIMIT 200) AND expires_at < $1";
pub(crate) const HELD: &str = "DELETE FROM name_holds WHERE held_until < $1 AND name_hash IN (SELECT name_hash \
    FROM name_holds WHERE held_until < $1 ORDER BY held_until LIMIT 200)";
pub(crate) const TRANSACTIONS: &str = "DELETE FROM sign_in_transactions WHERE (account_id, transaction_hash) IN \
    (SELECT account_id, transaction_hash FROM sign_in_transactions WHERE expires_at < $1 ORDER BY expires_at LIMIT 200)";
pub(crate) const ATTEMPTS: &str = "DELETE FROM second_factor_attempts WHERE updated_at < $1 AND (account_id, door) IN \
    (SELECT account_id, door FROM second_factor_attempts WHERE updated_at < $1 ORDER BY updated_at LIMIT 200)";
pub(crate) const SETUPS: &str = "DELETE FROM two_factor WHERE enabled_at IS NULL AND expires_at < $1 AND account_id IN \
    (SELECT account_id FROM two_factor WHERE enabled_at IS NULL AND expires_at < $1 ORDER BY expires_at LIMIT 200)";
pub(crate) const PENDING_SETS: &str = "DELETE FROM backup_code_sets WHERE confirmed_at IS NULL \
    AND (account_id, set_id) IN (SELECT account_id, set_id FROM backup_code_sets \
    WHERE confirmed_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT 200) RETURNING account_id, set_id";
pub(crate) const CONNECTING: &str = "DELETE FROM integration_attempts WHERE expires_at < $1 \
    AND (account_id, attempt_id) IN (SELECT account_id, attempt_id FROM integration_attempts \
    WHERE expires_at < $1 ORDER BY expires_at LIMIT 200)";
pub(crate) const REGISTRY_PASSWORDS: &str = "DELETE FROM registry_passwords WHERE (account_id, token_hash) IN \
    (SELECT account_id, token_hash FROM registry_passwords WHERE expires_at < $1 ORDER BY expires_at LIMIT 200)";
const CODES_OF: &str = "DELETE FROM backup_codes WHERE account_id = $1 AND set_id = $2";

impl Store {
    /// Removes sessions that expired or were closed more than `keep_ended_for` ago (until then the person
    /// can be told why), limits whose time has passed and names that are not held any more. In small transactions, so that it may run at any
    /// time.
    pub async fn sweep(&self, now: Micros, keep_ended_for: Duration) -> Result<Swept> {
        let ended = now.saturating_sub(keep_ended_for);
        let sessions = self.remove(EXPIRED, ended).await? + self.remove(CLOSED, ended).await?;
        let throttles = self.remove(PASSED, now).await?;
        let name_holds = self.remove(HELD, now).await?;
        let password_resets = self.remove(RESETS, now).await?;
        let yesterday = now.saturating_sub(A_DAY);
        let second_factors = self.remove(TRANSACTIONS, now).await?
            + self.remove(ATTEMPTS, yesterday).await?
            + self.remove(SETUPS, now).await?
            + self.remove_pending_sets(yesterday).await?;
        let integration_attempts = self.remove(CONNECTING, now.saturating_sub(TOLD)).await?;
        let registry_passwords = self.remove(REGISTRY_PASSWORDS, now).await?;
        Ok(Swept {
            sessions,
            throttles,
            password_resets,
            name_holds,
            second_factors,
            integration_attempts,
            registry_passwords,
        })
    }

    /// Set and codes in one transaction: none is confirmed without its codes.
    async fn remove_pending_sets(&self, before: Micros) -> Result<u64> {
        let mut removed = 0;
        loop {
            let sets = in_tx!(self, Scope::Rows, |c| {
                let sets: Vec<(AccountId, Uuid)> = sqlx::query_as(PENDING_SETS).bind(before).fetch_all(&mut *c).await?;
                for (account, set) in &sets {
                    sqlx::query(CODES_OF).bind(account).bind(set).execute(&mut *c).await?;
                }
                Ok(sets.len() as u64)
            })?;
            removed += sets;
            if sets < BATCH {
                return Ok(removed);
            }
        }
    }

    async fn remove(&self, batch: &'static str, before: Micros) -> Result<u64> {
        let mut removed = 0;
        loop {
            let rows = on_writer!(self, |c| Ok(sqlx::query(batch).bind(before).execute(c).await?.rows_affected()))?;
            removed += rows;
            if rows < BATCH {
                return Ok(removed);
            }
        }
    }
}

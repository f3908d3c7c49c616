//! Removing what nobody needs any more.
use std::time::Duration;

use crate::{Store, engine::on_writer, error::Result, types::Micros};

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions that expired or were closed long ago.
    pub sessions: u64,
    /// Limits nobody is near to any more.
    pub throttles: u64,
    /// Names that are not held any more.
    pub name_holds: u64,
}

/// Rows to a transaction: short enough that nobody notices waiting behind it.
const BATCH: u64 = 200;

pub(crate) const EXPIRED: &str = "DELETE FROM sessions WHERE (account_id, token_hash) IN (SELECT account_id, token_hash \
    FROM sessions WHERE closed_at IS NULL AND expires_at < $1 ORDER BY expires_at LIMIT 200)";
pub(crate) const CLOSED: &str = "DELETE FROM sessions WHERE (account_id, token_hash) IN (SELECT account_id, token_hash \
    FROM sessions WHERE closed_at IS NOT NULL AND closed_at < $1 ORDER BY closed_at LIMIT 200)";
// The condition stands twice: between finding and removing, another node may have counted an attempt.
pub(crate) const PASSED: &str = "DELETE FROM throttles WHERE tat < $1 AND throttle_key IN (SELECT throttle_key \
    FROM throttles WHERE tat < $1 ORDER BY tat LIMIT 200)";
pub(crate) const HELD: &str = "DELETE FROM name_holds WHERE held_until < $1 AND name_hash IN (SELECT name_hash \
    FROM name_holds WHERE held_until < $1 ORDER BY held_until LIMIT 200)";

impl Store {
    /// Removes sessions that expired or were closed more than `keep_ended_for` ago (until then the person
    /// can be told why), limits whose time has passed and names that are not held any more. In small transactions, so that it may run at any
    /// time.
    pub async fn sweep(&self, now: Micros, keep_ended_for: Duration) -> Result<Swept> {
        let ended = now.saturating_sub(keep_ended_for);
        let sessions = self.remove(EXPIRED, ended).await? + self.remove(CLOSED, ended).await?;
        let throttles = self.remove(PASSED, now).await?;
        let name_holds = self.remove(HELD, now).await?;
        Ok(Swept { sessions, throttles, name_holds })
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

//! Wrong second factors, counted by the door they are tried at, before they are looked at: guesses that come at the same
//! time cannot be more than are allowed one after the other.
use std::time::Duration;

use sqlx::FromRow;

use crate::{
    Store,
    engine::{in_tx, on_writer},
    error::Result,
    types::{AccountId, Micros},
};

/// Whether a second factor may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may, and has been counted.
    Allowed {
        /// Whether it was the last one: unless it is right, the door is shut.
        last: bool,
    },
    /// The door is shut for now. Nothing was counted.
    Paused {
        /// Until when.
        until: Micros,
    },
}

/// A pause that ends so much later than one can last was written by a clock that was set back since.
const CLOCK_SLACK: Duration = Duration::from_mins(10);

// $3 now, $4 failures that shut the door, $5 until when it is shut then, $6 beyond which a stored end cannot be true
pub(crate) const COUNT: &str = "INSERT INTO second_factor_attempts (account_id, door, failures, paused_until, updated_at) \
    VALUES ($1, $2, 1, CASE WHEN $4 <= 1 THEN $5 END, $3) ON CONFLICT (account_id, door) DO UPDATE SET \
    failures = CASE WHEN second_factor_attempts.paused_until IS NULL THEN second_factor_attempts.failures + 1 ELSE 1 END, \
    paused_until = CASE WHEN second_factor_attempts.paused_until IS NULL \
    AND second_factor_attempts.failures + 1 >= $4 THEN $5 END, updated_at = $3 \
    WHERE second_factor_attempts.paused_until IS NULL OR second_factor_attempts.paused_until <= $3 \
    OR second_factor_attempts.paused_until > $6 RETURNING failures, paused_until";
const PAUSED_UNTIL: &str = "SELECT paused_until FROM second_factor_attempts WHERE account_id = $1 AND door = $2";
pub(crate) const FORGIVE: &str = "DELETE FROM second_factor_attempts WHERE account_id = $1 AND door = $2";
pub(crate) const FORGIVE_ALL: &str = "DELETE FROM second_factor_attempts WHERE account_id = $1";

#[derive(FromRow)]
struct Counted {
    paused_until: Option<Micros>,
}

impl Store {
    /// Counts an attempt at a door. The attempt number `limit` shuts it for `pause`, unless it is right and
    /// [forgiven](Store::forgive_second_factor).
    pub async fn count_second_factor(
        &self,
        account: AccountId,
        door: &str,
        limit: u32,
        pause: Duration,
        now: Micros,
    ) -> Result<Attempt> {
        let door = door.to_owned();
        let until = now.saturating_add(pause);
        let credible = until.saturating_add(CLOCK_SLACK);
        in_tx!(self, account, |c| {
            let counted: Option<Counted> = sqlx::query_as(COUNT)
                .bind(account)
                .bind(&door)
                .bind(now)
                .bind(i64::from(limit))
                .bind(until)
                .bind(credible)
                .fetch_optional(&mut *c)
                .await?;
            if let Some(counted) = counted {
                return Ok(Attempt::Allowed { last: counted.paused_until.is_some() });
            }
            let until: Option<Micros> =
                sqlx::query_scalar(PAUSED_UNTIL).bind(account).bind(&door).fetch_one(&mut *c).await?;
            Ok(Attempt::Paused { until: until.unwrap_or(now) })
        })
    }

    /// Forgets what was counted at a door.
    pub async fn forgive_second_factor(&self, account: AccountId, door: &str) -> Result<()> {
        let door = door.to_owned();
        on_writer!(self, |c| {
            sqlx::query(FORGIVE).bind(account).bind(&door).execute(c).await?;
            Ok(())
        })
    }
}

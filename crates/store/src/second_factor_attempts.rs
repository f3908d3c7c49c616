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
pub(crate) const PAUSED_UNTIL: &str =
    "SELECT paused_until FROM second_factor_attempts WHERE account_id = $1 AND door = $2";
// Whether the door is shut now: $3 now, $4 beyond which a stored end cannot be true
pub(crate) const PAUSED: &str = "SELECT paused_until FROM second_factor_attempts WHERE account_id = $1 AND door = $2 \
    AND paused_until > $3 AND paused_until <= $4";
pub(crate) const FORGIVE: &str = "DELETE FROM second_factor_attempts WHERE account_id = $1 AND door = $2";
pub(crate) const FORGIVE_ALL: &str = "DELETE FROM second_factor_attempts WHERE account_id = $1";

#[derive(FromRow)]
pub(crate) struct Counted {
    pub(crate) paused_until: Option<Micros>,
}

/// So many wrong ones shut a door for so long.
#[derive(Clone, Copy, Debug)]
pub struct AttemptLimit {
    /// Wrong ones, the last of which shuts it.
    pub attempts: u32,
    /// For how long.
    pub pause: Duration,
}

impl AttemptLimit {
    /// Until when a door is shut now, and beyond which moment a stored end cannot be true.
    pub(crate) fn ends(self, now: Micros) -> (Micros, Micros) {
        let until = now.saturating_add(self.pause);
        (until, until.saturating_add(CLOCK_SLACK))
    }
}

/// Counts an attempt at a door. `$c` is the connection of a transaction, `$door` a `&String`, `$limit` an
/// [`AttemptLimit`].
macro_rules! count_attempt {
    ($c:expr, $account:expr, $door:expr, $limit:expr, $now:expr) => {{
        let (account, now): ($crate::AccountId, $crate::Micros) = ($account, $now);
        let (door, limit): (&String, $crate::AttemptLimit) = ($door, $limit);
        let (until, credible) = limit.ends(now);
        let counted: Option<$crate::second_factor_attempts::Counted> =
            sqlx::query_as($crate::second_factor_attempts::COUNT)
                .bind(account)
                .bind(door)
                .bind(now)
                .bind(i64::from(limit.attempts))
                .bind(until)
                .bind(credible)
                .fetch_optional(&mut *$c)
                .await?;
        match counted {
            Some(counted) => $crate::Attempt::Allowed { last: counted.paused_until.is_some() },
            None => {
                let paused = sqlx::query_scalar($crate::second_factor_attempts::PAUSED_UNTIL);
                let until: Option<$crate::Micros> = paused.bind(account).bind(door).fetch_one(&mut *$c).await?;
                $crate::Attempt::Paused { until: until.unwrap_or(now) }
            }
        }
    }};
}
pub(crate) use count_attempt;

impl Store {
    /// Counts an attempt at a door. The last one that `limit` allows shuts it, unless it is right and
    /// [forgiven](Store::forgive_second_factor).
    pub async fn count_second_factor(
        &self,
        account: AccountId,
        door: &str,
        limit: AttemptLimit,
        now: Micros,
    ) -> Result<Attempt> {
        let door = door.to_owned();
        in_tx!(self, account, |c| Ok(count_attempt!(c, account, &door, limit, now)))
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

//! Limits by the generic cell rate algorithm (ITU-T I.371): one number a key, changed by one conditional
//! statement, so that they hold for any number of callers and survive a restart.
use std::time::Duration;

use crate::{
    Store,
    engine::{Engine, Scope, in_tx, on_writer},
    error::Result,
    types::{Micros, span_micros},
};

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// It may, and has been counted.
    Allowed,
    /// It may not, and has not been counted: waiting until `retry_at` is enough, however often it was tried.
    Refused {
        /// The first moment at which an attempt is allowed again, if nobody else comes first.
        retry_at: Micros,
    },
}

/// A limit of one key: `burst` at once (at least 1), then one every `step`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted.
    pub key: String,
    /// Between two attempts in the long run.
    pub step: Duration,
    /// At once.
    pub burst: u32,
}

impl Limit {
    fn tolerance(&self) -> i64 {
        span_micros(self.step).saturating_mul(i64::from(self.burst.saturating_sub(1)))
    }

    /// The last stored moment at which one more is allowed.
    fn allowed_until(&self, now: Micros) -> Micros {
        Micros(now.0.saturating_add(self.tolerance()))
    }

    /// Beyond which a stored moment cannot be true.
    fn credible(&self, now: Micros) -> Micros {
        self.allowed_until(now).saturating_add(self.step).saturating_add(CLOCK_SLACK)
    }
}

/// The limit that refused an attempt which was counted against several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its place among them. It was counted against those before, and not against those behind.
    pub by: usize,
    /// As in [`Charge::Refused`].
    pub retry_at: Micros,
}

/// How far ahead of a full limit a stored moment may lie before it is taken for the trace of a clock that
/// was set back. More than the clocks of several nodes ever differ; less than a person would wait.
const CLOCK_SLACK: Duration = Duration::from_mins(10);

// $2 now, $3 step, $4 the last moment at which one more is allowed, $5 beyond which a stored moment cannot be true
const CHARGE: &str = "INSERT INTO throttles (throttle_key, tat) VALUES ($1, $2 + $3) \
    ON CONFLICT (throttle_key) DO UPDATE SET tat = $3 + \
    CASE WHEN throttles.tat > $2 AND throttles.tat <= $5 THEN throttles.tat ELSE $2 END \
    WHERE throttles.tat <= $4 OR throttles.tat > $5 RETURNING tat";
pub(crate) const TAT: &str = "SELECT tat FROM throttles WHERE throttle_key = $1";
const FORGIVE: &str = "DELETE FROM throttles WHERE throttle_key = $1";

impl Store {
    /// Counts one attempt against the limit of `key`: `burst` at once (at least 1), then one every `step`.
    /// A refused attempt changes nothing, so nobody can lengthen somebody's wait by trying on.
    pub async fn charge(&self, key: &str, step: Duration, burst: u32, now: Micros) -> Result<Charge> {
        let refusal = self.charge_in_turn(vec![Limit { key: key.to_owned(), step, burst }], now).await?;
        Ok(refusal.map_or(Charge::Allowed, |Refusal { retry_at, .. }| Charge::Refused { retry_at }))
    }

    /// Counts one attempt against one limit after another, until one refuses it, in one transaction: a write to wait for
    /// instead of one for each. `None` where all allow it.
    pub async fn charge_in_turn(&self, limits: Vec<Limit>, now: Micros) -> Result<Option<Refusal>> {
        in_tx!(self, Scope::Rows, |c| {
            for (by, limit) in limits.iter().enumerate() {
                let charged = sqlx::query(CHARGE)
                    .bind(&limit.key)
                    .bind(now)
                    .bind(span_micros(limit.step))
                    .bind(limit.allowed_until(now))
                    .bind(limit.credible(now))
                    .fetch_optional(&mut *c)
                    .await?;
                if charged.is_some() {
                    continue;
                }
                let tat: Option<i64> = sqlx::query_scalar(TAT).bind(&limit.key).fetch_optional(&mut *c).await?;
                // Forgiven, or swept, between the two statements: then there is nothing to wait for any more.
                let retry_at = tat.map_or(now, |tat| Micros(tat.saturating_sub(limit.tolerance())));
                return Ok(Some(Refusal { by, retry_at }));
            }
            Ok(None)
        })
    }

    /// Whether it is known at once that [`charge_in_turn`](Self::charge_in_turn) would allow an attempt now: on SQLite, where
    /// looking costs next to nothing and counting waits for the disk. Counts nothing, so of many who ask at one time and
    /// are told so, some may be refused all the same.
    pub fn has_room(&self, limits: &[Limit], now: Micros) -> bool {
        let Engine::Sqlite(sqlite) = self.engine() else { return false };
        limits.iter().all(|limit| {
            self.counters().read();
            let tat: Option<Option<Micros>> = sqlite.direct().find(TAT, [&limit.key], |row| row.get(0));
            let full = |tat: Micros| tat > limit.allowed_until(now) && tat <= limit.credible(now);
            tat.is_some_and(|tat| !tat.is_some_and(full))
        })
    }

    /// Forgets what was counted against `key`, for instance after a successful sign-in.
    pub async fn forgive(&self, key: &str) -> Result<()> {
        let key = key.to_owned();
        on_writer!(self, |c| {
            sqlx::query(FORGIVE).bind(&key).execute(c).await?;
            Ok(())
        })
    }
}

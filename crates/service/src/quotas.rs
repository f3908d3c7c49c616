//! Quotas of requests in a minute, counted in memory: of API keys, and of sessions.
//!
//! The generic cell rate algorithm: each has one moment, until when what it has used is paid for; each request moves it on by
//! an equal share of the window. So a whole quota can be used at once, and comes back evenly.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::common::RateLimit;
use latchkey_store::Micros;

/// Seconds of a window.
const WINDOW: u32 = 60;

const SECOND: i64 = 1_000_000;

/// How far beyond a window a moment may lie before it is taken for the trace of a clock that was set back. Requests come a
/// little out of order, and clocks are corrected; that must give nobody a new quota.
const CLOCK_SLACK: i64 = 600 * SECOND;

/// How many are remembered at one time. Beyond that, those that have used the least of their quota are forgotten.
pub(crate) const MOST: usize = 100_000;

/// What each has used: until when it is paid for.
pub(crate) struct Quotas<Id>(Mutex<HashMap<Id, Micros>>);

impl<Id> Default for Quotas<Id> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Id: Copy + Eq + Hash> Quotas<Id> {
    /// Counts a request. `Err`, and it is not counted, where the quota is used up.
    pub(crate) fn take(&self, id: Id, quota: u32, now: Micros) -> Result<RateLimit, RateLimit> {
        let quota = quota.max(1);
        let (window, share) = shares(quota);
        let mut paid = self.lock();
        let until = still_paid(&paid, &id, now);
        let allowed = until + share <= window;
        let used = if allowed { until + share } else { until };
        if allowed {
            pay(&mut paid, id, used, now);
        }
        drop(paid);
        let remaining = ((window - used) / share).clamp(0, i64::from(quota) - i64::from(allowed));
        let next = used + (remaining + 1) * share - window;
        let reset = u32::try_from(next.max(0).saturating_add(SECOND - 1) / SECOND).unwrap_or(WINDOW);
        let remaining = u32::try_from(remaining).unwrap_or_default();
        let limit = RateLimit { quota, window: WINDOW, remaining, reset };
        if allowed { Ok(limit) } else { Err(limit) }
    }

    /// Counts what was let through elsewhere, beyond the quota if so.
    pub(crate) fn used_elsewhere(&self, id: Id, times: u32, quota: u32, now: Micros) {
        let (window, share) = shares(quota.max(1));
        let mut paid = self.lock();
        let used = still_paid(&paid, &id, now).saturating_add(share.saturating_mul(i64::from(times)));
        pay(&mut paid, id, used.min(window + CLOCK_SLACK), now);
    }

    /// Forgets those that have their whole quota again.
    pub(crate) fn tidy(&self, now: Micros) {
        self.lock().retain(|_, until| *until > now);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Micros>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A window, and what one request takes of it.
fn shares(quota: u32) -> (i64, i64) {
    let window = i64::from(WINDOW) * SECOND;
    (window, (window / i64::from(quota)).max(1))
}

/// For how long what was used is paid from now on.
fn still_paid<Id: Eq + Hash>(paid: &HashMap<Id, Micros>, id: &Id, now: Micros) -> i64 {
    let until = paid.get(id).map_or(0, |until| until.0.saturating_sub(now.0).max(0));
    if until > i64::from(WINDOW) * SECOND + CLOCK_SLACK { 0 } else { until }
}

fn pay<Id: Copy + Eq + Hash>(paid: &mut HashMap<Id, Micros>, id: Id, used: i64, now: Micros) {
    if paid.len() >= MOST && !paid.contains_key(&id) {
        make_room(paid, now);
    }
    paid.insert(id, Micros(now.0.saturating_add(used)));
}

/// Forgets what is over; where that is not enough, the half that has used the least. Rare, because it makes much room.
fn make_room<Id: Eq + Hash>(paid: &mut HashMap<Id, Micros>, now: Micros) {
    paid.retain(|_, until| *until > now);
    if paid.len() < MOST {
        return;
    }
    let mut all: Vec<Micros> = paid.values().copied().collect();
    let (_, median, _) = all.select_nth_unstable(MOST / 2);
    let median = *median;
    let mut room = MOST / 2;
    paid.retain(|_, until| {
        let forgotten = *until <= median && room > 0;
        room -= usize::from(forgotten);
        !forgotten
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Micros {
        Micros(1_768_219_200 * SECOND + seconds * SECOND)
    }

    #[test]
    fn odd_quotas_and_odd_clocks_lock_nobody_out() {
        let limits = Quotas::default();
        for quota in [0, 1, 7, 600, u32::MAX] {
            let first = limits.take(quota as usize, quota, at(0)).unwrap();
            assert!(first.remaining < first.quota, "{first:?}");
        }
        assert!(limits.take(1, 1, at(0)).is_err());
        limits.take(1, 1, at(-3600)).unwrap();
        assert!(limits.take(1, 1, at(-3600)).is_err());
    }

    #[test]
    fn a_small_step_back_of_the_clock_gives_nothing() {
        let limits = Quotas::default();
        for _ in 0..6 {
            limits.take(1, 6, at(0)).unwrap();
        }
        for (back, wait) in [(1, 11), (SECOND, 11), (60 * SECOND, 70), (CLOCK_SLACK, 610)] {
            let refused = limits.take(1, 6, Micros(at(0).0 - back)).unwrap_err();
            assert_eq!(refused, RateLimit { quota: 6, window: 60, remaining: 0, reset: wait }, "{back}");
        }
        assert!(limits.take(1, 6, at(10)).is_ok());
    }

    #[test]
    fn requests_at_one_time_and_out_of_order_use_one_quota() {
        let (limits, allowed) = (Quotas::default(), std::sync::atomic::AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (limits, allowed) = (&limits, &allowed);
                scope.spawn(move || {
                    for step in 0..100 {
                        let now = Micros(at(0).0 + (thread * 7 + step * 13) % 50 - 25);
                        if limits.take(1, 100, now).is_ok() {
                            allowed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(allowed.into_inner(), 100);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limits = Quotas::default();
        for id in 0..MOST + 10 {
            limits.take(id, 6, at(0)).unwrap();
        }
        assert!(limits.lock().len() <= MOST, "{}", limits.lock().len());
        limits.tidy(at(10));
        assert_eq!(limits.lock().len(), 0);
    }
}

//! How often each API key may be used: in the memory of this node, by the service's own clock.
//!
//! The generic cell rate algorithm: a key has one moment, until when what it has used is paid for; each request moves it
//! on by an equal share of the window. So a whole quota can be used at once, and comes back evenly.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::{
    common::RateLimit,
    problem::{ApiResult, ErrorCode, Problem},
};
use latchkey_store::{ApiKeyId, Micros};

/// Seconds of a window.
const WINDOW: u32 = 60;

const SECOND: i64 = 1_000_000;

/// How far beyond a window a moment may lie before it is taken for the trace of a clock that was set back. Requests come a
/// little out of order, and clocks are corrected; that must give nobody a new quota.
const CLOCK_SLACK: i64 = 600 * SECOND;

/// Keys that are remembered at one time. Beyond that, those that have used the least of their quota are forgotten.
const MOST: usize = 100_000;

/// Until when what each key has used is paid for.
#[derive(Default)]
pub(crate) struct RateLimits(Mutex<HashMap<ApiKeyId, Micros>>);

impl RateLimits {
    /// Counts a request. Answers `too_many_requests`, and does not count it, where the quota is used up.
    pub(crate) fn take(&self, key: ApiKeyId, quota: u32, now: Micros) -> ApiResult<RateLimit> {
        let quota = quota.max(1);
        let window = i64::from(WINDOW) * SECOND;
        let share = (window / i64::from(quota)).max(1);
        let mut paid = self.lock();
        let until = paid.get(&key).map_or(0, |until| until.0.saturating_sub(now.0).max(0));
        let until = if until > window + CLOCK_SLACK { 0 } else { until };
        let allowed = until + share <= window;
        let used = if allowed { until + share } else { until };
        if allowed {
            if paid.len() >= MOST && !paid.contains_key(&key) {
                make_room(&mut paid, now);
            }
            paid.insert(key, Micros(now.0.saturating_add(used)));
        }
        drop(paid);
        let remaining = ((window - used) / share).clamp(0, i64::from(quota) - i64::from(allowed));
        let next = used + (remaining + 1) * share - window;
        let reset = u32::try_from(next.max(0).saturating_add(SECOND - 1) / SECOND).unwrap_or(WINDOW);
        let remaining = u32::try_from(remaining).unwrap_or_default();
        let limit = RateLimit { quota, window: WINDOW, remaining, reset };
        if allowed {
            return Ok(limit);
        }
        let detail = format!("This API key may be used {quota} times a minute.");
        let refused = Problem::new(ErrorCode::TooManyRequests).retry_after(reset.max(1)).detail(detail);
        Err(refused.with(|members| members.rate_limit = Some(limit)))
    }

    /// Forgets keys that have their whole quota again.
    pub(crate) fn tidy(&self, now: Micros) {
        self.lock().retain(|_, until| *until > now);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Micros>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets what is over; where that is not enough, the half that has used the least. Rare, because it makes much room.
fn make_room(paid: &mut HashMap<ApiKeyId, Micros>, now: Micros) {
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
    use uuid::Uuid;

    use super::*;

    fn key(id: usize) -> ApiKeyId {
        ApiKeyId(Uuid::from_u128(id as u128))
    }

    fn at(seconds: i64) -> Micros {
        Micros(1_768_219_200 * SECOND + seconds * SECOND)
    }

    #[test]
    fn a_quota_can_be_used_at_once_and_comes_back_evenly() {
        let limits = RateLimits::default();
        for left in (0..6).rev() {
            let expected = RateLimit { quota: 6, window: 60, remaining: left, reset: 10 };
            assert_eq!(limits.take(key(1), 6, at(0)).unwrap(), expected);
        }
        let refused = limits.take(key(1), 6, at(3)).unwrap_err();
        let members = &refused.body().members;
        assert_eq!((refused.code(), members.retry_after), (ErrorCode::TooManyRequests, Some(7)));
        assert_eq!(members.rate_limit, Some(RateLimit { quota: 6, window: 60, remaining: 0, reset: 7 }));
        assert!(limits.take(key(2), 6, at(3)).is_ok(), "each key has its own");
        assert_eq!(limits.take(key(1), 6, at(10)).unwrap().remaining, 0);
        assert!(limits.take(key(1), 6, at(10)).is_err(), "being refused costs nothing, and gives nothing");
        assert_eq!(limits.take(key(1), 6, at(40)).unwrap().remaining, 2);
    }

    #[test]
    fn odd_quotas_and_odd_clocks_lock_nobody_out() {
        let limits = RateLimits::default();
        for quota in [0, 1, 7, 600, u32::MAX] {
            let first = limits.take(key(quota as usize), quota, at(0)).unwrap();
            assert!(first.remaining < first.quota, "{first:?}");
        }
        assert!(limits.take(key(1), 1, at(0)).is_err());
        limits.take(key(1), 1, at(-3600)).unwrap();
        assert!(limits.take(key(1), 1, at(-3600)).is_err());
    }

    #[test]
    fn a_small_step_back_of_the_clock_gives_nothing() {
        let limits = RateLimits::default();
        for _ in 0..6 {
            limits.take(key(1), 6, at(0)).unwrap();
        }
        for (back, wait) in [(1, 11), (SECOND, 11), (60 * SECOND, 70), (CLOCK_SLACK, 610)] {
            let refused = limits.take(key(1), 6, Micros(at(0).0 - back)).unwrap_err();
            let members = &refused.body().members;
            assert_eq!(members.retry_after, Some(wait), "{back}");
            assert_eq!(members.rate_limit, Some(RateLimit { quota: 6, window: 60, remaining: 0, reset: wait }));
        }
        assert!(limits.take(key(1), 6, at(10)).is_ok());
    }

    #[test]
    fn requests_at_one_time_and_out_of_order_use_one_quota() {
        let (limits, allowed) = (RateLimits::default(), std::sync::atomic::AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (limits, allowed) = (&limits, &allowed);
                scope.spawn(move || {
                    for step in 0..100 {
                        let now = Micros(at(0).0 + (thread * 7 + step * 13) % 50 - 25);
                        if limits.take(key(1), 100, now).is_ok() {
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
        let limits = RateLimits::default();
        for id in 0..MOST + 10 {
            limits.take(key(id), 6, at(0)).unwrap();
        }
        assert!(limits.lock().len() <= MOST, "{}", limits.lock().len());
        limits.tidy(at(10));
        assert_eq!(limits.lock().len(), 0);
    }
}

//! How often each API key may be used: in the memory of each node, by its own clock. Once a second the nodes tell each other
//! what was used, so that a key has one quota on all of them. Counting in the database would cost each request a write.
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

use crate::nodes::{KEYS_IN_A_NOTICE, KeyUsed};

/// Seconds of a window.
const WINDOW: u32 = 60;

const SECOND: i64 = 1_000_000;

/// How far beyond a window a moment may lie before it is taken for the trace of a clock that was set back. Requests come a
/// little out of order, and clocks are corrected; that must give nobody a new quota.
const CLOCK_SLACK: i64 = 600 * SECOND;

/// Keys that are remembered at one time. Beyond that, those that have used the least of their quota are forgotten.
const MOST: usize = 100_000;

/// Notices a second about the use of keys. What does not fit, of the keys that were used the least, is told in the next one.
const NOTICES: usize = 4;

/// What each key has used.
pub(crate) struct RateLimits {
    /// Until when it is paid for.
    paid: Mutex<HashMap<ApiKeyId, Micros>>,
    /// What the other nodes were not told of yet; `None` where there is nobody to tell.
    untold: Option<Mutex<HashMap<ApiKeyId, u32>>>,
}

impl RateLimits {
    /// `shared` where other nodes may have a part in the quotas.
    pub(crate) fn new(shared: bool) -> Self {
        Self { paid: Mutex::default(), untold: shared.then(Mutex::default) }
    }

    /// Counts a request. Answers `too_many_requests`, and does not count it, where the quota is used up.
    pub(crate) fn take(&self, key: ApiKeyId, quota: u32, now: Micros) -> ApiResult<RateLimit> {
        let quota = quota.max(1);
        let (window, share) = shares(quota);
        let mut paid = self.lock();
        let until = still_paid(&paid, key, now);
        let allowed = until + share <= window;
        let used = if allowed { until + share } else { until };
        if allowed {
            if paid.len() >= MOST && !paid.contains_key(&key) {
                make_room(&mut paid, now);
            }
            paid.insert(key, Micros(now.0.saturating_add(used)));
        }
        drop(paid);
        if allowed {
            self.remember_to_tell(key, 1);
        }
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

    /// Counts what another node has let through. A key that used more than its quota, on several nodes in one second, waits
    /// until that is paid for.
    pub(crate) fn used_elsewhere(&self, key: ApiKeyId, times: u32, quota: u32, now: Micros) {
        let (window, share) = shares(quota.max(1));
        let mut paid = self.lock();
        let used = still_paid(&paid, key, now).saturating_add(share.saturating_mul(i64::from(times)));
        if paid.len() >= MOST && !paid.contains_key(&key) {
            make_room(&mut paid, now);
        }
        paid.insert(key, Micros(now.0.saturating_add(used.min(window + CLOCK_SLACK))));
    }

    /// What the other nodes are to be told of, in parts that fit a notice.
    pub(crate) fn untold(&self) -> Vec<Vec<KeyUsed>> {
        let Some(untold) = &self.untold else { return Vec::new() };
        let untold = std::mem::take(&mut *untold.lock().unwrap_or_else(PoisonError::into_inner));
        let mut used: Vec<_> = untold.into_iter().map(|(key, times)| KeyUsed { key, times }).collect();
        used.sort_unstable_by_key(|used| std::cmp::Reverse(used.times));
        for late in used.split_off(used.len().min(NOTICES * KEYS_IN_A_NOTICE)) {
            self.remember_to_tell(late.key, late.times);
        }
        used.chunks(KEYS_IN_A_NOTICE).map(<[_]>::to_vec).collect()
    }

    /// No more keys than quotas are remembered of.
    fn remember_to_tell(&self, key: ApiKeyId, times: u32) {
        let Some(untold) = &self.untold else { return };
        let mut untold = untold.lock().unwrap_or_else(PoisonError::into_inner);
        if untold.len() < MOST || untold.contains_key(&key) {
            let sum = untold.entry(key).or_default();
            *sum = sum.saturating_add(times);
        }
    }

    /// Forgets keys that have their whole quota again.
    pub(crate) fn tidy(&self, now: Micros) {
        self.lock().retain(|_, until| *until > now);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Micros>> {
        self.paid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A window, and what one request takes of it.
fn shares(quota: u32) -> (i64, i64) {
    let window = i64::from(WINDOW) * SECOND;
    (window, (window / i64::from(quota)).max(1))
}

/// For how long what a key has used is paid from now on.
fn still_paid(paid: &HashMap<ApiKeyId, Micros>, key: ApiKeyId, now: Micros) -> i64 {
    let until = paid.get(&key).map_or(0, |until| until.0.saturating_sub(now.0).max(0));
    if until > i64::from(WINDOW) * SECOND + CLOCK_SLACK { 0 } else { until }
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
        let limits = RateLimits::new(false);
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
        let limits = RateLimits::new(false);
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
        let limits = RateLimits::new(false);
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
        let (limits, allowed) = (RateLimits::new(false), std::sync::atomic::AtomicUsize::new(0));
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
    fn what_other_nodes_let_through_is_counted_and_has_to_be_paid_for() {
        let nodes = [RateLimits::new(true), RateLimits::new(true)];
        for node in &nodes {
            for _ in 0..6 {
                node.take(key(1), 6, at(0)).unwrap();
            }
        }
        let told = nodes[0].untold();
        assert_eq!(told, [[KeyUsed { key: key(1), times: 6 }]]);
        assert!(nodes[0].untold().is_empty(), "told once");
        nodes[1].used_elsewhere(key(1), told[0][0].times, 6, at(1));
        let refused = nodes[1].take(key(1), 6, at(1)).unwrap_err();
        assert_eq!(
            refused.body().members.retry_after,
            Some(69),
            "twice the quota was used, and twice the window is over then"
        );
        assert!(nodes[1].take(key(1), 6, at(69)).is_err());
        assert_eq!(nodes[1].take(key(1), 6, at(70)).unwrap().remaining, 0);
        nodes[1].used_elsewhere(key(2), u32::MAX, 6, at(0));
        let refused = nodes[1].take(key(2), 6, at(0)).unwrap_err();
        assert_eq!(refused.body().members.retry_after, Some(610), "nobody is locked out for longer");
    }

    #[test]
    fn most_used_keys_are_told_first_and_the_others_a_second_later() {
        let limits = RateLimits::new(true);
        let many = NOTICES * KEYS_IN_A_NOTICE + 5;
        for id in 0..many {
            limits.take(key(id), 6, at(0)).unwrap();
        }
        limits.take(key(many - 1), 6, at(0)).unwrap();
        let first = limits.untold();
        assert_eq!((first.len(), first[0][0]), (NOTICES, KeyUsed { key: key(many - 1), times: 2 }));
        assert_eq!(limits.untold().concat().len(), 5);
        assert!(RateLimits::new(false).untold().is_empty());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limits = RateLimits::new(false);
        for id in 0..MOST + 10 {
            limits.take(key(id), 6, at(0)).unwrap();
        }
        assert!(limits.lock().len() <= MOST, "{}", limits.lock().len());
        limits.tidy(at(10));
        assert_eq!(limits.lock().len(), 0);
    }
}

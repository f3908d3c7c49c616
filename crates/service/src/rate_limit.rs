//! How often each API key may be used: in the memory of each node, by its own clock. Once a second the nodes tell each other
//! what was used, so that a key has one quota on all of them. Counting in the database would cost each request a write.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use latchkey_api::{
    common::RateLimit,
    problem::{ApiResult, ErrorCode, Problem},
};
use latchkey_store::{ApiKeyId, Micros};

use crate::{
    nodes::{KEYS_IN_A_NOTICE, KeyUsed},
    quotas::{MOST, Quotas},
};

/// Notices a second about the use of keys. What does not fit, of the keys that were used the least, is told in the next one.
const NOTICES: usize = 4;

/// What each key has used.
pub(crate) struct RateLimits {
    quotas: Quotas<ApiKeyId>,
    /// What the other nodes were not told of yet; `None` where there is nobody to tell.
    untold: Option<Mutex<HashMap<ApiKeyId, u32>>>,
}

impl RateLimits {
    /// `shared` where other nodes may have a part in the quotas.
    pub(crate) fn new(shared: bool) -> Self {
        Self { quotas: Quotas::default(), untold: shared.then(Mutex::default) }
    }

    /// Counts a request. Answers `too_many_requests`, and does not count it, where the quota is used up.
    pub(crate) fn take(&self, key: ApiKeyId, quota: u32, now: Micros) -> ApiResult<RateLimit> {
        match self.quotas.take(key, quota, now) {
            Ok(limit) => {
                self.remember_to_tell(key, 1);
                Ok(limit)
            }
            Err(limit) => {
                let detail = format!("This API key may be used {} times a minute.", limit.quota);
                let refused = Problem::new(ErrorCode::TooManyRequests).retry_after(limit.reset.max(1)).detail(detail);
                Err(refused.with(|members| members.rate_limit = Some(limit)))
            }
        }
    }

    /// Counts what another node has let through. A key that used more than its quota, on several nodes in one second, waits
    /// until that is paid for.
    pub(crate) fn used_elsewhere(&self, key: ApiKeyId, times: u32, quota: u32, now: Micros) {
        self.quotas.used_elsewhere(key, times, quota, now);
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
        self.quotas.tidy(now);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SECOND: i64 = 1_000_000;

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
}

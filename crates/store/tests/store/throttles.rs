use std::time::Duration;

use latchkey_store::*;
use proptest::prelude::*;

use crate::world::*;

/// The textbook form: a bucket of `burst`, one back every `step`, kept as the moments of what was allowed.
struct Bucket {
    step: i64,
    burst: i64,
    level: i64,
    at: i64,
}

impl Bucket {
    /// `level` is what is in the bucket times `step`, so that all of it stays in whole microseconds.
    fn charge(&mut self, now: i64) -> bool {
        self.level = (self.level - (now - self.at)).max(0);
        self.at = now;
        let fits = self.level + self.step <= self.burst * self.step;
        if fits {
            self.level += self.step;
        }
        fits
    }
}

fn span(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::home::CASES, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any rhythm of attempts is allowed exactly where a leaky bucket has room, and whoever waits until
    /// `retry_at` is allowed, a microsecond earlier not.
    #[test]
    fn it_allows_what_a_leaky_bucket_allows(
        step in 1_i64..5_000,
        burst in 1_u32..8,
        pauses in proptest::collection::vec(prop_oneof![Just(0_i64), 0_i64..500, 0_i64..20_000], 1..60),
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let world = World::new().await;
            let mut bucket = Bucket { step, burst: i64::from(burst), level: 0, at: NOW.0 };
            let mut now = NOW.0;
            for pause in pauses {
                now += pause;
                match world.store.charge("k", span(step), burst, Micros(now)).await.unwrap() {
                    Charge::Allowed => assert!(bucket.charge(now)),
                    Charge::Refused { retry_at } => {
                        assert!(!bucket.charge(now));
                        assert!(retry_at.0 > now);
                        let early = world.store.charge("k", span(step), burst, Micros(retry_at.0 - 1)).await.unwrap();
                        assert_eq!(early, Charge::Refused { retry_at }, "trying again lengthens nothing");
                        // Half of the refused ones wait as long as they are told.
                        if retry_at.0 % 2 == 0 {
                            now = retry_at.0;
                            assert!(bucket.charge(now));
                            let then = world.store.charge("k", span(step), burst, retry_at).await.unwrap();
                            assert_eq!(then, Charge::Allowed);
                        }
                    }
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_attempts_at_once_as_many_as_the_burst_are_allowed() {
    let world = World::new().await;
    for burst in [1, 5, 63] {
        let answers = at_once(64, |_| {
            let (store, key) = (world.store.clone(), format!("burst {burst}"));
            async move { store.charge(&key, SECOND, burst, NOW).await.unwrap() }
        })
        .await;
        let allowed = answers.iter().filter(|a| **a == Charge::Allowed).count();
        assert_eq!(allowed, burst as usize);
        let told = Charge::Refused { retry_at: NOW.saturating_add(SECOND) };
        assert!(answers.iter().all(|a| *a == Charge::Allowed || *a == told));
    }
}

#[tokio::test]
async fn keys_do_not_touch_each_other_and_forgiving_forgets_one() {
    let world = World::new().await;
    let charge = async |key| world.store.charge(key, SECOND, 1, NOW).await.unwrap() == Charge::Allowed;
    assert!(charge("a").await && charge("b").await);
    assert!(!charge("a").await && !charge("b").await);
    world.store.forgive("a").await.unwrap();
    world.store.forgive("never seen").await.unwrap();
    assert!(charge("a").await && !charge("b").await);
}

#[tokio::test]
async fn a_limit_survives_a_restart() {
    let world = World::new().await;
    world.store.charge("k", DAY, 1, NOW).await.unwrap();
    world.store.close().await;
    let again = world.home.open().await;
    assert!(matches!(again.charge("k", DAY, 1, NOW).await.unwrap(), Charge::Refused { .. }));
    again.close().await;
}

#[tokio::test]
async fn a_clock_that_was_a_year_ahead_does_not_lock_anybody_out() {
    let world = World::new().await;
    for _ in 0..5 {
        world.store.charge("k", SECOND, 5, NOW.saturating_add(365 * DAY)).await.unwrap();
    }
    let mut allowed = 0;
    while world.store.charge("k", SECOND, 5, NOW).await.unwrap() == Charge::Allowed {
        allowed += 1;
    }
    assert_eq!(allowed, 5, "a limit like any other after the clock was set right");
}

#[tokio::test]
async fn clocks_of_nodes_that_differ_a_little_give_nobody_more() {
    let world = World::new().await;
    let mut allowed = 0;
    for i in 0..100 {
        // Every other attempt comes in at a node whose clock is two minutes ahead.
        let now = if i % 2 == 1 { NOW } else { NOW.saturating_add(120 * SECOND) };
        allowed += u32::from(world.store.charge("k", 300 * SECOND, 3, now).await.unwrap() == Charge::Allowed);
    }
    assert_eq!(allowed, 3);
}

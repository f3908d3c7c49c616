//! Second factors, sessions, the password and keys, in any order: whatever somebody does, it goes as the model says.
//!
//! The model is exact: it says which code each call is refused with, so that it finds a backup code that serves twice as well
//! as one that does not serve at all. A failure is shrunk to a short list of operations. Cases differ from run to run;
//! `LATCHKEY_SEED` repeats those of a run that failed, `LATCHKEY_CASES` says how many there are.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod model;
mod operations;
mod pairs;

use std::{
    env,
    hash::{BuildHasher, RandomState},
    sync::LazyLock,
};

use chrono::Duration;
use latchkey_api::instance::TwoFactorPolicy;
use latchkey_service::Policy;
use latchkey_testkit::{Wiring, World};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use tokio::runtime::Runtime;

use crate::{
    account::{Account, Made},
    model::Model,
    operations::Operation,
};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// An account at a service of its own, and how the model stood before the next operation.
struct Interleaved {
    world: World,
    account: Account,
    before: Model,
}

async fn world() -> World {
    World::with(Wiring::Direct).settings(|settings| settings.throttles = true).build().await
}

impl StateMachineTest for Interleaved {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(model: &Model) -> Self {
        RUNTIME.block_on(async {
            let world = world().await;
            let account = Account::joins(&world, "ada").await;
            Self { world, account, before: model.clone() }
        })
    }

    fn apply(mut this: Self, model: &Model, operation: Operation) -> Self {
        RUNTIME.block_on(async {
            this.world.clock.advance(Duration::milliseconds(1));
            this.before.tick();
            let done = this.account.does(&this.world, &this.before, operation).await;
            assert_eq!(done.as_ref().map(|(outcome, _)| *outcome), model.expected, "{operation:?}");
            if let Some((_, made)) = done {
                if let Made::Worth(factor, told) = made {
                    assert_eq!(told, model.worth(factor), "{operation:?}");
                }
                this.account.keeps(made);
            }
            this.before = model.clone();
        });
        this
    }

    fn check_invariants(this: &Self, model: &Model) {
        RUNTIME.block_on(async {
            agrees(&this.world, &this.account, model).await;
            assert_eq!(this.account.counted_events(&this.world).await, model.events.len(), "each change has one event");
        });
    }

    fn teardown(this: Self, model: Model) {
        RUNTIME.block_on(async {
            let Self { world, account, .. } = this;
            world.service.set_policy(Policy::TwoFactor(TwoFactorPolicy::Optional)).await.unwrap();
            if let Some(open) = model.sessions.iter().position(|session| session.open) {
                assert_eq!(account.events(&world, open).await, model.events);
            }
        });
    }
}

/// What every session and every key is told is what the model says.
async fn agrees(world: &World, account: &Account, model: &Model) {
    use latchkey_api::problem::ErrorCode;
    let views = account.views(world).await;
    assert_eq!(views.len(), model.sessions.len());
    for (view, session) in views.iter().zip(&model.sessions) {
        match view {
            Ok(told) => {
                assert!(session.open, "a session that is closed stays closed");
                assert_eq!((told.enabled, told.backup_codes_remaining), (model.is_on(), model.remaining()));
                assert_eq!(told.backup_codes_low, model.is_on() && model.remaining() <= 3);
                assert_eq!(
                    (told.required_by_policy, told.can_disable),
                    (model.required, model.is_on() && !model.required)
                );
            }
            Err(code) => {
                assert!(!session.open && *code == ErrorCode::SessionClosed, "{code} of a session that is open");
            }
        }
    }
    assert_eq!(account.open_keys(world).await, model.keys);
}

/// How many cases there are, and where they begin.
fn config(usual: u32) -> Config {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seed = number("LATCHKEY_SEED").unwrap_or_else(|| RandomState::new().hash_one(usual));
    let cases = number("LATCHKEY_CASES").map_or(usual, |cases| u32::try_from(cases).unwrap());
    eprintln!("{cases} cases; LATCHKEY_SEED={seed} repeats them");
    Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    }
}

#[test]
fn whatever_is_done_goes_as_the_model_says() {
    let config = config(64);
    let operations = Model::sequential_strategy(1..30);
    let run = TestRunner::new(config.clone()).run(&operations, |(model, operations, seen)| {
        Interleaved::test_sequential(config.clone(), model, operations, seen);
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

//! What somebody can do, and which of it is worth trying next.

use proptest::{prelude::*, strategy::Union};

use crate::model::{App, Model, Set};

/// A code of an authenticator app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// The one of so many steps from now.
    Step(i64),
    /// The one that was accepted last.
    Replayed,
    /// One of no time near.
    Wrong,
}

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Factor {
    /// By the app.
    Code(Code),
    /// The backup code with this place in this set.
    Backup {
        /// Counted from the first set there ever was.
        set: usize,
        /// 0 to 9.
        code: usize,
    },
    /// A backup code nobody was ever given.
    WrongBackup,
}

/// One thing somebody does. Sessions, transactions, sets and keys are counted from the first there ever was; where there are
/// not so many, counting goes on from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    SignIn,
    SecondStep {
        transaction: usize,
        factor: Factor,
    },
    Reauthenticate {
        session: usize,
        factor: Option<Factor>,
    },
    /// So many wrong codes, one after the other.
    Guess {
        session: usize,
        times: u32,
    },
    GuessToSignIn {
        transaction: usize,
        times: u32,
    },
    Start {
        session: usize,
    },
    Verify {
        session: usize,
        code: Code,
    },
    Disable {
        session: usize,
    },
    Generate {
        session: usize,
    },
    Confirm {
        session: usize,
        set: usize,
    },
    /// Asks so many times what a backup code is worth.
    Practise {
        session: usize,
        factor: Factor,
        times: u32,
    },
    Close {
        session: usize,
        other: usize,
    },
    CloseOthers {
        session: usize,
    },
    ChangePassword {
        session: usize,
        close: bool,
    },
    CreateKey {
        session: usize,
    },
    DeleteKey {
        session: usize,
        key: usize,
    },
    UseKey {
        key: usize,
    },
    Require(bool),
    Wait {
        seconds: u32,
    },
}

/// Mostly what can go well in this state, and now and then something else.
pub(crate) fn operations(state: &Model) -> BoxedStrategy<Operation> {
    use Operation::*;
    let session = || session(state);
    let on = matches!(state.app, App::On { .. });
    let (transactions, sets, keys) = (state.transactions.len(), state.sets.len(), state.keys.len());
    let mut likely: Vec<(u32, BoxedStrategy<Operation>)> = vec![
        (3, Just(SignIn).boxed()),
        (
            6,
            (session(), proptest::option::weighted(if on { 0.9 } else { 0.1 }, factor(state)))
                .prop_map(|(session, factor)| Reauthenticate { session, factor })
                .boxed(),
        ),
        (if on { 1 } else { 6 }, session().prop_map(|session| Start { session }).boxed()),
        (1, session().prop_map(|session| Disable { session }).boxed()),
        (if on { 3 } else { 1 }, session().prop_map(|session| Generate { session }).boxed()),
        (1, (session(), session()).prop_map(|(session, other)| Close { session, other }).boxed()),
        (1, session().prop_map(|session| CloseOthers { session }).boxed()),
        (1, (session(), any::<bool>()).prop_map(|(session, close)| ChangePassword { session, close }).boxed()),
        (1, session().prop_map(|session| CreateKey { session }).boxed()),
        (1, any::<bool>().prop_map(Require).boxed()),
        (
            4,
            prop::sample::select(&[1, 29, 30, 31, 60, 90, 240, 301, 660, 901, 3600][..])
                .prop_map(|seconds| Wait { seconds })
                .boxed(),
        ),
    ];
    if on {
        likely.push((2, (session(), 8_u32..=11).prop_map(|(session, times)| Guess { session, times }).boxed()));
    }
    let verify = if matches!(state.app, App::Waiting { .. }) { 12 } else { 1 };
    likely.push((verify, (session(), code()).prop_map(|(session, code)| Verify { session, code }).boxed()));
    if transactions > 0 {
        let newest = (0..transactions.min(3)).prop_map(move |back| transactions - 1 - back);
        let step = (newest, factor(state)).prop_map(|(transaction, factor)| SecondStep { transaction, factor });
        likely.push((12, step.boxed()));
        let newest = (Just(transactions - 1), 8_u32..=11);
        likely.push((2, newest.prop_map(|(transaction, times)| GuessToSignIn { transaction, times }).boxed()));
    }
    if sets > 0 {
        let confirm = (session(), set(sets)).prop_map(|(session, set)| Confirm { session, set });
        likely.push((if state.sets.last().is_some_and(Set::waits) { 6 } else { 1 }, confirm.boxed()));
        let practise = (session(), backup_code(sets), prop_oneof![4 => Just(1_u32), 1 => 4_u32..=11]);
        let practise = practise.prop_map(|(session, factor, times)| Practise { session, factor, times });
        likely.push((if on { 4 } else { 1 }, practise.boxed()));
    }
    if keys > 0 {
        likely.push((1, (session(), 0..keys).prop_map(|(session, key)| DeleteKey { session, key }).boxed()));
        likely.push((2, (0..keys).prop_map(|key| UseKey { key }).boxed()));
    }
    Union::new_weighted(likely).boxed()
}

/// Mostly one that is open.
fn session(state: &Model) -> BoxedStrategy<usize> {
    let open: Vec<_> = (0..state.sessions.len()).filter(|at| state.sessions[*at].open).collect();
    let any = 0..state.sessions.len();
    if open.is_empty() { any.boxed() } else { prop_oneof![9 => prop::sample::select(open), 1 => any].boxed() }
}

/// Mostly the newest one.
fn set(sets: usize) -> BoxedStrategy<usize> {
    prop_oneof![3 => Just(sets - 1), 1 => 0..sets].boxed()
}

fn factor(state: &Model) -> BoxedStrategy<Factor> {
    let code = code().prop_map(Factor::Code);
    let sets = state.sets.len();
    if sets == 0 {
        return prop_oneof![6 => code, 1 => Just(Factor::WrongBackup)].boxed();
    }
    prop_oneof![6 => code, 6 => backup_code(sets)].boxed()
}

/// Few of the ten, so that one comes twice.
fn backup_code(sets: usize) -> BoxedStrategy<Factor> {
    let backup = (set(sets), 0_usize..3).prop_map(|(set, code)| Factor::Backup { set, code });
    prop_oneof![5 => backup, 1 => Just(Factor::WrongBackup)].boxed()
}

fn code() -> BoxedStrategy<Code> {
    prop_oneof![
        8 => Just(Code::Step(0)),
        3 => Just(Code::Step(1)),
        2 => Just(Code::Step(-1)),
        1 => Just(Code::Step(2)),
        1 => (-21_i64..=21).prop_map(Code::Step),
        2 => Just(Code::Replayed),
        3 => Just(Code::Wrong),
    ]
    .boxed()
}

//! Two things at the same time on one account: what comes of it is what one after the other would have come to.

use chrono::Duration;
use latchkey_api::activity::ActivityKind as Kind;
use latchkey_testkit::World;
use proptest::test_runner::TestRunner;
use proptest_state_machine::ReferenceStateMachine;

use crate::{
    Account, Model, Operation, RUNTIME, config,
    model::{App, at},
    operations::{Code, Factor},
    world,
};

impl Model {
    /// The same operation, said by what there is now: whoever does it beside another one knows nothing of what that one makes.
    fn fixed(&self, operation: Operation) -> Operation {
        use Operation::*;
        let within = |number: usize, count: usize| at(number, count).unwrap_or_default();
        let of = |session: usize| self.session(session);
        let code = |code: Code| match self.step(code) {
            Some(step) if self.app != App::None => Code::Step(step - self.current()),
            _ => Code::Wrong,
        };
        let factor = |factor: Factor| match factor {
            Factor::Code(given) => Factor::Code(code(given)),
            Factor::Backup { set, code } => {
                at(set, self.sets.len()).map_or(Factor::WrongBackup, |set| Factor::Backup { set, code })
            }
            Factor::WrongBackup => Factor::WrongBackup,
        };
        let transaction_of = |transaction| within(transaction, self.transactions.len());
        match operation {
            SecondStep { transaction, factor: given } => {
                SecondStep { transaction: transaction_of(transaction), factor: factor(given) }
            }
            GuessToSignIn { transaction, times } => GuessToSignIn { transaction: transaction_of(transaction), times },
            Reauthenticate { session, factor: given } => {
                Reauthenticate { session: of(session), factor: given.map(factor) }
            }
            Guess { session, times } => Guess { session: of(session), times },
            Start { session } => Start { session: of(session) },
            Verify { session, code: given } => Verify { session: of(session), code: code(given) },
            Disable { session } => Disable { session: of(session) },
            Generate { session } => Generate { session: of(session) },
            Confirm { session, set } => Confirm { session: of(session), set: within(set, self.sets.len()) },
            Practise { session, factor: given, times } => {
                Practise { session: of(session), factor: factor(given), times }
            }
            Close { session, other } => Close { session: of(session), other: of(other) },
            CloseOthers { session } => CloseOthers { session: of(session) },
            ChangePassword { session, close } => ChangePassword { session: of(session), close },
            CreateKey { session } => CreateKey { session: of(session) },
            DeleteKey { session, key } => DeleteKey { session: of(session), key: within(key, self.keys.len()) },
            UseKey { key } => UseKey { key: within(key, self.keys.len()) },
            SignIn | Require(_) | Wait { .. } => operation,
        }
    }
}

/// What can be seen afterwards.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    done: [bool; 2],
    enabled: bool,
    remaining: u32,
    /// The sessions there were before, and how many of the new ones are open.
    sessions: (Vec<bool>, usize),
    keys: usize,
    /// But for what is said of wrong codes: who comes second may be told that it is over before the code is looked at.
    events: Vec<&'static str>,
}

fn written(events: &[Kind]) -> Vec<&'static str> {
    let wrong = [Kind::WrongSecondFactor, Kind::SecondFactorPaused, Kind::WrongPassword];
    let mut kinds: Vec<_> = events.iter().filter(|kind| !wrong.contains(kind)).map(|kind| kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

fn sessions(before: usize, open: &[bool]) -> (Vec<bool>, usize) {
    (open[..before].to_vec(), open[before..].iter().filter(|open| **open).count())
}

impl Seen {
    /// As the model has it when both are done in this order; `done` says which of the two is which.
    fn by_model(before: &Model, order: [(usize, Operation); 2]) -> Self {
        let (mut model, mut done) = (before.clone(), [false; 2]);
        for (which, operation) in order {
            model.does(operation);
            done[which] = model.expected == Some(Ok(()));
        }
        Self::of(before, done, &model)
    }

    /// As the model has it when the other one came to nothing.
    fn by_one(before: &Model, which: usize, operation: Operation) -> Self {
        let (mut model, mut done) = (before.clone(), [false; 2]);
        model.does(operation);
        done[which] = model.expected == Some(Ok(()));
        Self::of(before, done, &model)
    }

    fn of(before: &Model, done: [bool; 2], model: &Model) -> Self {
        let open: Vec<_> = model.sessions.iter().map(|session| session.open).collect();
        Self {
            done,
            enabled: model.is_on(),
            remaining: model.remaining(),
            sessions: sessions(before.sessions.len(), &open),
            keys: model.keys.iter().filter(|there| **there).count(),
            events: written(&model.events),
        }
    }

    async fn by_service(world: &World, account: &Account, before: &Model, done: [bool; 2]) -> Option<Self> {
        let views = account.views(world).await;
        let open: Vec<_> = views.iter().map(Result::is_ok).collect();
        let at = open.iter().position(|open| *open)?;
        let told = views[at].as_ref().ok()?;
        Some(Self {
            done,
            enabled: told.enabled,
            remaining: told.backup_codes_remaining,
            sessions: sessions(before.sessions.len(), &open),
            keys: account.open_keys(world).await.iter().filter(|open| **open).count(),
            events: written(&account.events(world, at).await),
        })
    }
}

/// Those that are about everybody, or about time, are not done by two at once.
fn is_of_the_account(operation: &Operation) -> bool {
    !matches!(operation, Operation::Require(_) | Operation::Wait { .. })
}

/// What is done many times is many things, between which the other may come.
fn once(operation: Operation) -> Operation {
    match operation {
        Operation::Guess { session, .. } => Operation::Guess { session, times: 1 },
        Operation::GuessToSignIn { transaction, .. } => Operation::GuessToSignIn { transaction, times: 1 },
        Operation::Practise { session, factor, .. } => Operation::Practise { session, factor, times: 1 },
        other => other,
    }
}

async fn pair(model: Model, mut operations: Vec<Operation>) {
    let world = world().await;
    let mut account = Account::joins(&world, "ada").await;
    let (Some(two), Some(one)) = (operations.pop(), operations.pop()) else { return };
    let mut model = model;
    for operation in operations {
        world.clock.advance(Duration::milliseconds(1));
        model.tick();
        let done = account.does(&world, &model, operation).await;
        model.does(operation);
        assert_eq!(done.as_ref().map(|(outcome, _)| *outcome), model.expected, "{operation:?}");
        if let Some((_, made)) = done {
            account.keeps(made);
        }
    }
    if model.required || !is_of_the_account(&one) || !is_of_the_account(&two) {
        return;
    }
    // Whoever begins a setup anew is the only one who can read its code.
    let begins = |operation: &Operation| matches!(operation, Operation::Start { .. } | Operation::Verify { .. });
    if begins(&one) && begins(&two) {
        return;
    }
    world.clock.advance(Duration::milliseconds(1));
    model.tick();
    let (one, two) = (once(model.fixed(one)), once(model.fixed(two)));
    let (first, second) = tokio::join!(account.does(&world, &model, one), account.does(&world, &model, two));
    let (Some((first, left)), Some((second, right))) = (first, second) else { return };
    for made in [left, right] {
        account.keeps(made);
    }
    account.counted_events(&world).await;
    // Where both have ended every session there is nobody who could look.
    let Some(seen) = Seen::by_service(&world, &account, &model, [first.is_ok(), second.is_ok()]).await else { return };
    let mut ways = vec![Seen::by_model(&model, [(0, one), (1, two)]), Seen::by_model(&model, [(1, two), (0, one)])];
    // Who comes second may be refused what would have gone well a moment later; then it must have changed nothing.
    if second.is_err() {
        ways.push(Seen::by_one(&model, 0, one));
    }
    if first.is_err() {
        ways.push(Seen::by_one(&model, 1, two));
    }
    let found = ways.contains(&seen);
    assert!(found, "{one:?} gave {first:?}, {two:?} gave {second:?}:\n{seen:?}\nis none of\n{ways:#?}");
}

#[test]
fn two_at_once_come_to_what_one_after_the_other_would() {
    let operations = Model::sequential_strategy(2..16);
    let run = TestRunner::new(config(200)).run(&operations, |(model, operations, _)| {
        RUNTIME.block_on(pair(model, operations));
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

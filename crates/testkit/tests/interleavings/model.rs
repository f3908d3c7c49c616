//! What has to happen: the rules of second factors, sessions, the password and keys, without a database, without secrets and
//! for one at a time.

mod rules;

use std::collections::HashMap;

use latchkey_api::{
    activity::ActivityKind as Kind,
    problem::ErrorCode::{self, *},
    two_factor::BACKUP_CODES,
};
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use crate::operations::{Code, Factor, Operation, operations};

/// When the clock of a world begins, in milliseconds since 1970.
const BEGINNING: i64 = 1_768_219_200_000;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;

/// For how long a proof is fresh enough for what changes how somebody gets in, and for the rest.
const STRICT: i64 = 5 * MINUTE;
const RECENT: i64 = 15 * MINUTE;

/// Wrong second factors that shut a door, and for how long.
const ATTEMPTS: u32 = 10;
const PAUSE: i64 = 15 * MINUTE;

/// Transactions that are open at one time.
const TRANSACTIONS: usize = 10;

pub(crate) type Outcome = Result<(), ErrorCode>;

/// An account, as far as it matters here.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    pub(crate) app: App,
    pub(crate) sessions: Vec<Session>,
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) sets: Vec<Set>,
    /// Whether each is there still.
    pub(crate) keys: Vec<bool>,
    /// Whether two-factor authentication is demanded.
    pub(crate) required: bool,
    /// Everything that has to be in the activity, in its order.
    pub(crate) events: Vec<Kind>,
    doors: HashMap<Door, Attempts>,
    /// What has to be answered to what was done last; `None` where there was nothing to do it with.
    pub(crate) expected: Option<Outcome>,
}

/// The authenticator app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum App {
    None,
    Waiting { until: i64 },
    On { last_step: i64, told: Option<i64> },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    pub(crate) open: bool,
    password_at: i64,
    second_factor_at: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Transaction {
    begun: i64,
    open: bool,
}

/// Ten backup codes.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    state: SetState,
    /// Whether it has to be confirmed; the first ones are in use at once, and nobody is told their id.
    named: bool,
    used: [bool; BACKUP_CODES as usize],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetState {
    Waiting,
    InUse,
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Door {
    SignIn,
    Session(usize),
}

#[derive(Clone, Copy, Debug, Default)]
struct Attempts {
    failures: u32,
    paused_until: Option<i64>,
}

/// What an endpoint asks for.
#[derive(Clone, Copy)]
struct Asks {
    during_setup: bool,
    password: Option<i64>,
    second_factor: Option<i64>,
}

const NOTHING: Asks = Asks { during_setup: false, password: None, second_factor: None };
const DURING_SETUP: Asks = Asks { during_setup: true, ..NOTHING };

const fn both(age: i64) -> Asks {
    Asks { password: Some(age), second_factor: Some(age), ..NOTHING }
}

impl Set {
    pub(crate) fn waits(&self) -> bool {
        self.state == SetState::Waiting
    }

    fn in_use() -> Self {
        Self { state: SetState::InUse, named: false, used: [false; BACKUP_CODES as usize] }
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::new()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Operation> {
        operations(state)
    }

    fn apply(mut state: Self, operation: &Operation) -> Self {
        state.tick();
        state.does(*operation);
        state
    }
}

impl Model {
    /// Somebody has signed up and signed in.
    pub(crate) fn new() -> Self {
        let session = Session { open: true, password_at: BEGINNING, second_factor_at: None };
        Self {
            now: BEGINNING,
            app: App::None,
            sessions: vec![session],
            transactions: Vec::new(),
            sets: Vec::new(),
            keys: Vec::new(),
            required: false,
            events: vec![Kind::AccountCreated, Kind::SignedIn],
            doors: HashMap::new(),
            expected: None,
        }
    }

    /// Nothing happens at the same time as what was before.
    pub(crate) fn tick(&mut self) {
        self.now += 1;
    }

    /// Does it, and keeps in [`expected`](Self::expected) what has to be answered.
    pub(crate) fn does(&mut self, operation: Operation) {
        self.expected = self.done(operation);
    }

    /// Whether two-factor authentication is on.
    pub(crate) fn is_on(&self) -> bool {
        matches!(self.app, App::On { .. })
    }

    /// Backup codes that can still be used.
    pub(crate) fn remaining(&self) -> u32 {
        let in_use = self.sets.iter().filter(|set| set.state == SetState::InUse);
        in_use.map(|set| set.used.iter().filter(|used| !**used).count()).sum::<usize>().try_into().unwrap_or(u32::MAX)
    }

    /// The step of a code.
    pub(crate) fn step(&self, code: Code) -> Option<i64> {
        match (code, self.app) {
            (Code::Step(ahead), _) => Some(self.current() + ahead),
            (Code::Replayed, App::On { last_step, .. }) => Some(last_step),
            (Code::Replayed | Code::Wrong, _) => None,
        }
    }

    fn done(&mut self, operation: Operation) -> Option<Outcome> {
        use Operation::*;
        Some(match operation {
            SignIn => self.sign_in(),
            SecondStep { transaction, factor } => {
                let transaction = at(transaction, self.transactions.len())?;
                self.second_step(transaction, factor)
            }
            Reauthenticate { session, factor } => self.reauthenticate(self.session(session), factor),
            Guess { session, times } => {
                let session = self.session(session);
                self.last_of(times, |model| model.reauthenticate(session, Some(Factor::WrongBackup)))
            }
            GuessToSignIn { transaction, times } => {
                let transaction = at(transaction, self.transactions.len())?;
                self.last_of(times, |model| model.second_step(transaction, Factor::WrongBackup))
            }
            Start { session } => self.start(self.session(session)),
            Verify { session, code } => self.verify(self.session(session), code),
            Disable { session } => self.disable(self.session(session)),
            Generate { session } => self.generate(self.session(session)),
            Confirm { session, set } => {
                let set = at(set, self.sets.len()).filter(|set| self.sets[*set].named)?;
                self.confirm(self.session(session), set)
            }
            Practise { session, factor, times } => {
                let session = self.session(session);
                self.last_of(times, |model| model.practise(session, factor))
            }
            Close { session, other } => self.close(self.session(session), self.session(other)),
            CloseOthers { session } => self.close_others(self.session(session)),
            ChangePassword { session, close } => self.change_password(self.session(session), close),
            CreateKey { session } => self.create_key(self.session(session)),
            DeleteKey { session, key } => self.delete_key(self.session(session), at(key, self.keys.len())?),
            UseKey { key } => {
                if self.keys[at(key, self.keys.len())?] {
                    Ok(())
                } else {
                    Err(Unauthenticated)
                }
            }
            Require(required) => {
                self.required = required;
                Ok(())
            }
            Wait { seconds } => {
                self.now += i64::from(seconds) * SECOND;
                Ok(())
            }
        })
    }

    pub(crate) fn session(&self, number: usize) -> usize {
        number % self.sessions.len()
    }

    /// What the last one of so many is answered.
    fn last_of(&mut self, times: u32, each: impl Fn(&mut Self) -> Outcome) -> Outcome {
        let mut last = Ok(());
        for _ in 0..times {
            last = each(self);
        }
        last
    }

    /// The step of now.
    pub(crate) fn current(&self) -> i64 {
        self.now / (30 * SECOND)
    }
}

/// `None` where there are none.
pub(crate) fn at(number: usize, count: usize) -> Option<usize> {
    (count > 0).then(|| number % count)
}

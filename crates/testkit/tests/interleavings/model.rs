//! What has to happen: the rules of second factors, sessions, the password and keys, without a database, without secrets and
//! for one at a time.

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

    /// The same operation, said by what there is now: whoever does it beside another one knows nothing of what that one makes.
    pub(crate) fn fixed(&self, operation: Operation) -> Operation {
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
            Close { session, other } => Close { session: of(session), other: of(other) },
            CloseOthers { session } => CloseOthers { session: of(session) },
            ChangePassword { session, close } => ChangePassword { session: of(session), close },
            CreateKey { session } => CreateKey { session: of(session) },
            DeleteKey { session, key } => DeleteKey { session: of(session), key: within(key, self.keys.len()) },
            UseKey { key } => UseKey { key: within(key, self.keys.len()) },
            SignIn | Require(_) | Wait { .. } => operation,
        }
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

    fn sign_in(&mut self) -> Outcome {
        if !self.is_on() {
            self.sessions.push(Session { open: true, password_at: self.now, second_factor_at: None });
            self.events.push(Kind::SignedIn);
            return Ok(());
        }
        self.transactions.push(Transaction { begun: self.now, open: true });
        let open = self.transactions.iter_mut().rev().filter(|one| one.open);
        open.skip(TRANSACTIONS).for_each(|old| old.open = false);
        Err(SecondFactorRequired)
    }

    fn second_step(&mut self, transaction: usize, factor: Factor) -> Outcome {
        let Transaction { begun, open } = self.transactions[transaction];
        if !open || begun + 5 * MINUTE <= self.now {
            return Err(TransactionEnded);
        }
        self.spend(Door::SignIn, factor)?;
        self.transactions[transaction].open = false;
        self.sessions.push(Session { open: true, password_at: self.now, second_factor_at: Some(self.now) });
        let by_code = matches!(factor, Factor::Code(_));
        self.events.push(if by_code { Kind::SignedIn } else { Kind::SignedInWithBackupCode });
        Ok(())
    }

    fn reauthenticate(&mut self, session: usize, factor: Option<Factor>) -> Outcome {
        self.admit(session, DURING_SETUP)?;
        if let Some(factor) = factor.filter(|_| self.is_on()) {
            self.spend(Door::Session(session), factor)?;
            self.sessions[session].second_factor_at = Some(self.now);
            if !matches!(factor, Factor::Code(_)) {
                self.events.push(Kind::BackupCodeUsed);
            }
        }
        self.sessions[session].password_at = self.now;
        Ok(())
    }

    fn start(&mut self, session: usize) -> Outcome {
        self.admit(session, Asks { during_setup: true, ..both(STRICT) })?;
        if self.is_on() {
            return Err(Conflict);
        }
        self.app = App::Waiting { until: self.now + 15 * MINUTE };
        Ok(())
    }

    fn verify(&mut self, session: usize, code: Code) -> Outcome {
        self.admit(session, Asks { during_setup: true, ..both(RECENT) })?;
        let App::Waiting { until } = self.app else { return Err(Conflict) };
        if until <= self.now {
            return Err(Conflict);
        }
        self.count(Door::Session(session))?;
        let step = self.step(code).filter(|step| step.abs_diff(self.current()) <= 1).ok_or(InvalidField)?;
        self.app = App::On { last_step: step, told: None };
        self.sets.iter_mut().for_each(|set| set.state = SetState::Gone);
        self.sets.push(Set::in_use());
        self.sessions[session].second_factor_at = Some(self.now);
        self.doors.clear();
        self.end_others(session);
        self.events.push(Kind::TwoFactorEnabled);
        Ok(())
    }

    fn disable(&mut self, session: usize) -> Outcome {
        self.admit(session, both(STRICT))?;
        if self.required {
            return Err(RequiredByPolicy);
        }
        if !self.is_on() {
            return Err(Conflict);
        }
        self.app = App::None;
        self.sets.iter_mut().for_each(|set| set.state = SetState::Gone);
        self.transactions.iter_mut().for_each(|transaction| transaction.open = false);
        self.doors.clear();
        self.end_others(session);
        self.events.push(Kind::TwoFactorDisabled);
        Ok(())
    }

    fn generate(&mut self, session: usize) -> Outcome {
        self.admit(session, both(STRICT))?;
        if !self.is_on() {
            return Err(Conflict);
        }
        self.sets.iter_mut().filter(|set| set.waits()).for_each(|set| set.state = SetState::Gone);
        self.sets.push(Set { state: SetState::Waiting, named: true, ..Set::in_use() });
        Ok(())
    }

    fn confirm(&mut self, session: usize, set: usize) -> Outcome {
        self.admit(session, NOTHING)?;
        match self.sets[set].state {
            SetState::Gone => Err(NotFound),
            SetState::InUse => Ok(()),
            SetState::Waiting => {
                self.sets.iter_mut().for_each(|other| other.state = SetState::Gone);
                self.sets[set].state = SetState::InUse;
                self.events.push(Kind::BackupCodesGenerated);
                Ok(())
            }
        }
    }

    fn close(&mut self, session: usize, other: usize) -> Outcome {
        self.admit(session, DURING_SETUP)?;
        if !self.sessions[other].open {
            return Err(NotFound);
        }
        self.sessions[other].open = false;
        self.events.push(if session == other { Kind::SignedOut } else { Kind::SessionClosed });
        Ok(())
    }

    fn close_others(&mut self, session: usize) -> Outcome {
        self.admit(session, NOTHING)?;
        if self.end_others(session) > 0 {
            self.events.push(Kind::SessionsClosed);
        }
        Ok(())
    }

    fn change_password(&mut self, session: usize, close: bool) -> Outcome {
        self.admit(session, Asks { second_factor: Some(STRICT), ..NOTHING })?;
        self.sessions[session].password_at = self.now;
        self.transactions.iter_mut().for_each(|transaction| transaction.open = false);
        if close {
            self.end_others(session);
        }
        self.events.push(Kind::PasswordChanged);
        Ok(())
    }

    fn create_key(&mut self, session: usize) -> Outcome {
        self.admit(session, both(STRICT))?;
        self.keys.push(true);
        self.events.push(Kind::ApiKeyCreated);
        Ok(())
    }

    fn delete_key(&mut self, session: usize, key: usize) -> Outcome {
        self.admit(session, NOTHING)?;
        if !std::mem::replace(&mut self.keys[key], false) {
            return Err(NotFound);
        }
        self.events.push(Kind::ApiKeyDeleted);
        Ok(())
    }

    /// The gate.
    fn admit(&self, session: usize, asks: Asks) -> Outcome {
        let Session { open, password_at, second_factor_at } = self.sessions[session];
        if !open {
            return Err(SessionClosed);
        }
        if self.required && !self.is_on() && !asks.during_setup {
            return Err(TwoFactorSetupRequired);
        }
        let fresh = |at: i64, age: Option<i64>| age.is_none_or(|age| self.now - at <= age);
        let second_factor = !self.is_on() || fresh(second_factor_at.unwrap_or(i64::MIN / 2), asks.second_factor);
        if fresh(password_at, asks.password) && second_factor { Ok(()) } else { Err(InsufficientUserAuthentication) }
    }

    /// Checks and spends a second factor at a door.
    fn spend(&mut self, door: Door, factor: Factor) -> Outcome {
        let last = self.count(door)?;
        let right = match factor {
            Factor::Code(code) => self.advance(code),
            Factor::WrongBackup => false,
            Factor::Backup { set, code } => match at(set, self.sets.len()) {
                Some(set) if self.sets[set].state == SetState::InUse => {
                    !std::mem::replace(&mut self.sets[set].used[code], true)
                }
                _ => false,
            },
        };
        if right {
            self.doors.remove(&door);
            return Ok(());
        }
        self.events.push(Kind::WrongSecondFactor);
        if last {
            self.events.push(Kind::SecondFactorPaused);
        }
        Err(InvalidCode)
    }

    /// Whether a code of the app is right; then its step and all before it have passed.
    fn advance(&mut self, code: Code) -> bool {
        let (step, current) = (self.step(code), self.current());
        let (Some(step), App::On { last_step, told }) = (step, &mut self.app) else { return false };
        if step.abs_diff(current) <= 1 {
            let right = *last_step < step && *told != Some(step);
            if right {
                *last_step = step;
            }
            return right;
        }
        // Whoever is told that the clock is ahead is told of a code to come, and must not wait for it.
        if (2..=20).contains(&(step - current)) {
            *told = Some(step);
        }
        false
    }

    /// Counts an attempt; says whether it is the last one before the door is shut.
    fn count(&mut self, door: Door) -> Result<bool, ErrorCode> {
        let now = self.now;
        let attempts = self.doors.entry(door).or_default();
        match attempts.paused_until {
            Some(until) if now < until => return Err(TooManyRequests),
            Some(_) => *attempts = Attempts { failures: 1, paused_until: None },
            None => attempts.failures += 1,
        }
        if attempts.failures >= ATTEMPTS {
            attempts.paused_until = Some(now + PAUSE);
        }
        Ok(attempts.paused_until.is_some())
    }

    fn end_others(&mut self, session: usize) -> usize {
        let others = self.sessions.iter_mut().enumerate().filter(|(at, other)| *at != session && other.open);
        others.map(|(_, other)| other.open = false).count()
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

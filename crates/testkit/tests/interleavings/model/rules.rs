//! What each operation does and answers.

use latchkey_api::{
    activity::ActivityKind as Kind,
    problem::ErrorCode::{self, *},
    two_factor::BackupCodeState,
};

use super::*;

impl Model {
    pub(super) fn sign_in(&mut self) -> Outcome {
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

    pub(super) fn second_step(&mut self, transaction: usize, factor: Factor) -> Outcome {
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

    pub(super) fn reauthenticate(&mut self, session: usize, factor: Option<Factor>) -> Outcome {
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

    pub(super) fn start(&mut self, session: usize) -> Outcome {
        self.admit(session, Asks { during_setup: true, ..both(STRICT) })?;
        if self.is_on() {
            return Err(Conflict);
        }
        self.app = App::Waiting { until: self.now + 15 * MINUTE };
        Ok(())
    }

    pub(super) fn verify(&mut self, session: usize, code: Code) -> Outcome {
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

    pub(super) fn disable(&mut self, session: usize) -> Outcome {
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

    pub(super) fn generate(&mut self, session: usize) -> Outcome {
        self.admit(session, both(STRICT))?;
        if !self.is_on() {
            return Err(Conflict);
        }
        self.sets.iter_mut().filter(|set| set.waits()).for_each(|set| set.state = SetState::Gone);
        self.sets.push(Set { state: SetState::Waiting, named: true, ..Set::in_use() });
        Ok(())
    }

    pub(super) fn confirm(&mut self, session: usize, set: usize) -> Outcome {
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

    /// Changes nothing, but for the count of codes that are none: one that is leaves even that as it is.
    pub(super) fn practise(&mut self, session: usize, factor: Factor) -> Outcome {
        self.admit(session, NOTHING)?;
        if !self.is_on() {
            return Err(Conflict);
        }
        let door = Door::Session(session);
        if self.doors.get(&door).and_then(|door| door.paused_until).is_some_and(|until| self.now < until) {
            return Err(TooManyRequests);
        }
        if self.worth(factor) == BackupCodeState::Unknown && self.count(door)? {
            self.events.push(Kind::SecondFactorPaused);
        }
        Ok(())
    }

    /// What a backup code is worth.
    pub(crate) fn worth(&self, factor: Factor) -> BackupCodeState {
        let Factor::Backup { set, code } = factor else { return BackupCodeState::Unknown };
        match at(set, self.sets.len()).map(|set| &self.sets[set]) {
            Some(set) if set.state != SetState::InUse => BackupCodeState::Unknown,
            Some(set) if set.used[code] => BackupCodeState::Used,
            Some(_) => BackupCodeState::Works,
            None => BackupCodeState::Unknown,
        }
    }

    pub(super) fn close(&mut self, session: usize, other: usize) -> Outcome {
        self.admit(session, DURING_SETUP)?;
        if !self.sessions[other].open {
            return Err(NotFound);
        }
        self.sessions[other].open = false;
        self.events.push(if session == other { Kind::SignedOut } else { Kind::SessionClosed });
        Ok(())
    }

    pub(super) fn close_others(&mut self, session: usize) -> Outcome {
        self.admit(session, NOTHING)?;
        if self.end_others(session) > 0 {
            self.events.push(Kind::SessionsClosed);
        }
        Ok(())
    }

    pub(super) fn change_password(&mut self, session: usize, close: bool) -> Outcome {
        self.admit(session, Asks { second_factor: Some(STRICT), ..NOTHING })?;
        self.sessions[session].password_at = self.now;
        self.transactions.iter_mut().for_each(|transaction| transaction.open = false);
        if close {
            self.end_others(session);
        }
        self.events.push(Kind::PasswordChanged);
        Ok(())
    }

    pub(super) fn create_key(&mut self, session: usize) -> Outcome {
        self.admit(session, both(STRICT))?;
        self.keys.push(true);
        self.events.push(Kind::ApiKeyCreated);
        Ok(())
    }

    pub(super) fn delete_key(&mut self, session: usize, key: usize) -> Outcome {
        self.admit(session, NOTHING)?;
        if !std::mem::replace(&mut self.keys[key], false) {
            return Err(NotFound);
        }
        self.events.push(Kind::ApiKeyDeleted);
        Ok(())
    }

    /// The gate.
    pub(super) fn admit(&self, session: usize, asks: Asks) -> Outcome {
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
    pub(super) fn spend(&mut self, door: Door, factor: Factor) -> Outcome {
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
    pub(super) fn advance(&mut self, code: Code) -> bool {
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
    pub(super) fn count(&mut self, door: Door) -> Result<bool, ErrorCode> {
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

    pub(super) fn end_others(&mut self, session: usize) -> usize {
        let others = self.sessions.iter_mut().enumerate().filter(|(at, other)| *at != session && other.open);
        others.map(|(_, other)| other.open = false).count()
    }
}

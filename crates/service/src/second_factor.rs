//! Checking a second factor: a code of the authenticator app or a backup code, at a door that is shut for a while after
//! ten wrong ones.
//!
//! A check counts the attempt first and spends nothing: what it answers is spent by the transaction of what it is for.

use std::time::Duration;

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    problem::{ApiResult, ErrorCode, FieldCode, FieldError, Problem},
    wire::Secret,
};
use latchkey_store::{AccountId, Attempt, AttemptLimit, Micros, SecondFactor, SessionId};

use crate::{
    environment::date_time,
    error::problem,
    events::Origin,
    service::Service,
    throttle::wait,
    totp::{self, Verdict},
};

/// Wrong ones that shut a door, and for how long: 960 tries a day. With three codes right at a time, somebody who knows the
/// password and guesses on gets in with a chance of 1 in 350 a day, and every try is in the person's activity. That the
/// answer tells of a wrong clock does not help: a code to come that was told of is refused when its time has come. Of
/// backup codes that are practised with (50 bits each), the activity has the one that shuts the door.
pub(crate) const LIMIT: AttemptLimit = AttemptLimit { attempts: 10, pause: Duration::from_mins(15) };

/// Where attempts are counted. Each session has a door of its own, so that whoever knows the password and guesses at the
/// sign-in does not keep the person from anything they do where they are signed in.
#[derive(Clone, Debug)]
pub(crate) struct Door(String);

impl Door {
    /// The second step of signing in.
    pub(crate) fn sign_in() -> Self {
        Self("sign-in".into())
    }

    /// The second factor of a forgotten password: whoever keeps the sign-in shut does not keep this one.
    pub(crate) fn reset() -> Self {
        Self("password-reset".into())
    }

    /// Whatever is proved inside of a session.
    pub(crate) fn session(session: SessionId) -> Self {
        Self(format!("session:{}", session.0.simple()))
    }

    /// As it is stored.
    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

/// What somebody gave as their second factor.
pub(crate) enum Given {
    /// A code of the authenticator app.
    Code(Secret),
    /// A backup code.
    BackupCode(Secret),
}

impl Given {
    /// At most one of the two.
    pub(crate) fn of(code: Option<Secret>, backup_code: Option<Secret>) -> ApiResult<Option<Self>> {
        match (code, backup_code) {
            (None, None) => Ok(None),
            (Some(code), None) => Ok(Some(Self::Code(code))),
            (None, Some(code)) => Ok(Some(Self::BackupCode(code))),
            (Some(_), Some(_)) => {
                Err(field("/backup_code", FieldCode::Invalid, "Send a code or a backup code, not both."))
            }
        }
    }

    /// Exactly one of the two.
    pub(crate) fn one_of(code: Option<Secret>, backup_code: Option<Secret>) -> ApiResult<Self> {
        let missing = || field("/code", FieldCode::Missing, "Send a code of the authenticator app, or a backup code.");
        Self::of(code, backup_code)?.ok_or_else(missing)
    }
}

/// What a check found.
pub(crate) struct Checked {
    /// What is to be spent, or why it cannot be.
    pub(crate) verdict: Result<SecondFactor, WrongCode>,
    /// Whether the door is shut now, unless the factor is spent.
    pub(crate) last: bool,
}

/// A second factor that is not right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrongCode {
    server_time: Micros,
    clock_offset: Option<i32>,
    detail: &'static str,
}

impl WrongCode {
    /// One that is wrong, or that somebody else used while it was looked at.
    pub(crate) fn plain(now: Micros) -> Self {
        let detail = "This code is not right, or has been used. Use another one.";
        Self { server_time: now, clock_offset: None, detail }
    }

    /// What a code of an authenticator app was found to be, if it was not right.
    pub(crate) fn of(verdict: Verdict, now: Micros) -> Result<i64, Self> {
        let (clock_offset, detail) = match verdict {
            Verdict::Right { step } => return Ok(step),
            Verdict::Used => (None, "This code has been used. Wait until the app shows the next one."),
            Verdict::Wrong { clock_offset: None } => (None, "This is not the code the app shows now."),
            Verdict::Wrong { clock_offset } => {
                (clock_offset, "The clock of the device with the app is off. Set it to the right time, and try again.")
            }
        };
        Err(Self { server_time: now, clock_offset, detail })
    }

    /// As an answer of its own.
    pub(crate) fn invalid_code(self) -> Problem {
        self.on(Problem::new(ErrorCode::InvalidCode).detail(self.detail))
    }

    /// As a field of the body that is not right.
    pub(crate) fn incorrect(self, pointer: &str) -> Problem {
        self.on(field(pointer, FieldCode::Incorrect, self.detail))
    }

    fn on(self, problem: Problem) -> Problem {
        problem.with(|members| {
            members.server_time = Some(date_time(self.server_time));
            members.clock_offset = self.clock_offset;
        })
    }
}

fn field(pointer: &str, code: FieldCode, detail: &str) -> Problem {
    Problem::fields(vec![FieldError { pointer: pointer.into(), code, detail: detail.into() }])
}

impl Service {
    /// Looks whether a second factor is right, and counts the attempt. Answers `too_many_requests` while the door is
    /// shut, and `sealing_unavailable` where the secret cannot be read, which counts as no attempt.
    pub(crate) async fn check_second_factor(
        &self,
        account: AccountId,
        door: &Door,
        given: &Given,
    ) -> ApiResult<Checked> {
        let now = self.environment().now();
        let (last, verdict) = match given {
            Given::Code(code) => {
                let app = self.store().authenticator_app(account).await.map_err(problem)?;
                let Some(app) = app.filter(|app| app.enabled_at.is_some()) else {
                    return Ok(Checked { verdict: Err(WrongCode::plain(now)), last: false });
                };
                let secret = self.unseal(totp::PURPOSE, account, &app.sealed_secret).await?;
                let last = self.count_second_factor(account, door).await?;
                let verdict = WrongCode::of(totp::check(&secret, code.expose(), app.last_step, now), now);
                let told = verdict.as_ref().err().and_then(|wrong| wrong.clock_offset);
                if let Some(step) = told.and_then(|offset| totp::step_to_come(now, offset)) {
                    self.store().tell_step(account, &app.sealed_secret, step).await.map_err(problem)?;
                }
                (last, verdict.map(|step| SecondFactor::Step { sealed_secret: app.sealed_secret, step }))
            }
            Given::BackupCode(code) => {
                let hash = self.backup_code_hash(account, code).await?;
                let last = self.count_second_factor(account, door).await?;
                let factor = hash.map(|code_hash| SecondFactor::BackupCode { code_hash });
                (last, factor.ok_or(WrongCode::plain(now)))
            }
        };
        Ok(Checked { verdict, last })
    }

    /// Counts an attempt; says whether it was the last one before the door is shut.
    pub(crate) async fn count_second_factor(&self, account: AccountId, door: &Door) -> ApiResult<bool> {
        if !self.settings().throttles {
            return Ok(false);
        }
        let now = self.environment().now();
        match self.store().count_second_factor(account, door.name(), LIMIT, now).await.map_err(problem)? {
            Attempt::Allowed { last } => Ok(last),
            Attempt::Paused { until } => Err(self.second_factor_paused(until, now)),
        }
    }

    /// What somebody is told whose door is shut.
    pub(crate) fn second_factor_paused(&self, until: Micros, now: Micros) -> Problem {
        self.shared.counts.paused_second_factors.count();
        let detail = "Too many wrong codes. Wait until the pause is over.";
        Problem::new(ErrorCode::TooManyRequests).detail(detail).retry_after(wait(until, now))
    }

    /// Writes down that somebody who knew the password gave a wrong second factor, and that the door is shut now.
    pub(crate) async fn note_wrong_second_factor(
        &self,
        account: AccountId,
        last: bool,
        origin: &Origin,
    ) -> ApiResult<()> {
        let kinds = [Some(ActivityKind::WrongSecondFactor), last.then_some(ActivityKind::SecondFactorPaused)];
        for kind in kinds.into_iter().flatten() {
            let event = self.event(kind, origin, &ActivityDetails::default());
            self.store().add_event(account, event).await.map_err(problem)?;
            self.announce(account, origin.session, kind);
        }
        Ok(())
    }
}

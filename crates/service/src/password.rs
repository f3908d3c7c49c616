//! The password: changing it, and proving once more who one is.

use latchkey_api::{
    activity::ActivityKind,
    common::Caller,
    password::*,
    problem::{ApiResult, CloseReason as Why, ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use latchkey_store::{CloseReason, Error, PasswordChange, Proof};

use crate::{
    environment::date_time,
    error::problem,
    events::{self, Origin},
    identity_rules::Findings,
    mail::Notice,
    passwords::{Password, Verdict},
    person::Me,
    second_factor::{Door, Given, WrongCode},
    service::Service,
};

#[async_trait::async_trait]
impl PasswordApi for Service {
    async fn get_password_status(&self, caller: &Caller) -> ApiResult<PasswordStatus> {
        let me = self.admitted(caller, &GET_PASSWORD_STATUS.meta).await?;
        let changed_at = self.store().password_changed_at(me.account.account_id).await.map_err(problem)?;
        let changed_at = changed_at.ok_or_else(|| Problem::new(ErrorCode::Unauthenticated))?;
        Ok(PasswordStatus { changed_at: date_time(changed_at) })
    }

    async fn change_password(&self, caller: &Caller, body: ChangePassword) -> ApiResult<()> {
        let me = self.admitted(caller, &CHANGE_PASSWORD.meta).await?;
        let (account, session) = (&me.account, me.session.session_id);
        let origin = Origin::of_session(caller, &me);
        let checked_phc = self.password_is(&me, &body.current_password, &origin).await?;
        let new = self.acceptable(&me, &body, checked_phc.is_some()).await?;
        let new_phc = self.shared.hasher.hash(new, self.environment()).await?;
        let change = PasswordChange {
            checked_phc,
            new_phc,
            by: Some(session),
            close: body.close_other_sessions.then_some(CloseReason::PasswordChanged),
            now: self.environment().now(),
            event: self.counted_event(ActivityKind::PasswordChanged, &origin, events::closed),
        };
        match self.store().change_password(account.account_id, change).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                let detail = "The password was changed by somebody else meanwhile.";
                return Err(Problem::new(ErrorCode::Conflict).detail(detail));
            }
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        tracing::info!(account = %account.account_id.0, "password changed");
        if body.close_other_sessions {
            self.tell_end_of_all(account.account_id, Some(session), Why::PasswordChanged);
        }
        self.announce(account.account_id, Some(session), ActivityKind::PasswordChanged);
        self.notify_by_mail(account, Notice::PasswordChanged, &origin).await;
        Ok(())
    }

    async fn reauthenticate(&self, caller: &Caller, body: Reauthentication) -> ApiResult<Reauthenticated> {
        let me = self.admitted(caller, &REAUTHENTICATE.meta).await?;
        let (id, session) = (me.account.account_id, me.session.session_id);
        // Where two-factor authentication is off there is nothing a code could prove.
        let given = Given::of(body.code, body.backup_code)?.filter(|_| me.account.two_factor_since.is_some());
        let wrong = || Problem::new(ErrorCode::InvalidCredentials);
        let (origin, door) = (Origin::of_session(caller, &me), Door::session(session));
        let checked_phc = self.password_is(&me, &body.password, &origin).await?.ok_or_else(wrong)?;
        let (mut second_factor, mut last) = (None, false);
        if let Some(given) = given {
            let checked = self.check_second_factor(id, &door, &given).await?;
            last = checked.last;
            match checked.verdict {
                Ok(factor) => second_factor = Some(factor),
                Err(wrong) => {
                    self.note_wrong_second_factor(id, last, &origin).await?;
                    return Err(wrong.invalid_code());
                }
            }
        }
        let by_backup_code = second_factor.as_ref().is_some_and(latchkey_store::SecondFactor::is_backup_code);
        let now = self.environment().now();
        let proof = Proof {
            session,
            checked_phc,
            second_factor: second_factor.map(|factor| (factor, door.name().to_owned())),
            now,
            event: self.counted_event(ActivityKind::BackupCodeUsed, &origin, events::remaining),
        };
        let proved = match self.store().prove(id, proof).await {
            Ok(proved) => proved,
            Err(error) => {
                // Where the session is still there, it is the password that changed meanwhile.
                let refused = self.closed_meanwhile(&me, error).await;
                return Err(if refused.code() == ErrorCode::Conflict { wrong() } else { refused });
            }
        };
        if !proved.done {
            self.note_wrong_second_factor(id, last, &origin).await?;
            return Err(WrongCode::plain(now).invalid_code());
        }
        if by_backup_code {
            let left = u32::try_from(proved.backup_codes_remaining).unwrap_or_default();
            self.announce(id, Some(session), ActivityKind::BackupCodeUsed);
            self.backup_code_was_used(&me.account, left, &origin).await;
        }
        Ok(Reauthenticated { authenticated_at: date_time(now) })
    }

    async fn request_password_reset(&self, caller: &Caller, body: PasswordResetRequest) -> ApiResult<()> {
        self.request_reset(caller, body).await
    }

    async fn reset_password(&self, caller: &Caller, body: PasswordReset) -> ApiResult<()> {
        self.complete_reset(caller, body).await
    }
}

impl Service {
    /// Whether this is the person's password: the hash it was compared with. Attempts are counted by the session, and wrong
    /// ones written down.
    pub(crate) async fn password_is(&self, me: &Me, secret: &Secret, origin: &Origin) -> ApiResult<Option<String>> {
        let session = me.session.session_id;
        self.shared.throttle.prove_password(session, self.environment().now()).await?;
        let Some(password) = Password::new(secret) else { return Ok(None) };
        let credentials = self.store().credentials(me.account.account_id).await.map_err(problem)?;
        let phc = credentials.ok_or_else(|| Problem::new(ErrorCode::Unauthenticated))?.password_phc;
        if self.shared.hasher.verify(password, Some(phc.clone())).await? == Verdict::Wrong {
            self.note_wrong_password(me.account.account_id, origin).await?;
            return Ok(None);
        }
        self.shared.throttle.forgive_prove_password(session).await?;
        Ok(Some(phc))
    }

    /// The new password, or everything that is wrong with the change.
    async fn acceptable(&self, me: &Me, body: &ChangePassword, current_is_right: bool) -> ApiResult<Password> {
        let mut findings = Findings::default();
        if !current_is_right {
            findings.add("/current_password", FieldCode::Incorrect, "This is not your password.");
        }
        let about = [me.account.username.as_str(), me.account.email.as_str(), me.account.name.as_str()];
        let new = findings.take("/new_password", self.check_password(&body.new_password, about).await?);
        let current = Password::new(&body.current_password);
        let unchanged = new.as_ref().zip(current.as_ref()).is_some_and(|(new, old)| new.expose() == old.expose());
        if unchanged && current_is_right {
            findings.add("/new_password", FieldCode::Unchanged, "This is the password you have. Choose another.");
        }
        match (findings.problem(), new) {
            (None, Some(new)) => Ok(new),
            (problem, _) => Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
        }
    }

    /// What a person is told whose session ended while they did something in it.
    pub(crate) async fn closed_meanwhile(&self, me: &Me, error: Error) -> Problem {
        if !matches!(error, Error::Raced) {
            return problem(error);
        }
        let now = self.store().get_session(me.account.account_id, me.session.session_id).await.map_err(problem);
        let reason = now.map(|session| session.and_then(|session| session.close_reason));
        let expired = self.within_policy(me.session.clone()).expires_at <= self.environment().now();
        match reason {
            Ok(Some(reason)) => crate::gate::closed(reason),
            Ok(None) if expired => Problem::new(ErrorCode::SessionExpired),
            Ok(None) => Problem::new(ErrorCode::Conflict).detail("Something changed meanwhile. Try again."),
            Err(problem) => problem,
        }
    }

    /// Tells a person that a backup code was spent, and how few are left.
    pub(crate) async fn backup_code_was_used(&self, account: &latchkey_store::Account, left: u32, origin: &Origin) {
        if crate::backup_codes::are_low(left) {
            let push = latchkey_api::activity::Push::BackupCodesLow { remaining: left };
            self.tell(account.account_id, None, &push);
        }
        self.notify_by_mail(account, Notice::BackupCodeUsed { remaining: left }, origin).await;
    }
}

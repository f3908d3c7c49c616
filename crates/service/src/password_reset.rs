//! Having forgotten the password: a code is mailed, and sets a new one.
//!
//! Strangers call this. They are told the same, in the same time, whether or not there is such an account.

use std::time::Duration;

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    freshness::Method,
    password::{PasswordReset, PasswordResetRequest},
    problem::{ApiResult, CloseReason, ErrorCode, Problem},
};
use latchkey_store::{Account, AccountId, Error, LoginKind, Micros, Reset, ResetPassword, SecondFactor};

use crate::{
    error::problem,
    events::{self, Origin},
    identity_rules::{Findings, email_key, username_key},
    mail::{Lane, Notice, addressed, facts, template},
    mailed_code::{self, PASSWORD_RESET},
    passwords::Password,
    request_span::name_account,
    second_factor::{Checked, Door, Given, WrongCode},
    service::Service,
};

/// For how long a code is taken.
const VALID: Duration = Duration::from_mins(30);

/// Wrong codes after which the codes that were mailed count no more. Strangers give them: so many that nobody kills
/// somebody's code by the way, and few enough for 50 bits.
const ATTEMPTS: i64 = 100;

impl Service {
    /// Mails a code to the person, if there is one.
    pub(crate) async fn request_reset(&self, caller: &Caller, body: PasswordResetRequest) -> ApiResult<()> {
        self.mail_or_not_found()?;
        let (kind, key) = login(&body.login);
        let now = self.environment().now();
        self.shared.throttle.reset_request(&key, caller.address, now).await?;
        // Whether the key is there does not depend on the person.
        self.sealing_ready().await?;
        // Looked up after the answer: how long it takes says nothing.
        let (service, origin) = (self.clone(), Origin::of_caller(caller));
        tokio::spawn(async move {
            if let Err(problem) = service.mail_reset(kind, &key, &origin, now).await {
                tracing::warn!(%problem, "a code for a new password was not mailed");
            }
        });
        Ok(())
    }

    async fn mail_reset(&self, kind: LoginKind, key: &str, origin: &Origin, now: Micros) -> ApiResult<()> {
        let Some(account) = self.account_of_login(kind, key).await? else { return Ok(()) };
        let id = account.account_id;
        self.shared.throttle.reset_mail(id, now).await?;
        let code = self.new_code(&PASSWORD_RESET, id).await?;
        let expires_at = now.saturating_add(VALID);
        let text = addressed(template::RESET_PASSWORD, &account)
            .with("code", &code.shown)
            .with("minutes", &(VALID.as_secs() / 60).to_string())
            .facts(&facts(origin, now));
        let mail = self.write(id, &account.email, text, Lane::Codes, expires_at).await?;
        let mail_id = mail.mail_id;
        let kind = ActivityKind::PasswordResetRequested;
        let event = self.event(kind, origin, &ActivityDetails::default());
        let started = self.store().start_password_reset(id, &account.email, code.hash, expires_at, event, mail).await;
        if started.map_err(problem)? {
            self.send_soon(Lane::Codes, id, mail_id);
            self.announce(id, None, kind);
        }
        Ok(())
    }

    /// Sets a new password with the code that was mailed.
    pub(crate) async fn complete_reset(&self, caller: &Caller, body: PasswordReset) -> ApiResult<()> {
        self.mail_or_not_found()?;
        let (kind, key) = login(&body.login);
        let now = self.environment().now();
        self.shared.throttle.reset_attempt(&key, caller.address, now).await?;
        let account = self.account_of_login(kind, &key).await?;
        let account = account.inspect(|account| name_account(account.account_id));
        // Nobody has this id: the same work is done in vain.
        let id = account.as_ref().map_or(AccountId(uuid::Uuid::nil()), |account| account.account_id);
        let entered = self.entered_code(&PASSWORD_RESET, id, &body.code).await?;
        let Some(expected) = self.store().attempt_password_reset(id, ATTEMPTS, now).await.map_err(problem)? else {
            self.shared.throttle.wait_for_a_write(now).await?;
            return Err(mailed_code::incorrect());
        };
        // Both are looked at, whichever it is.
        let [last, previous] = [Some(&expected.code_hash), expected.previous_hash.as_ref()]
            .map(|hash| hash.is_some_and(|hash| mailed_code::same(hash, &entered)));
        let Some(account) = account.filter(|_| last || previous) else {
            return Err(mailed_code::incorrect());
        };
        let done = self.set_forgotten(caller, &account, entered, &body).await;
        match done {
            Ok(()) => self.shared.throttle.forgive_sign_in(&key, caller.address).await,
            Err(problem) => {
                // The code was right: it can be used again, with what was missing.
                self.store().forgive_password_reset(id, entered).await.map_err(crate::error::problem)?;
                Err(problem)
            }
        }
    }

    /// The code was right; everything else.
    async fn set_forgotten(
        &self,
        caller: &Caller,
        account: &Account,
        code_hash: [u8; 32],
        body: &PasswordReset,
    ) -> ApiResult<()> {
        let password = self.new_password(account, body).await?;
        let (id, origin, door) = (account.account_id, Origin::of_caller(caller), Door::reset());
        let (verdict, last) = match self.second_factor_of_reset(account, body, &door).await? {
            Some(Checked { verdict, last }) => (verdict.map(Some), last),
            None => (Ok(None), false),
        };
        let wrong = match verdict {
            Err(wrong) => wrong,
            Ok(factor) => {
                let by_backup_code = factor.as_ref().is_some_and(SecondFactor::is_backup_code);
                match self.reset(account, password, code_hash, factor.map(|factor| (factor, door)), &origin).await? {
                    Reset::Done { backup_codes_remaining } => {
                        if by_backup_code {
                            let left = u32::try_from(backup_codes_remaining).unwrap_or_default();
                            self.backup_code_was_used(account, left, &origin).await;
                        }
                        return Ok(());
                    }
                    Reset::WrongSecondFactor => WrongCode::plain(self.environment().now()),
                }
            }
        };
        self.note_wrong_second_factor(id, last, &origin).await?;
        Err(wrong.invalid_code())
    }

    async fn reset(
        &self,
        account: &Account,
        password: Password,
        code_hash: [u8; 32],
        second_factor: Option<(SecondFactor, Door)>,
        origin: &Origin,
    ) -> ApiResult<Reset> {
        let id = account.account_id;
        let mail = self.notice(account, &Notice::PasswordReset { by_administrator: false }, origin).await?;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let reset = ResetPassword {
            code_hash,
            password_phc: self.shared.hasher.hash(password, self.environment()).await?,
            second_factor: second_factor.map(|(factor, door)| (factor, door.name().to_owned())),
            now: self.environment().now(),
            event: self.counted_event(ActivityKind::PasswordReset, origin, events::closed),
            backup_code_event: self.counted_event(ActivityKind::BackupCodeUsed, origin, events::remaining),
            mail,
        };
        let done = match self.store().reset_password(id, reset).await {
            Err(Error::Raced) => return Err(mailed_code::incorrect()),
            done => done.map_err(problem)?,
        };
        if let Reset::Done { .. } = done {
            tracing::info!(account = %id.0, "password set with a mailed code");
            self.tell_end_of_all(id, None, CloseReason::PasswordChanged);
            if let Some(mail_id) = mail_id {
                self.send_soon(Lane::Notices, id, mail_id);
            }
        }
        Ok(done)
    }

    async fn new_password(&self, account: &Account, body: &PasswordReset) -> ApiResult<Password> {
        let about = [account.username.as_str(), account.email.as_str(), account.name.as_str()];
        let mut findings = Findings::default();
        let password = findings.take("/new_password", self.check_password(&body.new_password, about).await?);
        password.ok_or_else(|| findings.problem().unwrap_or_else(|| Problem::new(ErrorCode::Internal)))
    }

    /// A mailbox is one factor: where a second one is on, it is asked for as well.
    async fn second_factor_of_reset(
        &self,
        account: &Account,
        body: &PasswordReset,
        door: &Door,
    ) -> ApiResult<Option<Checked>> {
        if account.two_factor_since.is_none() {
            return Ok(None);
        }
        let Some(given) = Given::of(body.second_factor_code.clone(), body.backup_code.clone())? else {
            let methods = vec![Method::Totp, Method::BackupCode];
            return Err(Problem::new(ErrorCode::SecondFactorRequired).with(|members| members.methods = Some(methods)));
        };
        self.check_second_factor(account.account_id, door, &given).await.map(Some)
    }

    async fn account_of_login(&self, kind: LoginKind, key: &str) -> ApiResult<Option<Account>> {
        match self.store().find_login(kind, key).await.map_err(problem)? {
            Some(id) => self.store().account(id).await.map_err(problem),
            None => Ok(None),
        }
    }

    fn mail_or_not_found(&self) -> ApiResult<()> {
        if self.sends_mail() {
            return Ok(());
        }
        let detail = "This service sends no mail. Ask the System Administrator for a new password.";
        Err(Problem::new(ErrorCode::NotFound).detail(detail))
    }
}

/// What a login is looked up by.
fn login(text: &str) -> (LoginKind, String) {
    if text.contains('@') { (LoginKind::Email, email_key(text)) } else { (LoginKind::Username, username_key(text)) }
}

//! Confirming a new e-mail address.

use std::time::Duration;

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    email::{CANCEL_EMAIL_CHANGE, CONFIRM_EMAIL, ConfirmEmail, EmailApi},
    problem::{ApiResult, ErrorCode, Problem},
    profile::Profile,
    wire::Versioned,
};
use latchkey_store::{Account, LoginKind, NewEmailChange, NewMail};

use crate::{
    error::problem,
    events::Origin,
    identity_rules::Email,
    mail::{Lane, Notice, Template, template},
    mailed_code::{self, EMAIL_CHANGE},
    profile,
    service::Service,
};

/// For how long a code is taken.
const VALID: Duration = Duration::from_hours(1);

/// Wrong codes after which a code counts no more.
const ATTEMPTS: i64 = 5;

#[async_trait::async_trait]
impl EmailApi for Service {
    async fn confirm_email(&self, caller: &Caller, body: ConfirmEmail) -> ApiResult<Versioned<Profile>> {
        let me = self.admitted(caller, &CONFIRM_EMAIL.meta).await?;
        let (account, id) = (&me.account, me.account.account_id);
        let entered = self.entered_code(&EMAIL_CHANGE, id, &body.code).await?;
        let now = self.environment().now();
        let waiting = self.store().attempt_email_change(id, ATTEMPTS, now).await.map_err(problem)?;
        let waiting = waiting.ok_or_else(|| none_waits(account))?;
        if !mailed_code::same(&waiting.code_hash, &entered) {
            return Err(mailed_code::incorrect());
        }
        let origin = Origin::of_session(caller, &me);
        let kind = ActivityKind::EmailChanged;
        let event = self.event(kind, &origin, &about(&waiting.email));
        let notice = Notice::EmailChanged { old: account.email.clone(), new: waiting.email };
        let mail = self.notice(account, &notice, &origin).await?;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let confirmed = self.store().confirm_email_change(id, origin.session, entered, now, event, mail).await;
        match confirmed {
            Ok(Some(account)) => {
                if let Some(mail_id) = mail_id {
                    self.send_soon(Lane::Notices, id, mail_id);
                }
                self.announce(id, origin.session, kind);
                Ok(profile::versioned(&account))
            }
            Ok(None) => Err(none_waits(account)),
            Err(error) => {
                self.store().forgive_email_change(id, entered).await.map_err(problem)?;
                Err(self.closed_meanwhile(&me, error).await)
            }
        }
    }

    async fn cancel_email_change(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        let me = self.admitted(caller, &CANCEL_EMAIL_CHANGE.meta).await?;
        let origin = Origin::of_session(caller, &me);
        let kind = ActivityKind::EmailChangeCancelled;
        let id = me.account.account_id;
        let event = self.event(kind, &origin, &given_up(&me.account));
        let now = self.environment().now();
        match self.store().cancel_email_change(id, origin.session, now, event).await {
            Ok(Some(account)) => {
                self.announce(id, origin.session, kind);
                Ok(profile::versioned(&account))
            }
            Ok(None) => Ok(profile::versioned(&me.account)),
            Err(error) => Err(self.closed_meanwhile(&me, error).await),
        }
    }
}

impl Service {
    /// What a new address waits with, and the mail with its code. Answers `taken` where another account has it: whoever
    /// asks is signed in, and learns no more than signing up tells.
    pub(crate) async fn new_email_change(
        &self,
        account: &Account,
        new: &Email,
    ) -> ApiResult<(NewEmailChange, NewMail)> {
        let (id, now) = (account.account_id, self.environment().now());
        let owner = self.store().find_login(LoginKind::Email, &new.key).await.map_err(problem)?;
        if owner.is_some_and(|owner| owner != id) {
            return Err(problem(latchkey_store::Error::Taken(vec![LoginKind::Email])));
        }
        self.shared.throttle.email_code(id, &new.key, now).await?;
        let code = self.new_code(&EMAIL_CHANGE, id).await?;
        let expires_at = now.saturating_add(VALID);
        let minutes = (VALID.as_secs() / 60).to_string();
        let text = Template::new(template::CONFIRM_EMAIL)
            .with("username", &account.username)
            .with("email", &new.shown)
            .with("code", &code.shown)
            .with("minutes", &minutes);
        let mail = self.write(id, &new.shown, text, Lane::Codes, expires_at).await?;
        let (email, email_key) = (new.shown.clone(), new.key.clone());
        Ok((NewEmailChange { email, email_key, code_hash: code.hash, expires_at }, mail))
    }
}

/// An event about an address.
pub(crate) fn about(email: &str) -> ActivityDetails {
    ActivityDetails { email: Some(email.to_owned()), ..ActivityDetails::default() }
}

/// About the address that was waiting.
pub(crate) fn given_up(account: &Account) -> ActivityDetails {
    ActivityDetails { email: account.pending_email.clone(), ..ActivityDetails::default() }
}

fn none_waits(account: &Account) -> Problem {
    let detail = match account.pending_email {
        Some(_) => "This code is no longer valid. Save the new address again to have another one mailed.",
        None => "No new address waits to be confirmed.",
    };
    Problem::new(ErrorCode::Conflict).detail(detail)
}

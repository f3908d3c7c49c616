//! What an administrator may do on the service's own machine. Whoever can run it can read the database anyway: there
//! is no gate.

use chrono::{DateTime, Utc};
use latchkey_api::{
    accounts::SignUp,
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    problem::{ApiResult, CloseReason as Why, ErrorCode, Problem},
    profile::Profile,
    wire::Secret,
};
use latchkey_store::{Account, AccountId, CloseReason, LoginKind, PasswordChange, RevokedKeys};
use uuid::Uuid;

use crate::{
    environment::date_time,
    error::problem,
    events::{self, Origin},
    identity_rules::{Findings, email_key, username_key},
    mail::{Lane, Notice},
    person::PERSONAL_API_KEY,
    profile,
    service::Service,
    ssh_keys,
};

/// An account, as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// The account.
    pub id: Uuid,
    /// The user name.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The display name.
    pub name: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Since when nobody may sign in; `None` for an account in use.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether signing in asks for a second factor.
    pub two_factor_enabled: bool,
}

/// How many keys of a person were deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedUserKeys {
    /// API keys, the personal one among them.
    pub api_keys: usize,
    /// SSH keys.
    pub ssh_keys: usize,
}

impl Service {
    /// Creates an account whatever the sign-up policy says; the rules for names and passwords hold.
    pub async fn create_user(&self, user: SignUp) -> ApiResult<Profile> {
        let account = self.add_account(&Caller::default(), user, false).await?;
        Ok(profile::wire(&account))
    }

    /// Up to `limit` accounts, the oldest first, after the one with this id.
    pub async fn list_users(&self, after: Option<Uuid>, limit: u8) -> ApiResult<Vec<AccountSummary>> {
        let rows = self.store().list_accounts(after.map(AccountId), i64::from(limit)).await.map_err(problem)?;
        Ok(rows.iter().map(summary).collect())
    }

    /// The account with this user name or e-mail address. Answers `not_found`.
    pub async fn find_user(&self, login: &str) -> ApiResult<AccountSummary> {
        self.user(login).await.map(|account| summary(&account))
    }

    /// Keeps a person from signing in and closes all their sessions.
    pub async fn disable_user(&self, login: &str) -> ApiResult<AccountSummary> {
        let (account, now) = (self.user(login).await?, self.environment().now());
        let id = account.account_id;
        let event = self.event(ActivityKind::AccountDisabled, &Origin::administrator(), &ActivityDetails::default());
        if self.store().disable_account(id, now, event).await.map_err(problem)? {
            self.tell_end_of_all(id, None, Why::ClosedByAdministrator);
        }
        self.find_user(login).await
    }

    /// Lets a person sign in again.
    pub async fn enable_user(&self, login: &str) -> ApiResult<AccountSummary> {
        let account = self.user(login).await?;
        let event = self.event(ActivityKind::AccountEnabled, &Origin::administrator(), &ActivityDetails::default());
        self.store().enable_account(account.account_id, event).await.map_err(problem)?;
        self.find_user(login).await
    }

    /// Closes all sessions of a person; answers how many.
    pub async fn close_user_sessions(&self, login: &str) -> ApiResult<u32> {
        let (account, now) = (self.user(login).await?, self.environment().now());
        let (id, reason) = (account.account_id, CloseReason::ClosedByAdministrator);
        let kind = ActivityKind::SessionsClosedByAdministrator;
        let event = self.counted_event(kind, &Origin::administrator(), events::closed);
        let closed = self.store().close_sessions(id, None, reason, now, event).await.map_err(problem)?;
        self.tell_end_of_all(id, None, Why::ClosedByAdministrator);
        Ok(u32::try_from(closed).unwrap_or(u32::MAX))
    }

    /// Gives a person another password and closes all their sessions. The rules for passwords hold, and a second factor
    /// stays. Answers `invalid_field` at `/password`.
    pub async fn reset_user_password(&self, login: &str, password: &Secret) -> ApiResult<AccountSummary> {
        let account = self.user(login).await?;
        let about = [account.username.as_str(), account.email.as_str(), account.name.as_str()];
        let mut findings = Findings::default();
        let Some(password) = findings.take("/password", self.check_password(password, about).await?) else {
            return Err(findings.problem().unwrap_or_else(|| Problem::new(ErrorCode::Internal)));
        };
        let origin = Origin::administrator();
        let change = PasswordChange {
            checked_phc: None,
            new_phc: self.shared.hasher.hash(password, self.environment()).await?,
            by: None,
            close: Some(CloseReason::ClosedByAdministrator),
            now: self.environment().now(),
            event: self.counted_event(ActivityKind::PasswordResetByAdministrator, &origin, events::closed),
        };
        let id = account.account_id;
        self.store().change_password(id, change).await.map_err(problem)?;
        self.tell_end_of_all(id, None, Why::ClosedByAdministrator);
        self.notify_by_mail(&account, Notice::PasswordReset { by_administrator: true }, &origin).await;
        self.find_user(login).await
    }

    /// Deletes all API keys and SSH keys of a person, as after somebody else had their account; answers how many of each.
    /// Tokens of the registry that were issued before live on for their five minutes.
    pub async fn revoke_user_keys(&self, login: &str) -> ApiResult<RevokedUserKeys> {
        let account = self.user(login).await?;
        let (id, origin) = (account.account_id, Origin::administrator());
        let mail = self.notice(&account, &Notice::KeysRevoked, &origin).await?;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let service = self.clone();
        let events = move |revoked: &RevokedKeys| {
            let event = |kind, key: String, fingerprint| {
                let details = ActivityDetails { key: Some(key), fingerprint, ..ActivityDetails::default() };
                service.event(kind, &Origin::administrator(), &details)
            };
            let personal = revoked.personal.then(|| PERSONAL_API_KEY.to_owned());
            let api = personal.into_iter().chain(revoked.api_keys.iter().cloned());
            let api = api.map(|name| event(ActivityKind::ApiKeyDeleted, name, None));
            let ssh = revoked.ssh_keys.iter().map(|(name, fingerprint)| {
                event(ActivityKind::SshKeyRemoved, name.clone(), Some(ssh_keys::shown(fingerprint)))
            });
            api.chain(ssh).collect()
        };
        let revoked = self.store().revoke_keys(id, Box::new(events), mail).await.map_err(problem)?;
        let api_keys = revoked.api_keys.len() + usize::from(revoked.personal);
        let count = RevokedUserKeys { api_keys, ssh_keys: revoked.ssh_keys.len() };
        if count.api_keys > 0 {
            self.announce(id, None, ActivityKind::ApiKeyDeleted);
        }
        if count.ssh_keys > 0 {
            self.announce(id, None, ActivityKind::SshKeyRemoved);
        }
        if let Some(mail_id) = mail_id.filter(|_| revoked != RevokedKeys::default()) {
            self.send_soon(Lane::Notices, id, mail_id);
        }
        Ok(count)
    }

    /// Switches a person's two-factor authentication off, for somebody who lost both app and backup codes, and closes
    /// all their sessions. Where the policy demands it they set it up anew at their next sign-in. Answers `conflict`
    /// where it is off.
    pub async fn disable_user_two_factor(&self, login: &str) -> ApiResult<AccountSummary> {
        let account = self.user(login).await?;
        let (id, now, origin) = (account.account_id, self.environment().now(), Origin::administrator());
        let event = self.counted_event(ActivityKind::TwoFactorDisabledByAdministrator, &origin, events::closed);
        let closed = self.store().disable_two_factor(id, None, now, event).await.map_err(problem)?;
        let off = || Problem::new(ErrorCode::Conflict).detail("Two-factor authentication is off.");
        closed.ok_or_else(off)?;
        self.tell_end_of_all(id, None, Why::TwoFactorChanged);
        self.notify_by_mail(&account, Notice::TwoFactorDisabled { by_administrator: true }, &origin).await;
        self.find_user(login).await
    }

    async fn user(&self, login: &str) -> ApiResult<Account> {
        let (kind, key) = if login.contains('@') {
            (LoginKind::Email, email_key(login))
        } else {
            (LoginKind::Username, username_key(login))
        };
        let missing = || Problem::new(ErrorCode::NotFound).detail(format!("There is no account {login}."));
        let id = self.store().find_login(kind, &key).await.map_err(problem)?.ok_or_else(missing)?;
        self.store().account(id).await.map_err(problem)?.ok_or_else(missing)
    }
}

fn summary(account: &Account) -> AccountSummary {
    AccountSummary {
        id: account.account_id.0,
        username: account.username.clone(),
        email: account.email.clone(),
        name: account.name.clone(),
        created_at: date_time(account.created_at),
        disabled_at: account.disabled_at.map(date_time),
        two_factor_enabled: account.two_factor_since.is_some(),
    }
}

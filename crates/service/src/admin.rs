//! What an administrator may do on the service's own machine. Whoever can run it can read the database anyway: there
//! is no gate.

use chrono::{DateTime, Utc};
use latchkey_api::{
    accounts::SignUp,
    common::Caller,
    problem::{ApiResult, ErrorCode, Problem},
    profile::Profile,
};
use latchkey_store::{Account, AccountId, CloseReason, LoginKind};
use uuid::Uuid;

use crate::{
    environment::date_time,
    error::problem,
    identity_rules::{email_key, username_key},
    profile,
    service::Service,
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
        // The mark first: no session begins after it.
        if account.disabled_at.is_none() {
            self.store().set_disabled(account.account_id, Some(now)).await.map_err(problem)?;
        }
        let closed = self.store().close_all_sessions(account.account_id, CloseReason::AccountDisabled, now).await;
        closed.map_err(problem)?;
        self.find_user(login).await
    }

    /// Lets a person sign in again.
    pub async fn enable_user(&self, login: &str) -> ApiResult<AccountSummary> {
        let account = self.user(login).await?;
        self.store().set_disabled(account.account_id, None).await.map_err(problem)?;
        self.find_user(login).await
    }

    /// Closes all sessions of a person; answers how many.
    pub async fn close_user_sessions(&self, login: &str) -> ApiResult<u32> {
        let (account, now) = (self.user(login).await?, self.environment().now());
        let reason = CloseReason::ClosedByAdministrator;
        let closed = self.store().close_all_sessions(account.account_id, reason, now).await.map_err(problem)?;
        Ok(u32::try_from(closed).unwrap_or(u32::MAX))
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
    }
}

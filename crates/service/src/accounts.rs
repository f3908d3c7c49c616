//! Creating accounts.

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    instance::SignUpPolicy,
    problem::{ApiResult, ErrorCode, Problem},
    profile::Profile,
};
use latchkey_store::{Account, AccountId, NewAccount};

use crate::{
    error::problem,
    events::Origin,
    identity_rules::{self, Findings},
    profile,
    request_span::name_account,
    service::Service,
};

#[async_trait::async_trait]
impl AccountsApi for Service {
    async fn create_account(&self, caller: &Caller, body: SignUp) -> ApiResult<Profile> {
        if self.settings().sign_up == SignUpPolicy::Closed {
            return Err(Problem::new(ErrorCode::SignUpClosed));
        }
        let account = self.add_account(caller, body, true).await?;
        Ok(profile::wire(&account))
    }
}

impl Service {
    /// Checks and stores a new account. `throttled` is false for an administrator.
    pub(crate) async fn add_account(&self, caller: &Caller, body: SignUp, throttled: bool) -> ApiResult<Account> {
        let environment = self.environment();
        if throttled {
            // Before anything is looked at: what does not hold the rules costs work too.
            self.shared.throttle.try_sign_up(caller.address, environment.now()).await?;
        }
        let mut findings = Findings::default();
        let username = findings.take("/username", identity_rules::username(&body.username));
        let email = findings.take("/email", identity_rules::email(&body.email));
        let name = findings.take("/name", identity_rules::display_name(&body.name));
        let about = [body.username.as_str(), body.email.as_str(), body.name.as_str()];
        let password = findings.take("/password", self.check_password(&body.password, about).await?);
        let (Some(username), Some(email), Some(name), Some(password)) = (username, email, name, password) else {
            return Err(findings.problem().unwrap_or_else(|| Problem::new(ErrorCode::Internal)));
        };
        if throttled {
            self.shared.throttle.sign_up(caller.address, environment.now()).await?;
        }
        let password_phc = self.shared.hasher.hash(password, environment).await?;
        let name_hash = self.held_name_hash(&username.key, environment.now()).await?;
        let new = NewAccount {
            account_id: AccountId(environment.uuid()),
            username: username.shown,
            username_key: username.key,
            email: email.shown,
            email_key: email.key,
            name,
            password_phc,
            name_hash,
            created_at: environment.now(),
            event: self.event(ActivityKind::AccountCreated, &Origin::of_caller(caller), &ActivityDetails::default()),
        };
        let account = self.store().sign_up(new).await.map_err(problem)?;
        name_account(account.account_id);
        tracing::info!(account = %account.account_id.0, "account created");
        Ok(account)
    }
}

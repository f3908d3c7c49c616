//! The connection an attempt comes to, once the provider gave its tokens.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    integrations::*,
    problem::{ApiResult, ErrorCode, Problem},
};
use latchkey_store::{AccountId, Connected, Connecting, Micros, NewIntegration};

use crate::{
    connect_request::full,
    integration_answers::{Taken, not_of_this_flow},
    integration_attempts::Kept,
    integration_checks::next_check,
    integration_providers::called,
    integration_tokens::Arrived,
    mail::Notice,
    providers::{ProviderSettings, ProviderUser},
    service::Service,
};

impl Service {
    /// Asks who let us in, and makes the connection.
    pub(crate) async fn make_integration(&self, taken: Taken<'_>, kept: Kept) -> ApiResult<AttemptState> {
        let Some(arrived) = kept.arrived else { return Err(not_of_this_flow()) };
        let (me, at) = (taken.me, &taken.at);
        let name = called(at.provider, at.host());
        let user = match self.environment().providers.user(at, &arrived.tokens.access_token).await {
            Ok(user) => user,
            Err(error) => return self.not_granted(&taken, error).await,
        };
        let connecting = self.connecting(&taken, &arrived, &user).await?;
        let mail = connecting.mail.as_ref().map(|mail| mail.mail_id);
        let account = me.account.account_id;
        let (integration, kind, mail) = match self.store().connect_integration(account, connecting).await {
            Ok(Connected::New(integration)) => (integration, ActivityKind::IntegrationConnected, mail),
            Ok(Connected::Renewed { integration, replaced }) => {
                self.forget_replaced(account, at, &replaced, &arrived).await;
                (integration, ActivityKind::IntegrationReconnected, None)
            }
            Ok(refused) => {
                self.revoke_unwanted(account, at.clone(), arrived.tokens);
                return not_connected(refused, &name, &user.login);
            }
            Err(error) => {
                // The tokens stay with the attempt, unless nobody can go on with it.
                let problem = self.closed_meanwhile(me, error).await;
                if problem.body().status < 500 {
                    self.end_attempt(me, taken.attempt.attempt_id).await?;
                } else {
                    self.wait(&taken, taken.attempt.poll_seconds, None).await?;
                }
                return Err(problem);
            }
        };
        tracing::info!(account = %account.0, host = at.host(), "an account at a provider is connected");
        self.told(account, taken.origin, kind, mail);
        let integration = self.shown(&integration);
        Ok(AttemptState { status: AttemptStatus::Connected, interval: 0, detail: None, integration })
    }

    async fn connecting(&self, taken: &Taken<'_>, arrived: &Arrived, user: &ProviderUser) -> ApiResult<Connecting> {
        let (me, at, now) = (taken.me, &taken.at, self.environment().now());
        let details = ActivityDetails {
            provider: Some(at.provider),
            host: Some(at.host().into()),
            login: Some(user.login.clone()),
            ..ActivityDetails::default()
        };
        let event = |kind| self.event(kind, taken.origin, &details);
        let notice = Notice::IntegrationConnected { provider: called(at.provider, at.host()) };
        let mail = match taken.attempt.reconnect {
            None => self.notice_or_none(&me.account, &notice, taken.origin).await,
            Some(_) => None,
        };
        let scopes = user.scopes.clone().or_else(|| arrived.scopes.clone()).unwrap_or_default();
        let new = NewIntegration {
            integration_id: self.environment().uuid(),
            provider: taken.attempt.provider.clone(),
            host: at.host().into(),
            subject: user.subject.clone(),
            login: user.login.clone(),
            scopes: scopes.join(" "),
            sealed: self.seal_tokens(me.account.account_id, &arrived.tokens).await?,
            refreshable: arrived.tokens.refresh_token.is_some(),
            expires_at: arrived.expires_at.map(Micros),
            now,
            next_check_at: next_check(self.environment(), now),
        };
        Ok(Connecting {
            by: me.session.session_id,
            attempt: taken.attempt.attempt_id,
            reconnect: taken.attempt.reconnect,
            new,
            most: MAX_INTEGRATIONS,
            connected: event(ActivityKind::IntegrationConnected),
            reconnected: event(ActivityKind::IntegrationReconnected),
            mail,
        })
    }

    /// Has the provider forget the token that a renewed connection had, unless it gave the same one again.
    async fn forget_replaced(&self, account: AccountId, at: &ProviderSettings, replaced: &[u8], new: &Arrived) {
        if let Ok(old) = self.open_tokens(account, replaced).await
            && old.access_token != new.tokens.access_token
        {
            self.revoke_soon(at.clone(), old.without_the_grant());
        }
    }
}

/// Why nothing was connected though the provider agreed.
fn not_connected(refused: Connected, name: &str, login: &str) -> ApiResult<AttemptState> {
    let detail = match refused {
        Connected::OtherAccount(expected) => format!(
            "You agreed as {login}, and this connection is of {expected}. Sign in at {name} as {expected} and try again."
        ),
        Connected::Removed => "This connection was removed meanwhile. Connect the account anew.".to_owned(),
        Connected::Full => return Err(full()),
        _ => return Err(Problem::new(ErrorCode::NotFound)),
    };
    Ok(AttemptState { status: AttemptStatus::Failed, interval: 0, detail: Some(detail), integration: None })
}

//! Whether connections work: looked at when somebody asks, and once a day by itself.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures_util::future::BoxFuture;
use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    instance::Provider,
    integrations::IntegrationFailure,
    problem::ApiResult,
    wire::Secret,
};
use latchkey_store::{AccountId, Check, Found, Integration, Micros};
use tokio::{sync::Semaphore, task::JoinSet};
use uuid::Uuid;

use crate::{
    environment::Environment,
    error::problem,
    events::Origin,
    integration_providers::provider_of,
    integration_tokens::KeptTokens,
    integration_trouble::{self, Trouble},
    providers::{ProviderError, ProviderSettings, ProviderUser},
    service::Service,
};

/// Between two looks: a day, give or take two hours, so that not all come at once.
const A_DAY: Duration = Duration::from_hours(22);
const MORE: u64 = 4 * 3600;

/// The same where the provider could not be reached: an hour, give or take.
const AN_HOUR: Duration = Duration::from_mins(50);
const A_LITTLE_MORE: u64 = 20 * 60;

/// Connections a round looks at, and how many of them at one time.
const ROUND: i64 = 200;
const AT_ONCE: usize = 8;

/// What is asked of a provider with a token.
pub(crate) type Asking<'a, T> = dyn Fn(Secret) -> BoxFuture<'a, Result<T, ProviderError>> + Send + Sync + 'a;

/// When a connection is looked at the next time.
pub(crate) fn next_check(environment: &Environment, now: Micros) -> Micros {
    later(environment, now, A_DAY, MORE)
}

fn later(environment: &Environment, now: Micros, least: Duration, more: u64) -> Micros {
    let some = u64::from_le_bytes(environment.bytes()) % more;
    now.saturating_add(least + Duration::from_secs(some))
}

impl Service {
    /// Looks at the connections that are due, in the background, one round at a time.
    pub(crate) fn check_due_integrations(&self) {
        if self.settings().integrations.is_empty() || self.shared.connections.in_round.swap(true, Ordering::AcqRel) {
            return;
        }
        let service = self.clone();
        tokio::spawn(async move {
            if let Err(problem) = service.integration_round().await {
                tracing::warn!(%problem, "connections that are due were not looked at");
            }
            service.shared.connections.in_round.store(false, Ordering::Release);
        });
    }

    pub(crate) async fn integration_round(&self) -> ApiResult<()> {
        let due = self.store().due_integrations(self.environment().now(), ROUND).await.map_err(problem)?;
        let (turns, mut looking) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
        for (account, id, was) in due {
            let (service, turns) = (self.clone(), turns.clone());
            looking.spawn(async move {
                let Ok(_turn) = turns.acquire().await else { return };
                if let Err(problem) = service.look_at_due(account, id, was).await {
                    tracing::warn!(%problem, integration = %id, "a connection was not looked at");
                }
            });
        }
        while looking.join_next().await.is_some() {}
        Ok(())
    }

    /// Takes one that is due, so that no other node looks at it today, and looks.
    async fn look_at_due(&self, account: AccountId, id: Uuid, was: Micros) -> ApiResult<()> {
        let environment = self.environment();
        let next = next_check(environment, environment.now());
        let taken = self.store().take_integration_check(account, id, was, next).await.map_err(problem)?;
        let Some(row) = taken else { return Ok(()) };
        let found = self.store().account(account).await.map_err(problem)?;
        // In the name of somebody who is kept out nothing is done.
        if found.is_none_or(|account| account.disabled_at.is_some()) {
            return Ok(());
        }
        match self.look_at(account, row).await {
            Ok(_) | Err(Trouble::Gone | Trouble::TooOften(_) | Trouble::Failure(_)) => Ok(()),
            Err(Trouble::Ours(problem)) => Err(problem),
        }
    }

    /// Looks whether a connection works and writes down what was found; answers it as it is then. A provider that asks to
    /// be asked less often has said nothing about it.
    pub(crate) async fn look_at(&self, account: AccountId, row: Integration) -> Result<Integration, Trouble> {
        let configured = provider_of(&row.provider).and_then(|provider| self.configured(provider, &row.host));
        let Some(at) = configured else { return Ok(row) };
        let (id, subject) = (row.integration_id, row.subject.clone());
        let providers = self.environment().providers.clone();
        let (providers, settings) = (&providers, &at);
        let who =
            |token: Secret| -> BoxFuture<'_, _> { Box::pin(async move { providers.user(settings, &token).await }) };
        match self.ask_provider(account, row, &at, &who).await {
            (row, Ok(user)) if user.subject == subject => self.found_working(account, &row, user).await?,
            (row, Ok(_)) => self.found_broken(account, &row, IntegrationFailure::Refused).await?,
            // Written down where it was found.
            (_, Err(Trouble::Failure(IntegrationFailure::Revoked | IntegrationFailure::Unreadable))) => {}
            (row, Err(Trouble::Failure(IntegrationFailure::Unreachable))) => {
                self.found_in_doubt(account, &row, &at).await?;
            }
            (row, Err(Trouble::Failure(failure))) => self.found_broken(account, &row, failure).await?,
            (_, Err(trouble)) => return Err(trouble),
        }
        let row = self.store().get_integration(account, id).await.map_err(problem)?;
        row.ok_or(Trouble::Gone)
    }

    /// Asks the provider with a token that is good; answers the connection as it was asked with. A token that the provider
    /// does not take is replaced once, where that can be done; a connection that is found not to work is marked.
    pub(crate) async fn ask_provider<T>(
        &self,
        account: AccountId,
        row: Integration,
        at: &ProviderSettings,
        asking: &Asking<'_, T>,
    ) -> (Integration, Result<T, Trouble>) {
        let generation = row.generation;
        let (row, tokens) = match self.good_tokens(account, row.clone(), at).await {
            Ok(good) => good,
            Err(trouble) => return (row, Err(trouble)),
        };
        let error = match asking(tokens.access_token).await {
            Ok(answer) => return (row, Ok(answer)),
            Err(error) => error,
        };
        tracing::info!(%error, integration = %row.integration_id, "a provider did not answer as it should");
        let revoked = matches!(error, ProviderError::Revoked(_));
        // Unless it is a new one already.
        if !revoked || tokens.refresh_token.is_none() || row.generation != generation {
            let marked = self.marked(account, &row, Err(error.into())).await;
            return (row, marked);
        }
        let renewed = self.new_tokens(account, &row, at).await;
        let (row, tokens) = match self.marked(account, &row, renewed).await {
            Ok(renewed) => renewed,
            Err(trouble) => return (row, Err(trouble)),
        };
        let answer = asking(tokens.access_token).await.map_err(Trouble::from);
        let marked = self.marked(account, &row, answer).await;
        (row, marked)
    }

    /// Tokens to ask with; a connection whose tokens are not good any more is marked.
    pub(crate) async fn good_tokens(
        &self,
        account: AccountId,
        row: Integration,
        at: &ProviderSettings,
    ) -> Result<(Integration, KeptTokens), Trouble> {
        let fresh = self.fresh_tokens(account, row.clone(), at).await;
        self.marked(account, &row, fresh).await
    }

    /// Writes down that a connection does not work, where that was found.
    async fn marked<T>(&self, account: AccountId, row: &Integration, found: Result<T, Trouble>) -> Result<T, Trouble> {
        if let Err(Trouble::Failure(failure @ (IntegrationFailure::Revoked | IntegrationFailure::Unreadable))) = found {
            self.found_broken(account, row, failure).await?;
        }
        found
    }

    async fn found_working(&self, account: AccountId, row: &Integration, user: ProviderUser) -> ApiResult<()> {
        let found = Found::Works { login: user.login, scopes: user.scopes.map(|scopes| scopes.join(" ")) };
        let now = self.environment().now();
        self.found(account, row, next_check(self.environment(), now), found).await
    }

    async fn found_in_doubt(&self, account: AccountId, row: &Integration, at: &ProviderSettings) -> ApiResult<()> {
        let detail = integration_trouble::detail(IntegrationFailure::Unreachable, at.provider, &row.host);
        let next = later(self.environment(), self.environment().now(), AN_HOUR, A_LITTLE_MORE);
        self.found(account, row, next, Found::InDoubt { detail }).await
    }

    async fn found_broken(&self, account: AccountId, row: &Integration, failure: IntegrationFailure) -> ApiResult<()> {
        let Some(provider) = provider_of(&row.provider) else { return Ok(()) };
        let found = Found::Broken {
            failure: integration_trouble::word(failure),
            detail: integration_trouble::detail(failure, provider, &row.host),
            event: self.event(ActivityKind::IntegrationFailed, &Origin::default(), &about(provider, row)),
        };
        let next = next_check(self.environment(), self.environment().now());
        self.found(account, row, next, found).await
    }

    async fn found(&self, account: AccountId, row: &Integration, next_check_at: Micros, found: Found) -> ApiResult<()> {
        let check = Check { generation: row.generation, at: self.environment().now(), next_check_at, found };
        let breaks = self.store().record_integration_check(account, row.integration_id, check).await;
        if breaks.map_err(problem)? {
            tracing::info!(account = %account.0, integration = %row.integration_id, "a connection does not work any more");
            self.announce(account, None, ActivityKind::IntegrationFailed);
        }
        Ok(())
    }
}

/// What the activity says of a connection.
pub(crate) fn about(provider: Provider, row: &Integration) -> ActivityDetails {
    ActivityDetails {
        provider: Some(provider),
        host: Some(row.host.clone()),
        login: Some(row.login.clone()),
        ..ActivityDetails::default()
    }
}

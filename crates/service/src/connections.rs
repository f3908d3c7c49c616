//! What the service does at others, and has to bring to an end whoever goes away: tokens that were granted are kept, and
//! those that nobody needs are revoked.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use latchkey_api::problem::{ApiResult, Problem};
use latchkey_store::{AccountId, Integration};
use tokio::sync::Semaphore;

use crate::{
    integration_providers::provider_of,
    integration_tokens::{KeptTokens, Refreshes},
    providers::ProviderSettings,
    service::Service,
};

/// Tasks at one time. A provider that hangs holds these, and each for some seconds.
const AT_ONCE: u32 = 64;

/// How long a provider has to revoke tokens. They are forgotten here all the same.
const REVOKING: Duration = Duration::from_secs(10);

/// How long the end of the service waits for what is under way.
const CLOSING: Duration = Duration::from_secs(5);

/// What is under way.
pub(crate) struct Connections {
    pub(crate) refreshes: Refreshes,
    /// Whether due connections are being looked at.
    pub(crate) in_round: AtomicBool,
    turns: Arc<Semaphore>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            refreshes: Refreshes::default(),
            in_round: AtomicBool::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE as usize)),
        }
    }
}

impl Service {
    /// Does something in a task of its own, beginning now, whether or not somebody waits for what comes of it.
    pub(crate) fn undisturbed<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = ApiResult<T>> + Send + 'static {
        let turns = self.shared.connections.turns.clone();
        let task = tokio::spawn(async move {
            // Closed with the service: nothing begins any more.
            let _turn = turns.acquire_owned().await.map_err(Problem::internal)?;
            Ok(work.await)
        });
        async { task.await.unwrap_or_else(|error| Err(crate::error::internal(&error))) }
    }

    /// Lets what is under way come to its end, and begins nothing more.
    pub(crate) async fn close_connections(&self) {
        let turns = &self.shared.connections.turns;
        if tokio::time::timeout(CLOSING, turns.acquire_many(AT_ONCE)).await.is_err() {
            tracing::warn!("a provider of source code has not answered; what it was asked may be asked once more");
        }
        turns.close();
    }

    /// Has a provider forget tokens. `false` where it cannot be asked to, or did not do it.
    pub(crate) async fn revoke(&self, at: &ProviderSettings, tokens: &KeptTokens) -> bool {
        let revoked = self.environment().providers.revoke(at, &tokens.access_token, tokens.refresh_token.as_ref());
        match tokio::time::timeout(REVOKING, revoked).await {
            Ok(Ok(revoked)) => revoked,
            Ok(Err(error)) => {
                tracing::warn!(%error, host = at.host(), "tokens were not revoked");
                false
            }
            Err(_) => {
                tracing::warn!(host = at.host(), "tokens were not revoked: no answer in time");
                false
            }
        }
    }

    /// The same in the background.
    pub(crate) fn revoke_soon(&self, at: ProviderSettings, tokens: KeptTokens) {
        let service = self.clone();
        drop(self.undisturbed(async move { service.revoke(&at, &tokens).await }));
    }

    /// Has providers forget the tokens of connections that are gone, in the background, as far as it can be done.
    pub(crate) fn forget_soon(&self, account: AccountId, gone: Vec<Integration>) {
        for row in gone {
            let service = self.clone();
            drop(self.undisturbed(async move { service.forget(account, &row).await }));
        }
    }

    /// Has the provider forget the tokens of a connection that is gone; whether it did.
    pub(crate) async fn forget(&self, account: AccountId, gone: &Integration) -> bool {
        let at = provider_of(&gone.provider).and_then(|provider| self.configured(provider, &gone.host));
        match (at, self.open_tokens(account, &gone.sealed).await) {
            (Some(at), Ok(tokens)) => self.revoke(&at, &tokens).await,
            _ => false,
        }
    }
}

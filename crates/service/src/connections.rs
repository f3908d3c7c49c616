//! What the service does at others, and has to bring to an end whoever goes away: tokens that were granted are kept, and
//! those that nobody needs are revoked.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_store::{AccountId, Integration};
use tokio::sync::Semaphore;

use crate::{
    integration_providers::{provider_of, word},
    integration_tokens::{KeptTokens, Refreshes},
    providers::ProviderSettings,
    service::Service,
};

/// Tasks that are asked for and not done. Whoever comes when there are as many is told that the service is busy.
const AT_ONCE: u32 = 2048;

/// Tasks at one time with one host: those at a provider that hangs keep nobody from another one.
const WITH_A_HOST: usize = 32;

/// How long a provider has to revoke tokens. They are forgotten here all the same.
const REVOKING: Duration = Duration::from_secs(10);

/// How long the end of the service waits for what is under way.
///
/// Longer than a call of a provider takes: tokens that it has replaced are worth nothing any more once it answered.
const CLOSING: Duration = Duration::from_secs(16);

/// What is under way.
pub(crate) struct Connections {
    pub(crate) refreshes: Refreshes,
    /// Whether due connections are being looked at.
    pub(crate) in_round: AtomicBool,
    tasks: Arc<Semaphore>,
    /// By the host: as many as the administrator has configured.
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            refreshes: Refreshes::default(),
            in_round: AtomicBool::default(),
            tasks: Arc::new(Semaphore::new(AT_ONCE as usize)),
            hosts: Mutex::default(),
        }
    }
}

impl Connections {
    fn turns_with(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(WITH_A_HOST))).clone()
    }
}

impl Service {
    /// Does something with a host in a task of its own, beginning now, whether or not somebody waits for what comes of it.
    /// Answers `busy` where too much is under way, and once the service is being closed.
    pub(crate) fn undisturbed<T: Send + 'static>(
        &self,
        host: &str,
        work: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = ApiResult<T>> + Send + 'static {
        let connections = &self.shared.connections;
        // It is under way from here on, and the end of the service waits for it.
        let task = connections.tasks.clone().try_acquire_owned().ok().map(|task| {
            let turns = connections.turns_with(host);
            tokio::spawn(async move {
                let _task = task;
                let _turn = turns.acquire_owned().await.map_err(Problem::internal)?;
                Ok(work.await)
            })
        });
        async {
            match task {
                Some(task) => task.await.unwrap_or_else(|error| Err(crate::error::internal(&error))),
                None => Err(Problem::new(ErrorCode::Busy).retry_after(5)),
            }
        }
    }

    /// Lets what is under way come to its end, and begins nothing more.
    pub(crate) async fn close_connections(&self) {
        let tasks = &self.shared.connections.tasks;
        if tokio::time::timeout(CLOSING, tasks.acquire_many(AT_ONCE)).await.is_err() {
            tracing::warn!("a provider of source code has not answered; what it was asked may be asked once more");
        }
        tasks.close();
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
        let host = at.host().to_owned();
        drop(self.undisturbed(&host, async move { service.revoke(&at, &tokens).await }));
    }

    /// Has a provider forget tokens that came and are not kept, in the background. Where somebody of this account is
    /// connected there, what they granted stays.
    pub(crate) fn revoke_unwanted(&self, account: AccountId, at: ProviderSettings, tokens: KeptTokens) {
        let service = self.clone();
        let host = at.host().to_owned();
        drop(self.undisturbed(&host, async move {
            let there = |row: &Integration| row.provider == word(at.provider) && row.host == at.host();
            let rows = service.store().list_integrations(account).await;
            let alone = rows.is_ok_and(|rows| !rows.iter().any(there));
            let tokens = if alone { tokens } else { tokens.without_the_grant() };
            service.revoke(&at, &tokens).await
        }));
    }

    /// Has providers forget the tokens of connections that are gone, in the background, as far as it can be done.
    pub(crate) fn forget_soon(&self, account: AccountId, gone: Vec<Integration>) {
        for row in gone {
            let service = self.clone();
            let host = row.host.clone();
            drop(self.undisturbed(&host, async move { service.forget(account, &row).await }));
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

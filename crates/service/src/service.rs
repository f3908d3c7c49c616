//! The service: what all areas share.

use std::sync::{Arc, PoisonError, RwLock};

use latchkey_api::{
    endpoint::Health,
    problem::{ApiResult, Problem},
};
use latchkey_store::{Database, OpenError, SessionId, Statistics, Store};
use tokio::sync::Semaphore;

use crate::{
    connections::Connections, environment::Environment, error::problem, figures::Counts, hub::Hub, key_use::KeyUse,
    last_use::LastUse, mail::Outbox, nodes::Nodes, passwords::Hasher, quotas::Quotas, rate_limit::RateLimits,
    rounds::Rounds, sealing::Sealing, settings::Settings, signing_keys::SigningKeys, ssh_key_use::SshKeyUses,
    throttle::Throttle,
};

/// The account service. Cheap to clone; all clones are one service.
#[derive(Clone)]
pub struct Service {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    /// What the caller decided.
    pub(crate) configured: Settings,
    /// That, with what the database says over it.
    settings: RwLock<Arc<Settings>>,
    pub(crate) environment: Environment,
    pub(crate) hasher: Hasher,
    pub(crate) throttle: Throttle,
    pub(crate) last_use: LastUse,
    pub(crate) ssh_key_uses: SshKeyUses,
    pub(crate) key_use: KeyUse,
    pub(crate) rate_limits: RateLimits,
    pub(crate) session_rates: Quotas<SessionId>,
    pub(crate) hub: Hub,
    pub(crate) nodes: Nodes,
    pub(crate) sealing: Sealing,
    pub(crate) signing: SigningKeys,
    pub(crate) outbox: Outbox,
    pub(crate) registry_checks: Rounds,
    pub(crate) integration_checks: Rounds,
    pub(crate) connections: Connections,
    pub(crate) counts: Counts,
    /// Pictures decoded at once: each may hold many megabytes.
    pub(crate) pictures: Arc<Semaphore>,
}

impl Shared {
    pub(crate) fn set_settings(&self, settings: Arc<Settings>) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }
}

#[async_trait::async_trait]
impl Health for Service {
    /// Reads, and gets its turn to write.
    async fn ready(&self) -> ApiResult<()> {
        self.shared.store.ping().await.map_err(problem)
    }
}

impl Service {
    /// Opens a database, makes the file of one on SQLite where there is none, and brings its schema up to date.
    ///
    /// # Panics
    /// When the hash cost in the settings is not one that Argon2 knows (RFC 9106 section 3.1).
    pub async fn open(
        database: impl Into<Database>,
        settings: Settings,
        environment: Environment,
    ) -> Result<Self, OpenError> {
        let store = Store::open(database).await?;
        let hasher = Hasher::new(settings.hash_cost, &environment).expect("the hash cost is within RFC 9106");
        let nodes = Nodes::new(&environment, !store.has_notices());
        let shared = Shared {
            throttle: Throttle::new(store.clone(), settings.throttles),
            rate_limits: RateLimits::new(store.has_notices()),
            session_rates: Quotas::default(),
            store,
            settings: RwLock::new(Arc::new(settings.clone())),
            configured: settings,
            environment,
            hasher,
            last_use: LastUse::default(),
            ssh_key_uses: SshKeyUses::default(),
            key_use: KeyUse::default(),
            hub: Hub::default(),
            nodes,
            sealing: Sealing::default(),
            signing: SigningKeys::default(),
            outbox: Outbox::default(),
            registry_checks: Rounds::default(),
            integration_checks: Rounds::default(),
            connections: Connections::default(),
            counts: Counts::default(),
            pictures: Arc::new(Semaphore::new(2)),
        };
        let service = Self { shared: Arc::new(shared) };
        // A database that can be opened and not be read is told by the first request, and policies by the next upkeep.
        if let Err(problem) = service.refresh_policies().await {
            tracing::warn!(%problem, "the policies in the database cannot be read");
        }
        Ok(service)
    }

    /// Ends the event streams, writes what is still in memory and closes the database.
    pub async fn close(&self) {
        self.shared.hub.close();
        self.shared.registry_checks.close();
        self.shared.integration_checks.close();
        tokio::join!(self.close_outbox(), self.close_connections());
        for written in [self.flush_last_use().await, self.flush_key_use().await, self.flush_ssh_key_use().await] {
            if let Err(problem) = written {
                tracing::warn!(%problem, "the last marks of use were not written");
            }
        }
        self.flush_notices().await;
        self.shared.store.close().await;
    }

    /// How often the database was asked since the service was opened.
    pub fn statistics(&self) -> Statistics {
        self.shared.store.statistics()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.shared.store
    }

    /// What holds now. A policy may change while the service runs: read it once in each call.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.shared.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.shared.environment
    }

    /// Runs heavy picture work off the async threads, a few at a time.
    pub(crate) async fn on_pictures<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.shared.pictures.clone().acquire_owned().await.map_err(Problem::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = turn;
            work()
        });
        done.await.map_err(|error| crate::error::internal(&error))
    }
}

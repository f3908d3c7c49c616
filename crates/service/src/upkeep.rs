//! What a service does by itself: hears other nodes, writes marks of use, takes changed policies and signing keys over, sends waiting mail,
//! looks whether connections and container registries work, tells of keys that end soon, removes what has ended.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::{error::problem, service::Service};

/// Between two batches of marks.
const FLUSH: Duration = Duration::from_secs(15);

/// Batches between two sweeps: one an hour.
const SWEEP_EVERY: u32 = 240;

/// How long an ended session is kept, so that its app can be told why it ended.
const KEEP_ENDED: Duration = Duration::from_hours(30 * 24);

impl Service {
    /// Starts the upkeep on the running tokio runtime. Abort the task to end it, then [`close`](Self::close).
    pub fn start_upkeep(&self) -> JoinHandle<()> {
        let service = self.clone();
        tokio::spawn(async move {
            tokio::join!(service.keep_up(), service.hear_other_nodes(), service.tell_use_of_keys());
        })
    }

    async fn keep_up(&self) {
        let mut tick = tokio::time::interval(FLUSH);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in 0u32.. {
            tick.tick().await;
            self.upkeep(round.is_multiple_of(SWEEP_EVERY)).await;
        }
    }

    /// One round: marks of use, policies, the keys registry tokens are signed with, mail, connections and container
    /// registries that are to be looked at, what deleted accounts left in the files, and a sweep when asked. A refusal is
    /// logged; the next round tries again.
    pub async fn upkeep(&self, sweep: bool) {
        for written in [self.flush_last_use().await, self.flush_key_use().await, self.flush_ssh_key_use().await] {
            if let Err(problem) = written {
                tracing::warn!(%problem, "marks of use were not written");
            }
        }
        self.shared.rate_limits.tidy(self.environment().now());
        self.shared.session_rates.tidy(self.environment().now());
        if let Err(problem) = self.refresh_policies().await {
            tracing::warn!(%problem, "the policies were not read");
        }
        if let Err(problem) = self.refresh_signing_keys().await {
            tracing::warn!(%problem, "the keys of registry tokens were not taken over");
        }
        self.send_due();
        self.check_due_registries();
        self.check_due_integrations();
        self.clean_files().await;
        if sweep {
            self.sweep().await;
            self.shared.counts.sweep.set(self.seconds());
        }
        self.shared.counts.upkeep.set(self.seconds());
    }

    /// Now, in seconds since 1970.
    fn seconds(&self) -> u64 {
        u64::try_from(self.environment().now().0 / 1_000_000).unwrap_or_default()
    }

    /// Tells of keys that end soon, and removes what has ended.
    async fn sweep(&self) {
        if let Err(problem) = self.remind_of_api_keys().await {
            tracing::warn!(%problem, "not everybody was told that a key ends soon");
        }
        match self.store().sweep(self.environment().now(), KEEP_ENDED).await.map_err(problem) {
            Ok(swept) => tracing::debug!(?swept, "swept"),
            Err(problem) => tracing::warn!(%problem, "the sweep failed"),
        }
        match self.sweep_signing_keys().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "keys of registry tokens that were followed are gone"),
            Err(problem) => tracing::warn!(%problem, "the sweep of signing keys failed"),
        }
    }
}

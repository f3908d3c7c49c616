//! Work that comes round: in the background, one round at a time, and no longer than the service runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{sync::Semaphore, task::AbortHandle};

/// The rounds of one kind of work.
pub(crate) struct Rounds {
    turn: Arc<Semaphore>,
    running: Mutex<Option<AbortHandle>>,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), running: Mutex::default() }
    }
}

impl Rounds {
    /// Begins a round, unless one runs or the service is being closed.
    pub(crate) fn begin(&self, round: impl Future<Output = ()> + Send + 'static) {
        let Ok(turn) = self.turn.clone().try_acquire_owned() else { return };
        let running = tokio::spawn(async move {
            let _turn = turn;
            round.await;
        });
        *self.running() = Some(running.abort_handle());
    }

    /// Ends the round that runs, and begins none any more. What it had taken up is for the next time it is due.
    pub(crate) fn close(&self) {
        self.turn.close();
        if let Some(running) = self.running().take() {
            running.abort();
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<AbortHandle>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

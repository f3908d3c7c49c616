//! A time-out that starts again at every sign of life, so that a slow line is not mistaken for a dead one.

use std::{
    future::Future,
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// How long to wait for the next sign of life.
pub(crate) struct Patience {
    limit: Duration,
    ends: Mutex<Instant>,
}

/// Nothing was heard for too long.
#[derive(Debug)]
pub(crate) struct Exhausted;

impl Patience {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, ends: Mutex::new(Instant::now() + limit) }
    }

    /// A sign of life.
    pub(crate) fn renew(&self) {
        *self.ends.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + self.limit;
    }

    fn ends(&self) -> Instant {
        *self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The work's outcome, unless patience ends first; then the work is dropped.
    pub(crate) async fn hold<T>(&self, work: impl Future<Output = T>) -> Result<T, Exhausted> {
        let mut work = pin!(work);
        loop {
            let ends = self.ends();
            tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                () = sleep_until(ends) => if self.ends() <= ends { return Err(Exhausted) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn signs_of_life_prolong_it_and_silence_ends_it() {
        let patience = Patience::new(Duration::from_secs(10));
        let lively = async {
            for _ in 0..5 {
                sleep(Duration::from_secs(8)).await;
                patience.renew();
            }
        };
        assert!(patience.hold(lively).await.is_ok());
        let started = Instant::now();
        assert!(patience.hold(sleep(Duration::from_mins(1))).await.is_err());
        assert_eq!(started.elapsed(), Duration::from_secs(10));
    }
}

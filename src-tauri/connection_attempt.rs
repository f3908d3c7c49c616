//! The attempt to connect an account at a provider that the window waits for. There is at most one.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use futures_util::future::{AbortHandle, abortable};
use latchkey_api::integrations::{AttemptPath, ConnectionAttempt, IntegrationsApi};
use tokio::{sync::Mutex as AsyncMutex, time::Instant};
use uuid::Uuid;

use crate::{loopback_redirect::LoopbackRedirect, session::Ticket};

/// How long an attempt is waited for at least and at most, whatever the service says.
const LASTS: (Duration, Duration) = (Duration::from_secs(30), Duration::from_hours(1));

/// How long the service may take to hear that an attempt was given up. It ends by itself.
const FAREWELL: Duration = Duration::from_secs(2);

/// An attempt that has begun.
pub struct OpenAttempt {
    /// For whom it was begun.
    pub ticket: Ticket,
    /// What the service said of it.
    pub begun: ConnectionAttempt,
    /// Where the browser comes back to.
    pub redirect: AsyncMutex<Option<LoopbackRedirect>>,
    /// When nothing more is heard of it.
    pub ends: Instant,
    lasts: Duration,
    waiting: Mutex<Option<AbortHandle>>,
}

impl OpenAttempt {
    /// An attempt that has begun just now.
    ///
    /// Its id tells when it began by the service's clock (`UUIDv7`), and so how long it lasts: the clock of this computer
    /// may be wrong.
    pub fn new(ticket: Ticket, begun: ConnectionAttempt, redirect: Option<LoopbackRedirect>) -> Self {
        let lasts = begun_at(begun.id).and_then(|began| (begun.expires_at - began).to_std().ok());
        let lasts = lasts.unwrap_or(LASTS.0).clamp(LASTS.0, LASTS.1);
        let redirect = AsyncMutex::new(redirect);
        Self { ticket, begun, redirect, ends: Instant::now() + lasts, lasts, waiting: Mutex::default() }
    }

    /// When it ends, by a clock that says `now`.
    pub fn expires_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.lasts
    }

    /// Waits for something that is about it. `None` if it was given up, or somebody else waits by now.
    pub async fn waited<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        let (wait, handle) = abortable(wait);
        if let Some(before) = lock(&self.waiting).replace(handle) {
            before.abort();
        }
        wait.await.ok()
    }

    /// Ends the waiting, and tells the service, without insisting.
    pub async fn give_up(&self) {
        if let Some(waiting) = lock(&self.waiting).take() {
            waiting.abort();
        }
        self.redirect.lock().await.take();
        let (caller, path) = (self.ticket.caller(), AttemptPath { id: self.begun.id });
        match tokio::time::timeout(FAREWELL, self.ticket.client.cancel_connection(&caller, path)).await {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => tracing::debug!(%problem, "an attempt was given up without telling the service"),
            Err(_elapsed) => tracing::debug!("an attempt was given up: the service does not answer"),
        }
    }
}

/// When something with this id began, by the clock of the service.
pub(crate) fn begun_at(id: Uuid) -> Option<DateTime<Utc>> {
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}

/// Holds the attempt.
#[derive(Default)]
pub struct AttemptSlot(Mutex<Option<Arc<OpenAttempt>>>);

impl AttemptSlot {
    /// A new one. The one before is given up.
    pub fn begin(&self, attempt: &Arc<OpenAttempt>) {
        let before = lock(&self.0).replace(Arc::clone(attempt));
        give_up_meanwhile(before);
    }

    /// The attempt with this id.
    pub fn find(&self, id: Uuid) -> Option<Arc<OpenAttempt>> {
        lock(&self.0).clone().filter(|attempt| attempt.begun.id == id)
    }

    /// Takes the attempt with this id out: it has ended, or is given up.
    pub fn end(&self, id: Uuid) -> Option<Arc<OpenAttempt>> {
        lock(&self.0).take_if(|attempt| attempt.begun.id == id)
    }

    /// Takes out whichever is there.
    pub fn take(&self) -> Option<Arc<OpenAttempt>> {
        lock(&self.0).take()
    }

    /// Gives up whichever is there; the service is told meanwhile.
    pub fn give_up(&self) {
        give_up_meanwhile(self.take());
    }
}

fn give_up_meanwhile(attempt: Option<Arc<OpenAttempt>>) {
    if let Some(attempt) = attempt {
        tokio::spawn(async move { attempt.give_up().await });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! What the service manager is told (`sd_notify(3)`): that the program serves, takes something anew, stops, and lives.
//! Where none asks to be told, nothing is.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::{task::JoinHandle, time::interval};

/// The program serves.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// It takes something anew; [`ready`] says that it has.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// It stops, and answers what it has begun.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Says twice in each span that it lives, where the manager watches. A program whose tasks do not run any more says nothing.
pub(crate) fn live() -> Option<JoinHandle<()>> {
    let span = sd_notify::watchdog_enabled()?;
    let mut tick = interval((span / 2).max(Duration::from_millis(1)));
    Some(tokio::spawn(async move {
        loop {
            tick.tick().await;
            tell(&[NotifyState::Watchdog]);
        }
    }))
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager was not told how the service is");
    }
}

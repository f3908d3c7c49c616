//! The certificate while the program runs: taken anew when it is told to (SIGHUP), and when the files are others.

use std::time::Duration;

use latchkey_server::Tls;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    config::{Config, ConfigError},
    manager,
};

/// How often it is looked whether the files are others.
const LOOK: Duration = Duration::from_secs(5);

/// What the configuration names, checked.
pub(crate) fn load(config: &Config) -> Result<Option<Tls>, ConfigError> {
    let Some(files) = config.tls.files() else { return Ok(None) };
    Tls::load(&files).map(Some).map_err(|error| ConfigError::new(format!("tls: {error}")))
}

/// Follows signals and files until it is aborted. Without a certificate a signal finds nothing to do, and ends nothing.
pub(crate) fn follow(tls: Option<Tls>) -> std::io::Result<JoinHandle<()>> {
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Ok(tokio::spawn(async move {
        loop {
            let asked = next(&mut hang_up, look.tick()).await;
            let Some(tls) = &tls else {
                if asked {
                    tracing::info!("nothing to take anew: there is no certificate");
                }
                continue;
            };
            if asked || tls.is_outdated() {
                take_anew(tls);
            }
        }
    }))
}

/// Whether it was a signal.
async fn next(hang_up: &mut Signal, tick: impl Future<Output = tokio::time::Instant>) -> bool {
    tokio::select! {
        signal = hang_up.recv() => match signal {
            Some(()) => true,
            None => std::future::pending().await,
        },
        _ = tick => false,
    }
}

fn take_anew(tls: &Tls) {
    manager::reloading();
    match tls.reload() {
        Ok(()) => tracing::info!(file = %tls.path().display(), "the certificate was taken anew"),
        Err(error) => tracing::error!(%error, "the certificate stays as it is: the new one cannot be used"),
    }
    manager::ready();
}

//! `latchkey-server serve`

use std::{process, sync::Arc};

use anyhow::Context;
use latchkey_server::router_with;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{config::Config, database, say};

pub(crate) async fn serve(config: &Config) -> anyhow::Result<()> {
    let service = database::open(config).await?;
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", config.server.listen))?;
    let address = listener.local_addr().context("the socket has no address")?;
    let mut signals = Signals::new().context("signals cannot be waited for")?;
    let upkeep = service.start_upkeep();
    say(format_args!("listening on http://{address}"))?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "ready");

    let stop = async move {
        signals.next().await;
        tracing::info!("stopping: no new connections, open requests are answered");
        tokio::spawn(async move {
            signals.next().await;
            tracing::warn!("stopped at once, as asked for twice");
            process::exit(1);
        });
    };
    let router = router_with(Arc::new(service.clone()), config.limits());
    latchkey_server::serve(listener, router, config.connections(), stop).await;
    upkeep.abort();
    service.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// What asks the program to stop: the service manager, or a person at the terminal.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

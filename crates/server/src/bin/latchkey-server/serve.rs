//! `latchkey-server serve`

use std::{io, net::SocketAddr, process, sync::Arc};

use anyhow::Context;
use latchkey_server::router_with;
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{config::Config, database, metrics::Metrics, say};

pub(crate) async fn serve(config: &Config) -> anyhow::Result<()> {
    let service = database::open(config).await?;
    let listener =
        listen(config.server.listen).with_context(|| format!("{} cannot be listened on", config.server.listen))?;
    let address = listener.local_addr().context("the socket has no address")?;
    let metrics = match config.server.metrics {
        Some(address) => Some(crate::metrics::listen(address).await?),
        None => None,
    };
    let mut signals = Signals::new().context("signals cannot be waited for")?;
    let upkeep = service.start_upkeep();
    say(format_args!("listening on http://{address}"))?;
    let mut router = router_with(Arc::new(service.clone()), config.limits());
    let mut listening = None;
    if let Some(listener) = metrics {
        let address = listener.local_addr().context("the socket for metrics has no address")?;
        let metrics = Metrics::default();
        router = metrics.count(router);
        listening = Some(metrics.serve(listener, service.clone()));
        say(format_args!("metrics on http://{address}/metrics"))?;
    }
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
    latchkey_server::serve(listener, router, config.connections(), stop).await;
    upkeep.abort();
    if let Some(listening) = listening {
        listening.stop().await;
    }
    service.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Connections that may wait until they are taken. Of the 128 a library asks for by itself a burst makes more, and who comes
/// when the queue is full is forgotten without being told.
const QUEUE: u32 = 4096;

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // The next process takes the port over from one that has just ended.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
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

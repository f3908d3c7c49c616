//! `latchkey-server serve`

use std::{io, net::SocketAddr, process, sync::Arc};

use anyhow::Context;
use latchkey_server::{Traffic, router_counted, router_with};
use latchkey_service::{Clock, SystemClock};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    certificate,
    config::Config,
    database::{self, Opened},
    manager,
    metrics::Sources,
    restore, say,
};

pub(crate) async fn serve(config: &Config) -> anyhow::Result<()> {
    let begun = SystemClock.now();
    let tls = certificate::load(config)?;
    let Opened { service, outbound } = database::open_all(config).await?;
    restore::warn_of_unfinished(&config.storage)?;
    let listener =
        listen(config.server.listen).with_context(|| format!("{} cannot be listened on", config.server.listen))?;
    let address = listener.local_addr().context("the socket has no address")?;
    let metrics = match config.server.metrics {
        Some(address) => Some(crate::metrics::listen(address).await?),
        None => None,
    };
    let mut signals = Signals::new().context("signals cannot be waited for")?;
    let following = certificate::follow(tls.clone()).context("signals cannot be waited for")?;
    let upkeep = service.start_upkeep();
    let scheme = if tls.is_some() { "https" } else { "http" };
    say(format_args!("listening on {scheme}://{address}"))?;
    let (host, mut connections) = (Arc::new(service.clone()), config.connections());
    connections.tls = tls.clone();
    let (router, listening) = match metrics {
        Some(listener) => {
            let address = listener.local_addr().context("the socket for metrics has no address")?;
            let traffic = Arc::new(Traffic::default());
            connections.traffic = Some(Arc::clone(&traffic));
            let router = router_counted(host, config.limits(), &traffic);
            let listening = Sources { traffic, service: service.clone(), outbound, tls, begun }.serve(listener);
            say(format_args!("metrics on http://{address}/metrics"))?;
            (router, Some(listening))
        }
        None => (router_with(host, config.limits()), None),
    };
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "ready");
    manager::ready();
    let living = manager::live();

    let stop = async move {
        signals.next().await;
        manager::stopping();
        tracing::info!("stopping: no new connections, open requests are answered");
        tokio::spawn(async move {
            signals.next().await;
            tracing::warn!("stopped at once, as asked for twice");
            process::exit(1);
        });
    };
    latchkey_server::serve(listener, router, connections, stop).await;
    for task in [upkeep, following] {
        task.abort();
    }
    if let Some(listening) = listening {
        listening.stop().await;
    }
    service.close().await;
    if let Some(living) = living {
        living.abort();
    }
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

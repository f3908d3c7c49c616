//! Takes a connection in that is to be encrypted: the handshake, then the version of HTTP that was agreed on.

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::Watcher};
use tokio::{net::TcpStream, time::sleep};

use crate::{
    connections::{Connections, Guest, LAST_CALL},
    http2,
    tls::{Encrypted, Tls},
};

pub(crate) struct Reception {
    pub(crate) tls: Tls,
    pub(crate) connections: Connections,
    pub(crate) http: http1::Builder,
    pub(crate) watcher: Watcher,
    pub(crate) guest: Guest,
}

impl Reception {
    /// Serves the connection to its end.
    pub(crate) async fn receive(self, stream: TcpStream) {
        let Some(stream) = self.shake_hands(stream).await else { return };
        let served = if Tls::speaks_http2(&stream) {
            let builder = http2::builder(&self.connections);
            let (idle, leaving) = (self.connections.head, self.guest.leaving.clone());
            let served = http2::serve(&builder, TokioIo::new(stream), self.guest, idle, leaving).await;
            // Whoever waits for all connections to end has waited for this one.
            drop(self.watcher);
            served
        } else {
            let guest = self.guest;
            let service = service_fn(move |request| guest.answer(request));
            self.watcher.watch(self.http.serve_connection(TokioIo::new(stream), service)).await
        };
        if let Err(error) = served {
            tracing::debug!(%error, "a connection ended early");
        }
    }

    /// When the service stops, nobody who has not shaken hands is waited for.
    async fn shake_hands(&self, stream: TcpStream) -> Option<Encrypted> {
        let traffic = self.connections.traffic.as_deref();
        let _counted = traffic.map(|traffic| traffic.handshakes.hold());
        let mut leaving = self.guest.leaving.clone();
        let stopped = async {
            let _ = leaving.wait_for(|leaving| *leaving).await;
            sleep(LAST_CALL).await;
        };
        let error = tokio::select! {
            accepted = self.tls.accept(stream, self.connections.write) => match accepted {
                Ok(stream) => return Some(stream),
                Err(error) => error,
            },
            () = stopped => return None,
        };
        if let Some(traffic) = traffic {
            traffic.failed_handshakes.count();
        }
        tracing::debug!(%error, "a connection was not encrypted");
        None
    }
}

//! Serves a router on a socket: how many connections, how patient with each, and how to stop without dropping a
//! request.

use std::{
    convert::Infallible,
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, response::Response};
use http::{HeaderValue, Request, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tower::ServiceExt;

#[cfg(feature = "tls")]
use crate::reception::Reception;
use crate::{
    caller::Peer, door, event_stream::Stopping, forwarded::TrustedProxies, request_id::Forwarded,
    stalled::WriteTimeout, traffic::Traffic,
};

/// Connections: how many, and how patient the service is with each.
#[derive(Clone, Debug)]
pub struct Connections {
    /// Open at one time; the next ones wait in the system's queue.
    pub most: usize,
    /// For the head of a request to arrive. An idle connection is closed after the same time.
    pub head: Duration,
    /// For the client to take the next piece of an answer.
    pub write: Duration,
    /// Bytes of a request's head, target included.
    pub head_bytes: usize,
    /// Header fields of a request.
    pub head_fields: usize,
    /// For open requests to end once the service stops.
    pub farewell: Duration,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: TrustedProxies,
    /// Where connections are counted.
    pub traffic: Option<Arc<Traffic>>,
    /// What connections are encrypted with; not at all where there is none.
    #[cfg(feature = "tls")]
    pub tls: Option<crate::tls::Tls>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: 16 * 1024,
            head: Duration::from_secs(30),
            write: Duration::from_secs(30),
            head_bytes: 32 * 1024,
            head_fields: 64,
            farewell: Duration::from_secs(20),
            proxies: TrustedProxies::default(),
            traffic: None,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

/// How long a client that holds its connection open has for one more request, whose answer tells it to leave. Closing
/// at once would cut off the request that is on its way.
pub(crate) const LAST_CALL: Duration = Duration::from_secs(1);

/// Serves until `stop` is done, and then until every request that has arrived is answered. Event streams end at once.
pub async fn serve(listener: TcpListener, router: Router, connections: Connections, stop: impl Future<Output = ()>) {
    let desk = Desk::new(router, connections);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            () = desk.welcome(&listener) => {}
        }
    }
    desk.leaving.send_replace(true);
    if let Err(error) = door::shut(listener, |stream, peer| desk.attend(stream, peer, None)).await {
        tracing::warn!(%error, "connections that waited are dropped");
    }
    desk.close().await;
}

/// Where connections are taken.
struct Desk {
    router: Router,
    connections: Connections,
    http: http1::Builder,
    places: Arc<Semaphore>,
    watch: GracefulShutdown,
    leaving: watch::Sender<bool>,
}

impl Desk {
    fn new(router: Router, connections: Connections) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(connections.head)
            .max_header_size(connections.head_bytes)
            .max_headers(connections.head_fields);
        Self {
            router,
            http,
            places: Arc::new(Semaphore::new(connections.most)),
            watch: GracefulShutdown::new(),
            leaving: watch::Sender::new(false),
            connections,
        }
    }

    /// Takes one connection, as soon as there is a place for it.
    async fn welcome(&self, listener: &TcpListener) {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => self.attend(stream, peer, Some(place)),
            Err(error) => {
                // Out of file descriptors, most likely: others have to leave first.
                tracing::warn!(%error, "a connection could not be taken");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }

    fn attend(&self, stream: TcpStream, peer: SocketAddr, place: Option<OwnedSemaphorePermit>) {
        // Without it an answer in two pieces waits for the client's acknowledgement; where it fails, it only waits.
        let _ = stream.set_nodelay(true);
        give_up_on_the_dead(&stream, self.connections.write * 2);
        let counted = self.connections.traffic.as_ref().map(|traffic| {
            traffic.connected.count();
            traffic.connections.hold_shared()
        });
        let guest = Guest {
            router: self.router.clone(),
            proxies: self.connections.proxies.clone(),
            peer: peer.ip().to_canonical(),
            leaving: self.leaving.subscribe(),
            encrypted: false,
        };
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.connections.tls {
            let reception = Reception {
                tls: tls.clone(),
                connections: self.connections.clone(),
                http: self.http.clone(),
                watcher: self.watch.watcher(),
                guest: Guest { encrypted: true, ..guest },
            };
            tokio::spawn(async move {
                reception.receive(stream).await;
                drop((place, counted));
            });
            return;
        }
        let stream = TokioIo::new(WriteTimeout::new(stream, self.connections.write));
        let service = service_fn(move |request| guest.answer(request));
        let connection = self.watch.watch(self.http.serve_connection(stream, service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop((place, counted));
        });
    }

    async fn close(self) {
        let nobody_left = async {
            while self.watch.count() > 0 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = timeout(LAST_CALL, nobody_left).await;
        if timeout(self.connections.farewell, self.watch.shutdown()).await.is_err() {
            tracing::warn!("some requests were not answered in time and are dropped");
        }
    }
}

/// Whoever is connected.
#[derive(Clone)]
pub(crate) struct Guest {
    router: Router,
    proxies: TrustedProxies,
    peer: IpAddr,
    pub(crate) leaving: watch::Receiver<bool>,
    encrypted: bool,
}

impl Guest {
    /// Answers a request, as coming from whom it came.
    pub(crate) fn answer(
        &self,
        mut request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        let origin = self.proxies.origin(self.peer, request.headers());
        let given = if self.proxies.contains(self.peer) { Forwarded::of(request.headers()) } else { None };
        if let Some(id) = given {
            request.extensions_mut().insert(id);
        }
        request.extensions_mut().insert(Peer(origin));
        request.extensions_mut().insert(Stopping(self.leaving.clone()));
        let (router, leaving, encrypted) = (self.router.clone(), self.leaving.clone(), self.encrypted);
        async move {
            let mut response: Response = router.oneshot(request.map(Body::new)).await?;
            if *leaving.borrow() {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            #[cfg(feature = "tls")]
            if encrypted {
                let value = HeaderValue::from_static(crate::tls::HSTS);
                response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
            }
            #[cfg(not(feature = "tls"))]
            let _ = encrypted;
            Ok(response)
        }
    }
}

/// Drops a connection whose other end has not acknowledged anything for so long (RFC 5482): the kernel alone would go on
/// for a quarter of an hour, and an event stream never waits for its few bytes to be taken.
#[cfg(target_os = "linux")]
fn give_up_on_the_dead(stream: &TcpStream, after: Duration) {
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(after));
}

#[cfg(not(target_os = "linux"))]
fn give_up_on_the_dead(_: &TcpStream, _: Duration) {}

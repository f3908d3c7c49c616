//! Numbers about the running service for Prometheus, on a listener of their own: they are for whoever looks after the
//! service, not for its users.
//!
//! Nothing is kept here. Each part counts for itself, in numbers that cost an addition; they are read and written down when
//! somebody asks.

mod process;
mod service;
mod sheet;
mod traffic;

use std::sync::Arc;

use anyhow::Context;
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use latchkey_outbound::Outbound;
use latchkey_server::{Connections, Tls, Traffic, secured};
use latchkey_service::Service;
use prometheus_client::{
    encoding::{prometheus_text, text},
    registry::Registry,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use self::{process::Process, service::ServiceSheet, traffic::TrafficSheet};

/// Somebody asks every few seconds; a handful may.
const MOST_CONNECTIONS: usize = 16;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where the numbers come from.
pub(crate) struct Sources {
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) service: Service,
    pub(crate) outbound: Arc<Outbound>,
    pub(crate) tls: Option<Tls>,
    /// When the program began.
    pub(crate) begun: DateTime<Utc>,
}

/// A listener that answers until it is dropped or told to stop.
pub(crate) struct Listening {
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Listening {
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.serving.await;
    }
}

impl Sources {
    /// Answers `GET /metrics` on a listener.
    pub(crate) fn serve(self, listener: TcpListener) -> Listening {
        let sources = Arc::new(self);
        let answer = async move |headers: HeaderMap| sources.answer(&headers).await;
        let router = secured(Router::new().route("/metrics", get(answer)));
        let connections = Connections { most: MOST_CONNECTIONS, ..Connections::default() };
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(latchkey_server::serve(listener, router, connections, async {
            let _ = stopped.await;
        }));
        Listening { stop, serving }
    }

    /// `OpenMetrics` for whoever takes it, the older text format for everybody else.
    async fn answer(&self, headers: &HeaderMap) -> Response {
        let registry = self.registry().await;
        let takes = |value: &http::HeaderValue| value.as_bytes().windows(16).any(|part| part == b"openmetrics-text");
        let openmetrics = headers.get_all(header::ACCEPT).iter().any(takes);
        let mut text = String::new();
        let (format, written) = if openmetrics {
            (OPENMETRICS, text::encode(&mut text, &registry))
        } else {
            (prometheus_text::CONTENT_TYPE, prometheus_text::encode(&mut text, &registry))
        };
        match written {
            Ok(()) => ([(header::CONTENT_TYPE, format)], text).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    async fn registry(&self) -> Registry {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Process { begun: self.begun }));
        let own = registry.sub_registry_with_prefix("latchkey");
        own.register_collector(Box::new(TrafficSheet { traffic: Arc::clone(&self.traffic), tls: self.tls.clone() }));
        let (figures, calls) = (self.service.figures().await, self.outbound.calls());
        own.register_collector(Box::new(ServiceSheet { figures, calls }));
        registry
    }
}

/// The listener of an address.
pub(crate) async fn listen(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on for metrics"))
}

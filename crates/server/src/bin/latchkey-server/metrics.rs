//! Numbers about the running service in the `OpenMetrics` text format, which Prometheus reads, on a listener of their
//! own: they are for whoever looks after the service, not for its users.

use std::{fmt, sync::Arc};

use anyhow::Context;
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{Method, StatusCode, header};
use latchkey_server::Connections;
use latchkey_service::Service;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text::encode},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
    },
    registry::Registry,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// Somebody asks every few seconds; a handful may.
const MOST_CONNECTIONS: usize = 16;

const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is told of a request. Every label has few values: a route is a template, and methods nobody knows are one.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: String,
    method: &'static str,
    status: u16,
}

/// Counts requests.
#[derive(Clone, Default)]
pub(crate) struct Metrics {
    requests: Family<Answered, Counter>,
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

impl Metrics {
    /// The router with its requests counted.
    pub(crate) fn count(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), layer))
    }

    /// Answers `GET /metrics` on a listener.
    pub(crate) fn serve(self, listener: TcpListener, service: Service) -> Listening {
        let mut registry = Registry::with_prefix("latchkey");
        registry.register("requests", "Requests by route, method and status of the answer", self.requests);
        registry.register_collector(Box::new(Database(service)));
        let registry = Arc::new(registry);
        let router = Router::new().route("/metrics", get(async move || answer(&registry)));
        let connections = Connections { most: MOST_CONNECTIONS, ..Connections::default() };
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(latchkey_server::serve(listener, router, connections, async {
            let _ = stopped.await;
        }));
        Listening { stop, serving }
    }
}

fn answer(registry: &Registry) -> Response {
    let mut text = String::new();
    match encode(&mut text, registry) {
        Ok(()) => ([(header::CONTENT_TYPE, FORMAT), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn layer(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let response = next.run(request).await;
    metrics.requests.get_or_create(&Answered { route, method, status: response.status().as_u16() }).inc();
    response
}

fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| method.as_str() == *known).unwrap_or("other")
}

/// How often the database was asked, as the store counts it.
struct Database(Service);

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Database")
    }
}

impl Collector for Database {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let asked = self.0.statistics();
        for (name, help, number) in [
            ("database_reads", "Reading statements outside of transactions", asked.reads),
            ("database_writes", "Transactions that write", asked.writes),
        ] {
            let counter = ConstCounter::new(number);
            let metric = encoder.encode_descriptor(name, help, None, counter.metric_type())?;
            counter.encode(metric)?;
        }
        Ok(())
    }
}

/// The listener of an address.
pub(crate) async fn listen(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on for metrics"))
}

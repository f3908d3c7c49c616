//! `GET /v1/me/events/stream`: what happens, as server-sent events (WHATWG HTML, section 9.2).
//!
//! Outside of the typed contract, because its answer does not end. The gate comes first as everywhere. Between events a
//! comment is sent from time to time, so that either side notices that the other one is gone.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request, response::Response, routing::get};
use bytes::Bytes;
use futures_util::{StreamExt, stream, stream::BoxStream};
use http::{HeaderValue, header};
use latchkey_api::{
    activity::{Push, STREAM_EVENTS},
    params::NoParams,
    problem::{ErrorCode, Problem},
};
use latchkey_figures::{Gauge, Held};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::sleep,
};

use crate::{caller::caller, host::Host, limits::Limits, mount::in_time, refusal::Refusal, request_body};

/// Whether the server stops; in the extensions of a request that came over a socket. A stream ends then at once: it is
/// no request that is waited for.
#[derive(Clone, Debug)]
pub(crate) struct Stopping(pub(crate) watch::Receiver<bool>);

/// When a refused client should try again, in seconds.
const LATER: u32 = 60;

/// `open` counts the streams.
pub(crate) fn routes(host: Arc<dyn Host>, limits: Limits, open: Option<Arc<Gauge>>) -> Router {
    let places = Arc::new(Semaphore::new(limits.streams));
    let route = async move |request: Request| -> Result<Response, Refusal> {
        let (parts, body) = request.into_parts();
        request_body::let_go(&parts.headers, body);
        let caller = in_time(limits.answer, host.admit(caller(&parts), &STREAM_EVENTS.meta)).await?;
        STREAM_EVENTS.meta.params::<NoParams>(&[], parts.uri.query().unwrap_or_default(), &parts.headers)?;
        let full = |_| Problem::new(ErrorCode::Busy).retry_after(LATER).detail("Too many streams are open.");
        let place = Arc::clone(&places).try_acquire_owned().map_err(full)?;
        let pushes = in_time(limits.answer, host.stream_events(&caller)).await?;
        let stopping = parts.extensions.get::<Stopping>().cloned();
        let counted = open.as_ref().map(Gauge::hold_shared);
        Ok(answer(Sending { pushes, stopping, heartbeat: limits.heartbeat, begun: false, _held: (place, counted) }))
    };
    Router::new().route(STREAM_EVENTS.meta.path, get(route))
}

fn answer(sending: Sending) -> Response {
    let over_a_socket = sending.stopping.is_some();
    let pieces = stream::unfold(sending, Sending::next).map(Ok::<_, std::convert::Infallible>);
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would collect an answer before it passes it on.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    if over_a_socket {
        // Nothing follows on a connection that was held for so long; where the server stops, nobody waits for it.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// One open stream.
struct Sending {
    pushes: BoxStream<'static, Push>,
    stopping: Option<Stopping>,
    heartbeat: Duration,
    begun: bool,
    _held: (OwnedSemaphorePermit, Option<Held<Arc<Gauge>>>),
}

impl Sending {
    /// The next piece. It is asked for only when the connection takes it: what waits for a slow reader is bounded by
    /// the service.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        if !self.begun {
            // Flushes the head, so that the client knows it is heard.
            self.begun = true;
            return Some((Bytes::from_static(b": ok\n\n"), self));
        }
        let piece = tokio::select! {
            biased;
            () = stopped(self.stopping.as_mut()) => return None,
            push = self.pushes.next() => event(&push?)?,
            () = sleep(self.heartbeat) => Bytes::from_static(b":\n\n"),
        };
        Some((piece, self))
    }
}

async fn stopped(stopping: Option<&mut Stopping>) {
    match stopping {
        // An error means that whoever could say so is gone.
        Some(Stopping(stopping)) => drop(stopping.wait_for(|stopping| *stopping).await),
        None => std::future::pending().await,
    }
}

/// JSON has no line breaks of its own here, so that one `data:` line holds it.
fn event(push: &Push) -> Option<Bytes> {
    let json = serde_json::to_string(push).ok()?;
    Some(format!("event: {}\ndata: {json}\n\n", push.name()).into())
}

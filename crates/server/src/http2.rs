//! HTTP/2 on an encrypted connection (RFC 9113), as patient as with HTTP/1.1.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{Request, header};
use http_body::{Frame, SizeHint};
use hyper::{
    body::Incoming,
    rt::{Read, Write},
    server::conn::http2,
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use latchkey_figures::{Counter, Gauge, Held};
use tokio::{sync::watch, time::sleep};

use crate::connections::{Connections, Guest, LAST_CALL};

/// Requests of one connection at one time.
const STREAMS: u32 = 100;

/// Bytes a client may send ahead, for one request and for all of a connection; and bytes of answers that wait for it.
const STREAM_WINDOW: u32 = 128 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;
const SEND_BUFFER: usize = 64 * 1024;

/// How a connection is spoken to.
pub(crate) fn builder(connections: &Connections) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_header_list_size(u32::try_from(connections.head_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(connections.head)
        .keep_alive_timeout(connections.write);
    builder
}

/// Serves a connection to its end. One that nothing is asked on any more is told to leave after `idle`, and at the latest
/// after twice as long; when the service stops, each is told so.
pub(crate) async fn serve<S>(
    builder: &http2::Builder<TokioExecutor>,
    stream: S,
    guest: Guest,
    idle: Duration,
    mut leaving: watch::Receiver<bool>,
) -> hyper::Result<()>
where
    S: Read + Write + Unpin,
{
    let (open, begun) = (Arc::new(Gauge::default()), Arc::new(Counter::default()));
    let service = service_fn(|request: Request<Incoming>| {
        begun.count();
        let (answer, held) = (guest.answer(request), open.hold_shared());
        async move {
            let response = answer.await?;
            Ok::<_, Infallible>(without_connection(response).map(|body| Body::new(Answering { body, _held: held })))
        }
    });
    let mut connection = pin!(builder.serve_connection(stream, service));
    let quiet = async {
        loop {
            let before = begun.get();
            sleep(idle).await;
            if open.get() == 0 && begun.get() == before {
                return;
            }
        }
    };
    tokio::select! {
        done = connection.as_mut() => return done,
        () = quiet => {}
        _ = leaving.wait_for(|leaving| *leaving) => {}
    }
    connection.as_mut().graceful_shutdown();
    loop {
        tokio::select! {
            done = connection.as_mut() => return done,
            // Nothing is open, and the client does not leave by itself.
            () = sleep(LAST_CALL) => if open.get() == 0 { return Ok(()) },
        }
    }
}

/// Fields about the connection are not for HTTP/2 (RFC 9113 section 8.2.2).
fn without_connection(mut response: Response) -> Response {
    response.headers_mut().remove(header::CONNECTION);
    response
}

/// The body of an answer; while it is there, the connection is not idle.
struct Answering {
    body: Body,
    _held: Held<Arc<Gauge>>,
}

impl http_body::Body for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

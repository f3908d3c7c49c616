//! Around each request: its id, its span, its line in the log and its place in the figures.
//!
//! The span is on every line that is logged meanwhile, by whatever part of the service: `request_id`, the operation, the
//! `account` once the service knows whose request it is (its opaque id), and the `trace_id` of a caller that takes part in a
//! distributed trace. Nothing else of a request is in it. How it ended and
//! how long it took is on its last line, `answered`.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;
use latchkey_api::problem::Problem;
use tracing::{Instrument, Span, field::Empty};

use crate::{
    operations::{Operation, Operations},
    request_id, trace_context,
    traffic::Traffic,
};

/// The outermost layer.
pub(crate) async fn layer(State(traffic): State<Option<Arc<Traffic>>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let operations = Operations::get();
    let place = operations.find(route.as_ref(), &method);
    let begun = traffic.as_deref().map(|traffic| traffic.begin(place));
    let id = request_id::of(&request);
    let span = span(&id, &operations.all()[place], &request);

    let mut response = next.run(request).instrument(span.clone()).await;

    let took = started.elapsed();
    if let Some(begun) = begun {
        begun.answered(response.status(), took);
    }
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| log(&method, route.as_ref().map_or("-", MatchedPath::as_str), &response, micros));
    request_id::put(&mut response, &id);
    response
}

fn span(id: &str, operation: &Operation, request: &Request) -> Span {
    let span =
        tracing::info_span!("request", request_id = id, operation = operation.id, account = Empty, trace_id = Empty);
    if let Some(trace) = trace_context::trace_id(request.headers()) {
        span.record("trace_id", trace);
    }
    span
}

/// One line a request: what was asked for, how it ended, how long it took. The route is the template, never the path: no
/// names, no tokens, no addresses.
fn log(method: &Method, route: &str, response: &Response, micros: u64) {
    let status = response.status().as_u16();
    let code = response.extensions().get::<Problem>().map_or("-", |problem| problem.code().as_str());
    if response.status().is_server_error() {
        tracing::error!(%method, route, status, code, micros, "answered");
    } else if route.starts_with("/health/") {
        tracing::debug!(%method, route, status, code, micros, "answered");
    } else {
        tracing::info!(%method, route, status, code, micros, "answered");
    }
}

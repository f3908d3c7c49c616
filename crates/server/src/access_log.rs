//! One line a request: what was asked for, how it ended, how long it took.
//!
//! The route is the template, never the path: no names, no tokens, no addresses. The request's id is on the span.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use latchkey_api::problem::Problem;

pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;

    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let status = response.status().as_u16();
    let code = response.extensions().get::<Problem>().map_or("-", |problem| problem.code().as_str());
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::error!(%method, route, status, code, micros, "answered");
    } else if route.starts_with("/health/") {
        tracing::debug!(%method, route, status, code, micros, "answered");
    } else {
        tracing::info!(%method, route, status, code, micros, "answered");
    }
    response
}

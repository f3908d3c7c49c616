//! Routes and layers, put together.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::Request,
    middleware::{from_fn, from_fn_with_state},
};
use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, combinators::UnsyncBoxBody};
use latchkey_api::problem::ErrorCode;
use tower::{BoxError, ServiceExt, service_fn, util::BoxCloneSyncService};

use crate::{
    docs, event_stream, exchange, health, host::Host, limits::Limits, panics, refusal::Refusal, registry_token,
    routes::routes, security_headers, traffic::Traffic,
};

/// Everything the service answers over HTTP, with the usual [`Limits`].
pub fn router(host: Arc<dyn Host>) -> Router {
    router_with(host, Limits::default())
}

/// [`router`] with limits of one's own.
pub fn router_with(host: Arc<dyn Host>, limits: Limits) -> Router {
    build(host, limits, None)
}

/// [`router_with`], with its requests counted.
pub fn router_counted(host: Arc<dyn Host>, limits: Limits, traffic: &Arc<Traffic>) -> Router {
    build(host, limits, Some(Arc::clone(traffic)))
}

fn build(host: Arc<dyn Host>, limits: Limits, traffic: Option<Arc<Traffic>>) -> Router {
    let streams = traffic.as_ref().map(|traffic| Arc::clone(&traffic.streams));
    routes(Arc::clone(&host), limits)
        .into_router()
        .merge(event_stream::routes(Arc::clone(&host), limits, streams))
        .merge(registry_token::routes(Arc::clone(&host), limits))
        .merge(health::routes(host, limits))
        .merge(docs::routes())
        .fallback(async || Refusal::from(ErrorCode::NotFound))
        .method_not_allowed_fallback(async || Refusal::from(ErrorCode::MethodNotAllowed))
        // The last one is the outermost.
        .layer(panics::layer())
        .layer(from_fn(security_headers::layer))
        .layer(from_fn_with_state(traffic, exchange::layer))
}

/// A body that may go on for as long as the stream behind it.
pub type Streamed = UnsyncBoxBody<Bytes, BoxError>;

/// The router as a client's transport: no socket, the same code path.
pub fn in_process(router: Router) -> BoxCloneSyncService<http::Request<Bytes>, Response<Streamed>, BoxError> {
    BoxCloneSyncService::new(service_fn(move |request: http::Request<Bytes>| {
        let router = router.clone();
        async move {
            let request: Request = request.map(Body::from);
            let response = router.oneshot(request).await?;
            Ok::<_, BoxError>(response.map(|body| body.map_err(BoxError::from).boxed_unsync()))
        }
    }))
}

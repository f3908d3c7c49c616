//! Routes and layers, put together.

use std::sync::Arc;

use axum::{Router, body::Body, extract::Request, middleware::from_fn};
use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, combinators::UnsyncBoxBody};
use latchkey_api::problem::ErrorCode;
use tower::{BoxError, ServiceExt, service_fn, util::BoxCloneSyncService};

use crate::{
    access_log, docs, event_stream, health, host::Host, limits::Limits, panics, refusal::Refusal, registry_token,
    request_id, routes::routes, security_headers,
};

/// Everything the service answers over HTTP, with the usual [`Limits`].
pub fn router(host: Arc<dyn Host>) -> Router {
    router_with(host, Limits::default())
}

/// [`router`] with limits of one's own.
pub fn router_with(host: Arc<dyn Host>, limits: Limits) -> Router {
    routes(Arc::clone(&host), limits)
        .into_router()
        .merge(event_stream::routes(Arc::clone(&host), limits))
        .merge(registry_token::routes(Arc::clone(&host), limits))
        .merge(health::routes(host, limits))
        .merge(docs::routes())
        .fallback(async || Refusal::from(ErrorCode::NotFound))
        .method_not_allowed_fallback(async || Refusal::from(ErrorCode::MethodNotAllowed))
        // The last one is the outermost.
        .layer(panics::layer())
        .layer(from_fn(access_log::layer))
        .layer(from_fn(security_headers::layer))
        .layer(from_fn(request_id::layer))
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

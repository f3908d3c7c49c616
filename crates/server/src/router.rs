//! Routes and layers, put together.

use std::sync::Arc;

use axum::{Router, body::Body, extract::Request, middleware::from_fn};
use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt;
use latchkey_api::problem::ErrorCode;
use tower::{BoxError, ServiceExt, service_fn, util::BoxCloneSyncService};

use crate::{
    access_log, docs, health, host::Host, limits::Limits, panics, refusal::Refusal, request_id, routes::routes,
    security_headers,
};

/// Everything the service answers over HTTP, with the usual [`Limits`].
pub fn router(host: Arc<dyn Host>) -> Router {
    router_with(host, Limits::default())
}

/// [`router`] with limits of one's own.
pub fn router_with(host: Arc<dyn Host>, limits: Limits) -> Router {
    routes(Arc::clone(&host), limits)
        .into_router()
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

/// The router as a client's transport: no socket, the same code path.
pub fn in_process(router: Router) -> BoxCloneSyncService<http::Request<Bytes>, Response<Bytes>, BoxError> {
    BoxCloneSyncService::new(service_fn(move |request: http::Request<Bytes>| {
        let router = router.clone();
        async move {
            let request: Request = request.map(Body::from);
            let (head, body) = router.oneshot(request).await?.into_parts();
            Ok::<_, BoxError>(Response::from_parts(head, body.collect().await?.to_bytes()))
        }
    }))
}

//! A typed endpoint becomes an axum route: gate, parameters, body, handler, reply.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{RawPathParams, Request, rejection::RawPathParamsRejection},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use latchkey_api::{
    AccountApi,
    common::Caller,
    endpoint::{Auth, Endpoint, Meta, Payload},
    params::Params,
    problem::{ApiResult, ErrorCode, Problem},
    wire::{Body, Reply},
};
use tokio::time::timeout;

use crate::{
    caller::caller, conditional::Known, host::Host, limits::Limits, rate_limit, refusal::Refusal, request_body,
};

/// What `async_trait` makes of a method of the API.
type Answer<'a, T> = Pin<Box<dyn Future<Output = ApiResult<T>> + Send + 'a>>;

type Path = Result<RawPathParams, RawPathParamsRejection>;

/// The routes of the API, and the ids of what is mounted.
pub struct Routes {
    host: Arc<dyn Host>,
    limits: Limits,
    router: Router,
    mounted: Vec<&'static str>,
}

impl Routes {
    pub(crate) fn new(host: Arc<dyn Host>, limits: Limits) -> Self {
        Self { host, limits, router: Router::new(), mounted: Vec::new() }
    }

    /// The ids of the endpoints that are mounted.
    pub fn mounted(&self) -> &[&'static str] {
        &self.mounted
    }

    pub(crate) fn into_router(self) -> Router {
        self.router
    }

    /// Mounts an endpoint. The handler's types are the endpoint's own.
    #[expect(clippy::needless_pass_by_value, reason = "a constant is named, not borrowed")]
    pub(crate) fn mount<P, B, R, H>(mut self, endpoint: Endpoint<P, B, R>, handler: H) -> Self
    where
        P: Params,
        B: Body,
        R: Reply,
        H: for<'a> Fn(&'a dyn AccountApi, &'a Caller, P, B::Value) -> Answer<'a, R::Value>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let (meta, host, limits) = (endpoint.meta, Arc::clone(&self.host), self.limits);
        let route = async move |path: Path, request: Request| -> Result<Response, Refusal> {
            let (parts, body) = request.into_parts();
            // A stranger's body is not kept: the gate comes first.
            let caller = match in_time(limits.answer, host.admit(caller(&parts), &meta)).await {
                Ok(caller) => caller,
                Err(problem) => {
                    request_body::let_go(&parts.headers, body);
                    return Err(problem.into());
                }
            };
            let answered = async {
                let params = match params::<P>(&meta, path, &parts) {
                    Ok(params) => params,
                    Err(problem) => {
                        request_body::let_go(&parts.headers, body);
                        return Err(problem.into());
                    }
                };
                let body = request_body::read(&parts.headers, body, largest::<B>(&meta), &limits).await?;
                let known = Known::of(&parts);
                let value = B::read(&meta, Payload { headers: parts.headers, body })?;
                let reply = in_time(limits.answer, handler(host.as_ref(), &caller, params, value)).await?;
                Ok(known.spare(answer::<R>(&meta, reply)?))
            };
            let Some(limit) = caller.rate_limit else { return answered.await };
            let mut response = answered.await.unwrap_or_else(Refusal::into_response);
            rate_limit::tell(response.headers_mut(), &limit);
            Ok(response)
        };
        self.mounted.push(meta.id);
        self.router = self.router.route(meta.path, on(filter(&meta), route));
        self
    }
}

fn params<P: Params>(meta: &Meta, path: Path, parts: &Parts) -> ApiResult<P> {
    let path = path.map_err(|_| Problem::new(ErrorCode::InvalidParameter).detail("The path is not UTF-8."))?;
    let path: Vec<_> = path.iter().collect();
    meta.params(&path, parts.uri.query().unwrap_or_default(), &parts.headers)
}

pub(crate) async fn in_time<T>(limit: Duration, work: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(Problem::new(ErrorCode::TimedOut)))
}

/// The largest body that is read: none where none is declared.
fn largest<B: Body>(meta: &Meta) -> usize {
    if B::ERRORS.contains(&ErrorCode::BodyTooLarge) { meta.body_limit } else { 0 }
}

fn answer<R: Reply>(meta: &Meta, reply: R::Value) -> ApiResult<Response> {
    let payload = R::write(reply)?;
    let mut response = Response::new(payload.body.into());
    *response.status_mut() = StatusCode::from_u16(R::STATUS).map_err(Problem::internal)?;
    *response.headers_mut() = payload.headers;
    if meta.auth == Auth::Nobody && response.headers().contains_key(header::ETAG) {
        // What anybody may read and can be asked about again may be kept.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    Ok(response)
}

fn filter(meta: &Meta) -> MethodFilter {
    match *meta.method {
        Method::POST => MethodFilter::POST,
        Method::PUT => MethodFilter::PUT,
        Method::PATCH => MethodFilter::PATCH,
        Method::DELETE => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

//! A call: parameters and body become a request, the answer becomes a value or a problem.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use http::{HeaderValue, Request, Response, header};
use http_body_util::combinators::UnsyncBoxBody;
use latchkey_api::{
    activity::{Push, STREAM_EVENTS},
    common::Caller,
    endpoint::Endpoint,
    params::{NoParams, Params},
    problem::{ApiResult, Problem},
    wire::{Body, Reply},
};
use tower::{BoxError, ServiceExt, service_fn, util::BoxCloneSyncService};
use url::Url;

use crate::{
    answer, event_stream,
    progress::{Progress, ProgressFn},
    remote::{self, RemoteError, Timeouts},
    service_clock::ServiceClock,
};

/// The body of an answer, as it comes.
pub type Streamed = UnsyncBoxBody<Bytes, BoxError>;

/// Whole requests in, answers out whose body may go on. The request target is a path; a transport knows its own origin.
///
/// A transport that fails with a [`Problem`] is taken at its word, any other error is `internal`.
pub type Transport = BoxCloneSyncService<Request<Bytes>, Response<Streamed>, BoxError>;

/// `AccountApi` over a [`Transport`]. A clone shares the connections.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    clock: ServiceClock,
    progress: Option<Progress>,
}

impl Client {
    /// A client of a router in this process.
    ///
    /// Nothing travels, so that the progress of an upload is told once, when it is done.
    pub fn in_process(transport: Transport) -> Self {
        let transport = BoxCloneSyncService::new(service_fn(move |request: Request<Bytes>| {
            let transport = transport.clone();
            async move {
                let progress = request.extensions().get::<Progress>().cloned();
                let length = request.body().len();
                let response = transport.oneshot(request).await?;
                if let Some(progress) = progress.filter(|_| length > 0) {
                    progress.tell(length, length);
                }
                Ok(response)
            }
        }));
        Self { transport, clock: ServiceClock::default(), progress: None }
    }

    /// A client of the server at an origin such as `https://accounts.example.org`, with the usual [`Timeouts`].
    ///
    /// `user_agent` is sent where the caller brings none.
    pub fn remote(origin: &Url, user_agent: &str) -> Result<Self, RemoteError> {
        Self::remote_with(origin, user_agent, Timeouts::default())
    }

    /// [`Client::remote`] with time-outs of one's own.
    pub fn remote_with(origin: &Url, user_agent: &str, timeouts: Timeouts) -> Result<Self, RemoteError> {
        let transport = remote::transport(origin, user_agent, timeouts)?;
        Ok(Self { transport, clock: ServiceClock::default(), progress: None })
    }

    /// The same client, telling how far each request body is: bytes handed to the connection, bytes in all.
    ///
    /// Dropping the future of a call cancels its request.
    #[must_use]
    pub fn with_progress(&self, tell: ProgressFn) -> Self {
        Self { progress: Some(Progress::new(tell)), ..self.clone() }
    }

    /// What time it is at the service, to the second, by its last answer; `None` where no answer told. A router in this
    /// process tells none: its clock is this computer's.
    pub fn service_time(&self) -> Option<DateTime<Utc>> {
        self.clock.now()
    }

    /// Calls an endpoint.
    pub(crate) async fn call<P: Params, B: Body, R: Reply>(
        &self,
        endpoint: Endpoint<P, B, R>,
        caller: &Caller,
        params: P,
        body: B::Value,
    ) -> ApiResult<R::Value> {
        let request = self.request(&endpoint, caller, &params, body)?;
        answer::read::<R>(answer::whole(self.send(request).await?).await?)
    }

    /// What happens from now on, for the session of the caller. The stream ends after `session.closed`, when the service
    /// stops, or behind the problem that cut it off; what happened meanwhile is not told again. Dropping it hangs up.
    pub async fn events(&self, caller: &Caller) -> ApiResult<BoxStream<'static, ApiResult<Push>>> {
        let mut request = self.request(&STREAM_EVENTS, caller, &NoParams {}, ())?;
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        let response = self.send(request).await?;
        if answer::is_event_stream(&response) {
            return Ok(event_stream::read(response.into_body()));
        }
        Err(answer::refusal(answer::whole(response).await?))
    }

    async fn send(&self, request: Request<Bytes>) -> ApiResult<Response<Streamed>> {
        let response = self.transport.clone().oneshot(request).await.map_err(answer::trouble)?;
        self.clock.hear(response.headers());
        Ok(response)
    }

    fn request<P: Params, B: Body, R: Reply>(
        &self,
        endpoint: &Endpoint<P, B, R>,
        caller: &Caller,
        params: &P,
        body: B::Value,
    ) -> ApiResult<Request<Bytes>> {
        let (target, mut headers) = endpoint.meta.request(params)?;
        let payload = B::write(body)?;
        headers.extend(payload.headers);
        if let Some(token) = &caller.credential {
            let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(Problem::internal)?;
            bearer.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, bearer);
        }
        if let Some(user_agent) = &caller.user_agent {
            headers.insert(header::USER_AGENT, user_agent.parse().map_err(Problem::internal)?);
        }
        let mut request = Request::new(payload.body);
        *request.method_mut() = endpoint.meta.method.clone();
        *request.uri_mut() = target.parse().map_err(Problem::internal)?;
        *request.headers_mut() = headers;
        if let Some(progress) = &self.progress {
            request.extensions_mut().insert(progress.clone());
        }
        Ok(request)
    }
}

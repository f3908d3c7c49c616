//! `/health/live` and `/health/ready`, for whoever keeps the program running.

use std::sync::Arc;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use latchkey_api::problem::{ErrorCode, Problem};
use tokio::time::timeout;

use crate::{host::Host, limits::Limits, refusal::Refusal};

pub(crate) fn routes(host: Arc<dyn Host>, limits: Limits) -> Router {
    let ready = async move || match timeout(limits.answer, host.ready()).await {
        Ok(Ok(())) => Ok(well()),
        Ok(Err(problem)) => Err(unready(problem)),
        Err(_) => Err(Refusal::from(ErrorCode::Busy)),
    };
    Router::new().route("/health/live", get(async || well())).route("/health/ready", get(ready))
}

fn well() -> Response {
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    ([json], r#"{"status":"ok"}"#).into_response()
}

/// Load balancers look for 503; whatever is in the way is answered as that.
fn unready(problem: Problem) -> Refusal {
    if problem.body().status == 503 { Refusal(problem) } else { Refusal::from(ErrorCode::Busy) }
}

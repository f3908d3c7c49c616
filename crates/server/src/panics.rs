//! A handler that panics costs one answer, not the connection.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use latchkey_api::problem::ErrorCode;
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

use crate::refusal::Refusal;

/// Answers `internal`.
#[derive(Clone, Copy)]
pub(crate) struct Internal;

impl ResponseForPanic for Internal {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, panic: Box<dyn Any + Send>) -> Response {
        let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        tracing::error!(panic = text.unwrap_or("of an unknown kind"), "a handler panicked");
        Refusal::from(ErrorCode::Internal).into_response()
    }
}

pub(crate) fn layer() -> CatchPanicLayer<Internal> {
    CatchPanicLayer::custom(Internal)
}

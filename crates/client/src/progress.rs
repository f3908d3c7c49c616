//! A request body that tells how far it is.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::patience::Patience;

/// Called with the bytes handed to the connection so far, and the bytes in all.
pub type ProgressFn = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Travels in the extensions of a request to the transport.
#[derive(Clone)]
pub struct Progress(ProgressFn);

impl Progress {
    pub(crate) fn new(tell: ProgressFn) -> Self {
        Self(tell)
    }

    pub(crate) fn tell(&self, sent: usize, total: usize) {
        (self.0)(sent as u64, total as u64);
    }
}

/// Bytes a step: small enough that a bar moves on a slow line, large enough to cost nothing on a fast one.
const STEP: usize = 16 * 1024;

/// A body that is handed over in steps. Each step is told, and counts as a sign of life.
pub(crate) struct Steps {
    rest: Bytes,
    total: usize,
    progress: Option<Progress>,
    patience: Arc<Patience>,
}

impl Steps {
    pub(crate) fn new(body: Bytes, progress: Option<Progress>, patience: Arc<Patience>) -> Self {
        Self { total: body.len(), rest: body, progress, patience }
    }
}

impl Body for Steps {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(STEP);
        let step = self.rest.split_to(length);
        self.patience.renew();
        if let Some(progress) = &self.progress {
            progress.tell(self.total - self.rest.len(), self.total);
        }
        Poll::Ready(Some(Ok(Frame::data(step))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

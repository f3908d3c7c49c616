//! What one caller wants of the connection, and how it is told what became of it.
use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use sqlx::SqliteConnection;
use tokio::{sync::oneshot, time::timeout};

use crate::error::{Error, Result};

/// One caller's turn at the connection, its types erased.
pub(super) trait Turn: Send {
    /// Runs the body; `Err` is what the caller is to be told once the body is undone.
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection, limit: Duration) -> BoxFuture<'a, Result<()>>;
    /// Tells the caller. `Ok` only after [`Turn::run`] answered `Ok`.
    fn tell(self: Box<Self>, outcome: Result<()>);
}

/// A body that waits for its turn, and whom its outcome is told.
pub(super) struct Call<T, F> {
    pub(super) body: Option<F>,
    pub(super) value: Option<T>,
    pub(super) reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Turn for Call<T, F>
where
    T: Send,
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T>> + Send,
{
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection, limit: Duration) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let body = self.body.take().ok_or(Error::Closed)?;
            // A panic must not end the task with everybody else's writes in its hands.
            let body = AssertUnwindSafe(async move { body(connection).await }).catch_unwind();
            let outcome = tokio::select! {
                // First whether the caller is gone: then the body never begins, or ends here.
                biased;
                () = self.reply.closed() => return Err(Error::Closed),
                outcome = timeout(limit, body) => outcome,
            };
            match outcome {
                Err(_) => Err(Error::TimedOut),
                Ok(Err(_)) => Err(Error::Panicked),
                Ok(Ok(result)) => result.map(|value| self.value = Some(value)),
            }
        })
    }

    fn tell(self: Box<Self>, outcome: Result<()>) {
        let Self { value, reply, .. } = *self;
        // The caller may be gone; then nobody needs to know.
        let _ = reply.send(outcome.and_then(|()| value.ok_or(Error::Closed)));
    }
}

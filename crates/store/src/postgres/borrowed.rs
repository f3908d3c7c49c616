//! A connection out of the pool, which goes back within a bounded time.
use std::ops::{Deref, DerefMut};

use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use tokio::{runtime::Handle, time::timeout};

use super::ACQUIRE;

/// A connection that is in use.
///
/// The pool asks each one that comes back whether it still stands, and waits for the answer for as long as it takes. On a
/// line that fell silent that is until the system gives up, a quarter of an hour, and all that time the place in the pool
/// is taken: a few seconds of silence would end the service. Here a connection that does not answer in time is dropped,
/// and its place is free.
pub(crate) struct Borrowed {
    connection: PoolConnection<Postgres>,
    closes: bool,
}

impl Borrowed {
    pub(super) fn new(connection: PoolConnection<Postgres>) -> Self {
        Self { connection, closes: false }
    }

    /// It does not go back: whatever it was in the middle of is undone.
    pub(super) fn close(&mut self) {
        self.closes = true;
        self.connection.close_on_drop();
    }
}

impl Deref for Borrowed {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Borrowed {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        // Without a runtime nobody waits for a place in the pool any more.
        let Some(runtime) = Handle::try_current().ok().filter(|_| !self.closes) else { return };
        let returning = self.connection.return_to_pool();
        runtime.spawn(async move {
            // Dropped with what it waits for, it is closed.
            let _ = timeout(ACQUIRE, returning).await;
        });
    }
}

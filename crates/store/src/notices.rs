//! What processes on one database tell each other: `LISTEN` and `NOTIFY` of PostgreSQL.
//!
//! A notice is lost where nobody listens, and where a connection was cut: whoever relies on it looks at the database
//! from time to time as well. It is sent after the write it tells of, in a transaction of its own: within the write,
//! `NOTIFY` would have all commits of the server wait for each other.
use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::time::timeout;

use crate::{
    Store,
    engine::{Engine, on_postgres},
    error::{Error, Result},
    postgres::{self, BuiltIn, Postgres},
};

/// How long a notice may be, in bytes. PostgreSQL takes fewer than 8,000.
pub const NOTICE_BYTES: usize = 7_900;

/// Belongs to the database; services in several schemas of one share it, and take no interest in accounts they lack.
const CHANNEL: &str = "latchkey";
const NOTIFY: &str = "SELECT pg_notify('latchkey', notice) FROM unnest($1::TEXT[]) AS told (notice)";

/// How long making the connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Hears what is told, on a connection of its own.
pub struct Listener {
    built_in: BuiltIn,
    listener: PgListener,
}

impl Listener {
    /// The next notice, in the order they were told in. After an error nothing more is heard: [`Store::listen`] anew.
    /// May be dropped while it waits, and called again.
    pub async fn next(&mut self) -> Result<String> {
        on_postgres!(self, {
            match self.listener.try_recv().await? {
                Some(notice) => Ok(notice.payload().to_owned()),
                None => Err(Error::from(sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into()))),
            }
        })
    }
}

impl Store {
    /// Whether the engine can tell other processes something. SQLite cannot, nor can a pooler that lends a connection
    /// for one transaction.
    pub fn has_notices(&self) -> bool {
        self.notifying().is_some()
    }

    /// Tells every process that listens on this database, this one too. Each notice has at most [`NOTICE_BYTES`] bytes.
    /// Where [`Store::has_notices`] is false, nobody is told.
    pub async fn notify(&self, notices: &[String]) -> Result<()> {
        let Some(postgres) = self.notifying() else { return Ok(()) };
        on_postgres!(postgres, {
            // Not counted among the writes: it stores nothing, and comes when it comes.
            let told = Box::pin(async {
                let mut connection = postgres.connection().await?;
                sqlx::query(NOTIFY).bind(notices).execute(&mut *connection).await?;
                Ok(())
            });
            postgres::in_time(told).await
        })
    }

    /// Listens from now on. `None` where [`Store::has_notices`] is false.
    pub async fn listen(&self) -> Result<Option<Listener>> {
        let Some(postgres) = self.notifying() else { return Ok(None) };
        on_postgres!(postgres, {
            let pool: PgPool = PgPoolOptions::new()
                .max_connections(1)
                .acquire_timeout(CONNECT)
                .max_lifetime(None)
                .idle_timeout(None)
                .connect_lazy_with(postgres.address().options_of_maintenance());
            let listening = async {
                let mut listener = PgListener::connect_with(&pool).await?;
                listener.eager_reconnect(false);
                listener.listen(CHANNEL).await?;
                Ok(Some(Listener { built_in: BuiltIn, listener }))
            };
            timeout(2 * CONNECT, listening).await.unwrap_or(Err(Error::TimedOut))
        })
    }

    fn notifying(&self) -> Option<&Postgres> {
        match self.engine() {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => postgres.has_notices().then_some(postgres),
        }
    }
}

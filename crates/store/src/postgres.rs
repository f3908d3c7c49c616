//! The PostgreSQL engine: a pool of connections, and transactions that have what they write for themselves.
//!
//! Transactions run as READ COMMITTED. What several statements of one rely on is kept from others by a lock on its
//! [`Scope`], taken first: then each statement sees what was written before, and nobody has to start over. SERIALIZABLE
//! would say the same without locks, but where many write in one account all but one of them would start over again and
//! again, and where a table is small it takes transactions of others for conflicts.
mod address;
mod borrowed;
#[cfg(test)]
mod plans;
mod schema;
mod transaction;

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use latchkey_figures::Gauge;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, postgres::PgPoolOptions};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout},
};

use self::address::Pooler;
pub use self::address::PostgresAddress;
use self::borrowed::Borrowed;
pub(crate) use self::{
    schema::{has_unfinished_copy, look, make},
    transaction::Transaction,
};
use crate::{
    engine::Scope,
    error::{Error, Result},
    open_error::OpenError,
};

/// How long a read or a write may take as a whole. The server itself ends a statement earlier, where it can be reached.
const TURN: Duration = Duration::from_secs(15);
/// How long a call waits for one of the connections.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long a connection that nobody uses is kept. Below what firewalls commonly forget connections after.
const IDLE: Duration = Duration::from_mins(5);
/// How old a connection gets: its server process gives memory back, and a follower that took over is found.
const LIFETIME: Duration = Duration::from_mins(30);
/// A connection that was used this lately is not asked whether it still stands.
const FRESH: Duration = Duration::from_secs(1);

/// Writers of one account wait for each other in here: in the database each of them would hold a connection meanwhile.
/// Accounts that share a line now and then wait for each other, which is short.
const LINES: usize = 1024;

/// Whether the program was built with this engine. Where it was not, there can be no [`Postgres`], and `on_postgres!` leaves out
/// whatever would be done with one.
#[cfg(feature = "postgres")]
pub(crate) struct BuiltIn;
#[cfg(not(feature = "postgres"))]
pub(crate) enum BuiltIn {}

/// An open database.
pub(crate) struct Postgres {
    pub(crate) built_in: BuiltIn,
    pool: PgPool,
    lines: Vec<Mutex<()>>,
    address: PostgresAddress,
    waiting: Gauge,
}

impl Postgres {
    #[cfg(not(feature = "postgres"))]
    pub(crate) async fn open(address: &PostgresAddress) -> Result<Self, OpenError> {
        Err(OpenError::NotBuiltIn { database: address.to_string() })
    }

    #[cfg(feature = "postgres")]
    pub(crate) async fn open(address: &PostgresAddress) -> Result<Self, OpenError> {
        schema::bring_up_to_date(address).await?;
        let pooler = address.pooler();
        let pool = PgPoolOptions::new()
            .max_connections(address.connections())
            .acquire_timeout(ACQUIRE)
            .idle_timeout(IDLE)
            .max_lifetime(LIFETIME)
            // In its place: a round trip for each use is too much, and for those that lay idle it is little.
            .test_before_acquire(false)
            .before_acquire(|connection, state| {
                Box::pin(async move {
                    if state.idle_for >= FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if pooler == Some(Pooler::Session) {
                        connection.execute(sqlx::raw_sql(AssertSqlSafe(PostgresAddress::limits("SET")))).await?;
                    }
                    Ok(())
                })
            })
            .connect_lazy_with(address.options());
        let lines = (0..LINES).map(|_| Mutex::new(())).collect();
        Ok(Self { built_in: BuiltIn, pool, lines, address: address.clone(), waiting: Gauge::default() })
    }

    pub(crate) fn address(&self) -> &PostgresAddress {
        &self.address
    }

    /// Whether `LISTEN` reaches the server and stays there.
    pub(crate) fn has_notices(&self) -> bool {
        !self.is_lent_by_transaction()
    }

    fn is_lent_by_transaction(&self) -> bool {
        self.address.pooler() == Some(Pooler::Transaction)
    }

    /// A connection for one statement, which a pooler that lends by transaction is given as one.
    pub(crate) async fn alone(&self) -> Result<Transaction<'_>> {
        if self.is_lent_by_transaction() {
            return self.begin(Scope::Rows).await;
        }
        Ok(Transaction::of_one_statement(self.connection().await?))
    }

    /// One of the connections. Where one has to be made, that goes on when the caller is gone, and the next one has it:
    /// many callers that come and go would have the server answer as many connections that nobody wants any more.
    pub(crate) async fn connection(&self) -> Result<Borrowed> {
        if self.pool.num_idle() > 0 {
            return Ok(Borrowed::new(self.pool.acquire().await?));
        }
        let _waiting = self.waiting.hold();
        // Once there are all, none is made: whoever waits for one needs no task of its own.
        if self.pool.size() >= self.pool.options().get_max_connections() {
            return Ok(Borrowed::new(self.pool.acquire().await?));
        }
        let pool = self.pool.clone();
        match tokio::spawn(async move { pool.acquire().await.map(Borrowed::new) }).await {
            Ok(acquired) => Ok(acquired?),
            // The program ends.
            Err(_) => Err(Error::Closed),
        }
    }

    /// Begins a transaction that has `scope` for itself.
    pub(crate) async fn begin(&self, scope: Scope) -> Result<Transaction<'_>> {
        in_time(Box::pin(async {
            let line = match scope {
                Scope::Account(account) => Some(self.lines[line_of(account.0.as_bytes())].lock().await),
                Scope::Server | Scope::Rows => None,
            };
            Transaction::begin(self.connection().await?, scope, line, self.is_lent_by_transaction()).await
        }))
        .await
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Callers that wait for a connection.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.get()
    }

    /// Whether the server takes writes: a follower, and one that was set to reading, do not.
    pub(crate) async fn is_writable(&self) -> Result<()> {
        let read_only: String = in_time(Box::pin(async {
            let mut alone = self.alone().await?;
            let read_only = sqlx::query_scalar("SHOW transaction_read_only").fetch_one(alone.connection()).await;
            alone.end(read_only.map_err(Error::from)).await
        }))
        .await?;
        if read_only == "on" { Err(Error::ReadOnly) } else { Ok(()) }
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// The end of an id of version 7 is random.
fn line_of(id: &[u8; 16]) -> usize {
    (usize::from(id[14]) << 8 | usize::from(id[15])) % LINES
}

/// Runs a body to its end, or to the end of its time. A panic is an error, as it is on SQLite.
pub(crate) async fn in_time<T>(body: impl Future<Output = Result<T>>) -> Result<T> {
    match timeout(TURN, AssertUnwindSafe(body).catch_unwind()).await {
        Ok(outcome) => outcome.unwrap_or_else(|_: Box<dyn Any + Send>| Err(Error::Panicked)),
        Err(_) => Err(Error::TimedOut),
    }
}

/// How often a write is run again that could not be put in an order with others. Of those that wait for each other the
/// server ends one: by then the others go on.
pub(crate) struct Tries {
    left: u32,
    pause: Duration,
}

impl Default for Tries {
    fn default() -> Self {
        Self { left: 8, pause: Duration::from_millis(2) }
    }
}

impl Tries {
    /// Whether to run it again; waits a little, longer each time.
    pub(crate) async fn again<T>(&mut self, outcome: &Result<T>) -> bool {
        if self.left == 0 || !matches!(outcome, Err(Error::Disordered)) {
            return false;
        }
        sleep(self.pause).await;
        self.left -= 1;
        self.pause *= 2;
        true
    }
}

/// A connection of its own, without the limits of the pool.
async fn connect(address: &PostgresAddress) -> sqlx::Result<PgConnection> {
    match timeout(ACQUIRE, PgConnection::connect_with(&address.options_of_maintenance())).await {
        Ok(outcome) => outcome,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

//! The handle everything else is called on.
use std::sync::Arc;

use crate::{
    compatibility::{UNKNOWN, may_use},
    database::Database,
    engine::{Engine, on_pool, on_postgres, on_writer},
    error::{Error, Result},
    open_error::OpenError,
    postgres::Postgres,
    sqlite::{self, Sqlite},
    statistics::Counters,
};

/// The database. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    counters: Arc<Counters>,
}

impl Store {
    /// Opens a database on the running tokio runtime, and brings its schema up to date.
    /// What is missing of SQLite is made: folders for their owner only (0700), the file likewise (0600). On a PostgreSQL
    /// server, an administrator makes the database.
    pub async fn open(database: impl Into<Database>) -> Result<Self, OpenError> {
        let engine = match database.into() {
            Database::Sqlite(path) => Engine::Sqlite(Sqlite::open(&path).await?),
            Database::Postgres(address) => Engine::Postgres(Postgres::open(&address).await?),
        };
        Ok(Self { engine: Arc::new(engine), counters: Arc::default() })
    }

    /// Finishes the writes that are waiting, then closes all connections. Later calls on any clone fail
    /// with [`Error::Closed`].
    pub async fn close(&self) {
        match self.engine() {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => on_postgres!(postgres, { postgres.close().await }),
        }
    }

    /// Whether the store reads, and gives a writer its turn. Fails with [`Error::Outdated`] where a newer program has
    /// changed the schema meanwhile so that this one cannot use it.
    pub async fn ping(&self) -> Result<()> {
        let known = Self::latest_schema_version();
        let unknown: Vec<_> =
            on_pool!(self, |c| sqlx::query_as(UNKNOWN).bind(known).fetch_all(c).await.map_err(Error::from))?;
        if !may_use(known, &unknown) {
            return Err(Error::Outdated);
        }
        match self.engine() {
            Engine::Sqlite(_) => on_writer!(self, |_c| Ok(())),
            Engine::Postgres(postgres) => on_postgres!(postgres, { postgres.is_writable().await }),
        }
    }

    /// The version of the schema the database has.
    pub async fn schema_version(&self) -> Result<i64> {
        on_pool!(self, |c| sqlx::query_scalar(sqlite::SCHEMA_VERSION).fetch_one(c).await.map_err(Error::from))
    }

    /// The version of the schema this program brings a database to; the same on every engine.
    pub fn latest_schema_version() -> i64 {
        sqlite::latest_schema_version()
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }
}

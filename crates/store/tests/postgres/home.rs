//! A database of its own on a PostgreSQL server.
use latchkey_postgres_testkit::TestDatabase;
use latchkey_store::{Database, Store};
use sqlx::Connection as _;

/// The folder of the databases of older schemas.
pub(crate) const FIXTURES: &str = "postgres";

/// Columns as one text that tells every value from every other.
pub(crate) fn as_text(columns: &[&str]) -> String {
    format!("ROW({})::TEXT", columns.join(", "))
}

/// Cases of a property, each with a database of its own, which takes longer to make here.
pub(crate) const CASES: u32 = 4;

pub(crate) type Connection = sqlx::PgConnection;

pub(crate) struct Home {
    database: TestDatabase,
}

impl Home {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::like(async |url| {
            let database: Database = url.parse().unwrap();
            Store::open(database).await.unwrap().close().await;
        });
        Self { database: database.await }
    }

    /// One without tables.
    #[expect(clippy::unused_async, reason = "as on SQLite")]
    pub(crate) async fn empty() -> Self {
        Self { database: TestDatabase::empty() }
    }

    /// As [`latchkey_store::Database`] reads it.
    pub(crate) fn address(&self) -> String {
        self.url()
    }

    pub(crate) fn url(&self) -> String {
        self.database.url()
    }

    /// Runs statements; what they answer, a line for each row.
    pub(crate) fn sql(&self, statement: &str) -> String {
        self.database.sql(statement)
    }

    pub(crate) fn database(&self) -> Database {
        self.url().parse().unwrap()
    }

    /// A store on it; the second one is as on another node.
    pub(crate) async fn open(&self) -> Store {
        Store::open(self.database()).await.unwrap()
    }

    pub(crate) async fn look(&self) -> Connection {
        Connection::connect(&self.url()).await.unwrap()
    }
}

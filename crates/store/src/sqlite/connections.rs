//! How connections are made.
use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

/// How long one connection waits for another program's lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The same, said to a connection that was told to be less patient for once.
pub(crate) const BE_PATIENT: &str = "PRAGMA busy_timeout = 5000";
/// How long a read waits for one of the connections.
const READER_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// Bytes of the file that are mapped: as much as SQLite takes. What is mapped costs no system call and is not copied.
pub(super) const MMAP_SIZE: &str = "2147418112";

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        // An acknowledged write is on the disk, not only in the log's buffers.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        .pragma("mmap_size", MMAP_SIZE)
        .pragma("trusted_schema", "off")
        // What is deleted is overwritten with zeros, in tables, indexes and free pages.
        .pragma("secure_delete", "on")
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

/// The one connection that writes.
pub(crate) async fn writer(path: &Path) -> sqlx::Result<SqliteConnection> {
    options(path).connect().await
}

/// A connection that changes nothing about a file that nobody writes, and leaves nothing beside it.
pub(crate) async fn connect_to_read(path: &Path) -> sqlx::Result<SqliteConnection> {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true)
        .disable_statement_logging()
        .connect()
        .await
}

/// The connections that read. They live as long as the store: making one anew costs more than keeping it.
pub(crate) async fn readers(path: &Path) -> sqlx::Result<SqlitePool> {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(READER_TIMEOUT)
        .connect_with(options(path).pragma("query_only", "on"))
        .await
}

#[cfg(test)]
mod tests {
    use sqlx::Executor;

    use super::*;

    async fn pragma(c: impl Executor<'_, Database = sqlx::Sqlite>, name: &str) -> String {
        let query = sqlx::AssertSqlSafe(format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"));
        sqlx::query_scalar(query).fetch_one(c).await.unwrap()
    }

    #[tokio::test]
    async fn connections_are_durable_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::Store::open(folder.path().join("latchkey.db")).await.unwrap();
        let crate::engine::Engine::Sqlite(sqlite) = store.engine() else { panic!("a store on SQLite") };
        let mut writer = writer(&folder.path().join("latchkey.db")).await.unwrap();
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
            ("trusted_schema", "0"),
            ("secure_delete", "1"),
        ] {
            assert_eq!(pragma(&mut writer, name).await, value, "{name}");
            assert_eq!(pragma(sqlite.readers(), name).await, value, "{name}");
        }
        let refused = sqlx::query("DELETE FROM accounts").execute(sqlite.readers()).await.unwrap_err();
        assert!(matches!(crate::Error::from(refused), crate::Error::ReadOnly));
    }
}

//! How connections are made.
use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

/// How long one connection waits for another program's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a read waits for one of the connections.
const READER_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        // An acknowledged write is on the disk, not only in the log's buffers.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        .pragma("mmap_size", "268435456")
        .pragma("trusted_schema", "off")
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

/// The one connection that writes.
pub(crate) async fn writer(path: &Path) -> sqlx::Result<SqliteConnection> {
    options(path).connect().await
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

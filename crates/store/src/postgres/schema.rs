//! Whose database it is, and bringing its schema up to date.
#[cfg(test)]
mod tests;

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection,
    migrate::{Migrate, MigrateError, Migrator},
};
use tokio::time::sleep;

use super::{PostgresAddress, address::Pooler, connect};
use crate::{
    compatibility::{UNKNOWN, may_use},
    error::postgres_code,
    open_error::OpenError,
    sqlite::SCHEMA_VERSION,
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server that is taken: what is older is not looked after any more.
const OLDEST: i32 = 13;

/// How long a migration waits for a table that is in use. Everybody else who needs the table waits behind it: this is
/// less than they are ready to wait.
const TABLE_WAIT: &str = "2s";
/// How often it is tried again, and how long the others go first.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

fn latest_schema_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Refuses servers that are too old, databases of others and of newer versions, and unfinished copies.
pub(crate) async fn bring_up_to_date(address: &PostgresAddress) -> Result<(), OpenError> {
    let mut connection = match address.pooler() {
        Some(Pooler::Transaction) => check_through_pooler(address).await?,
        _ => make(address).await?,
    };
    if has_unfinished_copy(&mut connection).await.map_err(|error| address.open_error(error))? {
        return Err(OpenError::UnfinishedCopy { path: address.to_string().into() });
    }
    // What was asked is answered; the server finds out by itself where this fails.
    let _ = connection.close().await;
    Ok(())
}

/// All of it in one transaction, which has one connection. Migrations last longer than one.
async fn check_through_pooler(address: &PostgresAddress) -> Result<PgConnection, OpenError> {
    let told = |error| address.open_error(error);
    let mut connection = connect(address).await.map_err(told)?;
    connection.execute(sqlx::raw_sql("BEGIN; DEALLOCATE ALL")).await.map_err(told)?;
    check_server(address, &mut connection).await?;
    if version(address, &mut connection).await? < latest_schema_version() {
        return Err(OpenError::Pooler { database: address.to_string() });
    }
    Ok(connection)
}

/// Whether everything is to be copied here, and was not yet.
pub(crate) async fn has_unfinished_copy(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT to_regclass('latchkey_copy') IS NOT NULL").fetch_one(connection).await
}

/// A connection to a database, whatever is in it, and the version of its schema; 0 where it is empty.
pub(crate) async fn look(address: &PostgresAddress) -> Result<(PgConnection, i64), OpenError> {
    if address.pooler() == Some(Pooler::Transaction) {
        return Err(OpenError::Pooler { database: address.to_string() });
    }
    let mut connection = connect(address).await.map_err(|error| address.open_error(error))?;
    check_server(address, &mut connection).await?;
    let found = version(address, &mut connection).await?;
    Ok((connection, found))
}

/// The same, with all tables. Before anything is changed, databases of others and those that this program may not use are
/// refused; then the migrations run that are missing.
pub(crate) async fn make(address: &PostgresAddress) -> Result<PgConnection, OpenError> {
    let (mut connection, found) = look(address).await?;
    if found < latest_schema_version() {
        let migrated = migrate(&MIGRATIONS, &mut connection).await;
        migrated.map_err(|error| address.open_error(inner(error)))?;
    }
    Ok(connection)
}

/// Runs the migrations that are missing, each a transaction, while nodes of older versions serve. Of several nodes that
/// start at once one does it (sqlx takes an advisory lock), and the others find the work done.
async fn migrate(migrations: &Migrator, connection: &mut PgConnection) -> Result<(), MigrateError> {
    // Before there is a limit for waiting: a migration may take as long as it takes.
    connection.lock().await?;
    connection.execute(AssertSqlSafe(format!("SET lock_timeout = '{TABLE_WAIT}'"))).await?;
    let mut left = TRIES;
    // `run` would do, but its future is not known to be `Send`.
    while let Err(error) = migrations.run_direct(None, &mut *connection, false).await {
        let error = inner(error);
        // The table was in use for too long, or each waited for the other.
        if left == 0 || !matches!(postgres_code(&error), Some("55P03" | "40P01")) {
            return Err(error.into());
        }
        left -= 1;
        sleep(PAUSE).await;
    }
    connection.execute("SET lock_timeout = 0").await?;
    connection.unlock().await
}

async fn check_server(address: &PostgresAddress, connection: &mut PgConnection) -> Result<(), OpenError> {
    let told = |error| address.open_error(error);
    let (number, encoding): (i32, String) =
        sqlx::query_as("SELECT current_setting('server_version_num')::INTEGER, current_setting('server_encoding')")
            .fetch_one(connection)
            .await
            .map_err(told)?;
    let database = address.to_string();
    // The last four digits are the minor version.
    let found = number / 10_000;
    if found < OLDEST {
        return Err(OpenError::OldServer { database, found, oldest: OLDEST });
    }
    if encoding != "UTF8" {
        return Err(OpenError::Encoding { database, found: encoding });
    }
    Ok(())
}

/// The version of the schema; 0 in an empty database.
async fn version(address: &PostgresAddress, connection: &mut PgConnection) -> Result<i64, OpenError> {
    let told = |error| address.open_error(error);
    let (ours, tables): (bool, i64) = sqlx::query_as(
        "SELECT to_regclass('_sqlx_migrations') IS NOT NULL, \
         (SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema())",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(told)?;
    if !ours {
        return if tables == 0 { Ok(0) } else { Err(OpenError::ForeignTables { database: address.to_string() }) };
    }
    let found = sqlx::query_scalar(SCHEMA_VERSION).fetch_one(&mut *connection).await.map_err(told)?;
    let known = latest_schema_version();
    let unknown: Vec<_> = sqlx::query_as(UNKNOWN).bind(known).fetch_all(connection).await.map_err(told)?;
    if !may_use(known, &unknown) {
        return Err(OpenError::NewerSchema { path: address.to_string().into(), found, known });
    }
    Ok(found)
}

fn inner(error: MigrateError) -> sqlx::Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
        other => other.into(),
    }
}

//! Whose database it is, and bringing its schema up to date.
use sqlx::{Connection, PgConnection, migrate::MigrateError};

use super::{PostgresAddress, connect};
use crate::{open_error::OpenError, sqlite::SCHEMA_VERSION};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server that is taken: what is older is not looked after any more.
const OLDEST: i32 = 13;

fn latest_schema_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Refuses servers that are too old, databases of others and of newer versions, and unfinished copies.
pub(crate) async fn bring_up_to_date(address: &PostgresAddress) -> Result<(), OpenError> {
    let mut connection = make(address).await?;
    if has_unfinished_copy(&mut connection).await.map_err(|error| address.open_error(error))? {
        return Err(OpenError::UnfinishedCopy { path: address.to_string().into() });
    }
    // What was asked is answered; the server finds out by itself where this fails.
    let _ = connection.close().await;
    Ok(())
}

/// Whether everything is to be copied here, and was not yet.
pub(crate) async fn has_unfinished_copy(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT to_regclass('latchkey_copy') IS NOT NULL").fetch_one(connection).await
}

/// A connection to a database, whatever is in it, and the version of its schema; 0 where it is empty.
pub(crate) async fn look(address: &PostgresAddress) -> Result<(PgConnection, i64), OpenError> {
    let mut connection = connect(address).await.map_err(|error| address.open_error(error))?;
    check_server(address, &mut connection).await?;
    let found = version(address, &mut connection).await?;
    Ok((connection, found))
}

/// The same, with all tables. Before anything is changed, databases of others and of newer versions are refused; then the
/// migrations run that are missing. Of several nodes that start at once one does it (sqlx takes an advisory lock), and the
/// others find the work done.
pub(crate) async fn make(address: &PostgresAddress) -> Result<PgConnection, OpenError> {
    let (mut connection, found) = look(address).await?;
    if found < latest_schema_version() {
        // `run` would do, but its future is not known to be `Send`.
        let migrated = MIGRATIONS.run_direct(None, &mut connection, false).await;
        migrated.map_err(|error| address.open_error(inner(error)))?;
    }
    Ok(connection)
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
    let found = sqlx::query_scalar(SCHEMA_VERSION).fetch_one(connection).await.map_err(told)?;
    let known = latest_schema_version();
    if found > known {
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

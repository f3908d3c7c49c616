//! Whose file it is, and bringing its schema up to date.
use std::{path::Path, time::Duration};

use sqlx::{Connection, Executor, SqliteConnection, migrate::MigrateError};
use tokio::time::{Instant, sleep};

use super::connections::BUSY_TIMEOUT;
use crate::{
    compatibility::{UNKNOWN, may_use},
    error::sqlite_code,
    open_error::OpenError,
};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

pub(crate) const SCHEMA_VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";

/// `LKey` in ASCII, in the file's header: tells a database of Latchkey from anybody else's.
const APPLICATION_ID: i64 = 0x4c4b_6579;

pub(crate) fn latest_schema_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Refuses files of others and those this program may not use before changing anything, then runs the migrations that
/// are missing, all or none.
pub(crate) async fn bring_up_to_date(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    make(path, connection).await?;
    let told = |error| OpenError::from_sqlx(path, error);
    if has_unfinished_copy(connection).await.map_err(told)? {
        return Err(OpenError::UnfinishedCopy { path: path.to_owned() });
    }
    Ok(())
}

/// Whether everything is to be copied here, and was not yet.
pub(crate) async fn has_unfinished_copy(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    const UNFINISHED: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'latchkey_copy')";
    sqlx::query_scalar(UNFINISHED).fetch_one(connection).await
}

/// The same, also of a database that a copy is not finished of.
pub(crate) async fn make(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let told = |error| OpenError::from_sqlx(path, error);
    let latest = latest_schema_version();
    // In one transaction: what is read belongs together, also while another program makes the database.
    let mut look = connection.begin().await.map_err(told)?;
    let found = version(path, &mut look).await?;
    look.rollback().await.map_err(told)?;
    if found >= latest && uses_log(connection).await.map_err(told)? {
        return Ok(());
    }
    use_log(connection).await.map_err(told)?;
    // Under the write lock from the start: of two programs, the second finds the work done.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(told)?;
    if version(path, &mut transaction).await? < latest {
        // `run` would do, but its future is not known to be `Send`.
        MIGRATIONS.run_direct(None, &mut *transaction, false).await.map_err(|error| told(inner(error)))?;
        transaction
            .execute(sqlx::AssertSqlSafe(format!("PRAGMA application_id = {APPLICATION_ID}")))
            .await
            .map_err(told)?;
    }
    transaction.commit().await.map_err(told)
}

/// Whether the file has write-ahead logging. One that a restore was about to replace has not.
async fn uses_log(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(connection).await?;
    Ok(mode == "wal")
}

/// Switches the file to write-ahead logging. SQLite gives up at once where another program is just looking
/// at the file, so the waiting is done here.
async fn use_log(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let give_up = Instant::now() + BUSY_TIMEOUT;
    loop {
        match connection.execute("PRAGMA journal_mode = WAL").await {
            Err(error) if matches!(sqlite_code(&error), Some((5, _))) && Instant::now() < give_up => {
                sleep(Duration::from_millis(10)).await;
            }
            outcome => return outcome.map(drop),
        }
    }
}

/// The version of the schema; 0 in an empty file.
pub(crate) async fn version(path: &Path, connection: &mut SqliteConnection) -> Result<i64, OpenError> {
    let told = |error| OpenError::from_sqlx(path, error);
    let application: i64 =
        sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await.map_err(told)?;
    if application != APPLICATION_ID {
        let things: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema").fetch_one(&mut *connection).await.map_err(told)?;
        return if application == 0 && things == 0 {
            Ok(0)
        } else {
            Err(OpenError::NotADatabase { path: path.to_owned() })
        };
    }
    let found = sqlx::query_scalar(SCHEMA_VERSION).fetch_one(&mut *connection).await.map_err(told)?;
    let known = latest_schema_version();
    let unknown: Vec<_> = sqlx::query_as(UNKNOWN).bind(known).fetch_all(connection).await.map_err(told)?;
    if may_use(known, &unknown) {
        Ok(found)
    } else {
        Err(OpenError::NewerSchema { path: path.to_owned(), found, known })
    }
}

fn inner(error: MigrateError) -> sqlx::Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
        other => other.into(),
    }
}

impl OpenError {
    pub(crate) fn from_sqlx(path: &Path, source: sqlx::Error) -> Self {
        const IOERR_SHMSIZE: i32 = 4874;
        let path = path.to_owned();
        match sqlite_code(&source) {
            Some((5 | 6, _)) => Self::Locked { path },
            Some((8, _)) => Self::ReadOnly { path },
            Some((13, _) | (_, IOERR_SHMSIZE)) => Self::Full { path },
            Some((11, _)) => Self::Corrupt { path, source },
            // The log files beside the database cannot be made.
            Some((14, _)) => Self::Permission { path },
            Some((26, _)) => Self::NotADatabase { path },
            _ => Self::Other { path, source },
        }
    }
}

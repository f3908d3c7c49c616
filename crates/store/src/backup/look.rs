//! Looks a copy through without changing anything about it.
use std::path::Path;

use sqlx::{Connection, Row as _, SqliteConnection};

use super::{BackupError, STAMP, draft::has_log};
use crate::{open_error::OpenError, sqlite};

/// What a copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The version of its schema.
    pub schema: i64,
    /// What was written in it as it was taken; none where it was made in another way.
    pub stamp: Option<String>,
}

/// Looks whether a file is a database of Latchkey that this version can use, whole, and with nothing that refers to
/// something that is not there. Nothing is written, not even beside it.
pub async fn look_through(path: &Path) -> Result<Looked, BackupError> {
    if !path.is_file() {
        return Err(BackupError::Missing { path: path.to_owned() });
    }
    if has_log(path) {
        return Err(BackupError::Log { path: path.to_owned() });
    }
    let told = |error| BackupError::from(OpenError::from_sqlx(path, error));
    let mut connection = sqlite::connect_to_read(path).await.map_err(told)?;
    let schema = sqlite::version(path, &mut connection).await?;
    if schema == 0 {
        return Err(OpenError::NotADatabase { path: path.to_owned() }.into());
    }
    check(path, &mut connection).await?;
    let stamp = sqlx::query_scalar("SELECT value FROM instance_settings WHERE name = $1").bind(STAMP);
    let stamp = stamp.fetch_optional(&mut connection).await.map_err(told)?;
    connection.close().await.map_err(told)?;
    Ok(Looked { schema, stamp })
}

async fn check(path: &Path, connection: &mut SqliteConnection) -> Result<(), BackupError> {
    let told = |error| BackupError::from(OpenError::from_sqlx(path, error));
    let damaged = |what| BackupError::Damaged { path: path.to_owned(), what };
    let whole: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *connection).await.map_err(told)?;
    if whole != "ok" {
        return Err(damaged(whole.lines().next().unwrap_or_default().to_owned()));
    }
    let astray = sqlx::query("PRAGMA foreign_key_check").fetch_optional(connection).await.map_err(told)?;
    match astray {
        None => Ok(()),
        Some(row) => {
            let (table, of): (String, String) = (row.try_get(0).map_err(told)?, row.try_get(2).map_err(told)?);
            Err(damaged(format!("a row of {table} belongs to none of {of}")))
        }
    }
}

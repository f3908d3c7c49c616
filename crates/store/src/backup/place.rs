//! Puts a copy in the place of a database.
use std::{fs, path::Path};

use sqlx::{Connection, Executor, SqliteConnection};

use super::{
    BackupError, Draft, STAMP,
    draft::{has_log, io_error, sync_folder},
};
use crate::{CloseReason, Micros, error::sqlite_code, open_error::OpenError, sqlite};

/// What of a copy is not to come back to life, and was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// Messages that waited for the mail server: most of them were sent since.
    pub mail: u64,
    /// Codes that were mailed, half-done sign-ins and attempts to connect an account: they may have been used since.
    pub begun: u64,
    /// Sessions that were closed, because it was asked for.
    pub sessions: u64,
}

const BEGUN: [&str; 5] = [
    "DELETE FROM sign_in_transactions",
    "DELETE FROM password_resets",
    "DELETE FROM email_changes",
    "DELETE FROM integration_attempts",
    "DELETE FROM registry_passwords",
];
const NO_ADDRESS_WAITS: &str = "UPDATE accounts SET pending_email = NULL, updated_at = $1, version = version + 1 \
    WHERE pending_email IS NOT NULL";
const CLOSE: &str = "UPDATE sessions SET closed_at = $1, close_reason = $2 WHERE closed_at IS NULL";

/// Removes from a copy what waited when it was taken: mail, codes that were mailed, second steps, attempts to connect
/// accounts; all or nothing. All sessions are closed where it is asked for. It is no copy any more then.
pub async fn retire(draft: &Draft, close_sessions: bool, now: Micros) -> Result<Retired, BackupError> {
    let work = async {
        let mut connection = sqlite::connect(draft.path()).await?;
        let mut together = connection.begin_with("BEGIN IMMEDIATE").await?;
        let c = &mut *together;
        let mut retired =
            Retired { mail: c.execute("DELETE FROM outbox").await?.rows_affected(), ..Retired::default() };
        for statement in BEGUN {
            retired.begun += c.execute(statement).await?.rows_affected();
        }
        sqlx::query(NO_ADDRESS_WAITS).bind(now).execute(&mut *c).await?;
        if close_sessions {
            let close = sqlx::query(CLOSE).bind(now).bind(CloseReason::ClosedByAdministrator);
            retired.sessions = close.execute(&mut *c).await?.rows_affected();
        }
        sqlx::query("DELETE FROM instance_settings WHERE name = $1").bind(STAMP).execute(&mut *c).await?;
        together.commit().await?;
        connection.close().await?;
        Ok(retired)
    };
    work.await.map_err(|error| draft.refused(error))
}

/// Puts a draft in the place of a database, which is kept under another name where there is one. Nobody may have it open:
/// it is held until the other one has its name, and who waited for it finds that it is not the same file any more.
///
/// Whatever ends the program, one of the two is there under its name, and whole.
pub async fn put_in_place(draft: Draft, place: &Path, kept: &Path) -> Result<(), BackupError> {
    if !place.exists() {
        if has_log(place) {
            return Err(BackupError::StrayLog { path: place.to_owned() });
        }
        return draft.name(place, false);
    }
    draft.sync()?;
    let held = hold(place).await?;
    let failed = |source| io_error(kept, "cannot be made", source);
    // A second name first, so that the place is never empty.
    fs::hard_link(place, kept).map_err(failed)?;
    sync_folder(draft.folder())?;
    let named = draft.name(place, true);
    if named.is_err() {
        let _ = fs::remove_file(kept);
    }
    // Its lock goes with it.
    let _ = held.close().await;
    named
}

/// Refuses a database that somebody has open, so that it is said before work is done.
pub async fn refuse_in_use(place: &Path) -> Result<(), BackupError> {
    if place.exists() {
        // What was asked is answered.
        let _ = hold(place).await?.close().await;
    }
    Ok(())
}

/// Takes a database for itself, with all of it in its one file.
async fn hold(place: &Path) -> Result<SqliteConnection, BackupError> {
    let told = |error: sqlx::Error| match sqlite_code(&error) {
        Some((5 | 6, _)) => BackupError::InUse { path: place.to_owned() },
        Some((11 | 26, _)) => BackupError::Unusable { path: place.to_owned() },
        _ => OpenError::from_sqlx(place, error).into(),
    };
    let mut connection = sqlite::connect(place).await.map_err(told)?;
    // SQLite refuses this while anybody else has the file open, and moves the log into it.
    connection.execute("PRAGMA journal_mode = DELETE").await.map_err(told)?;
    connection.execute("BEGIN EXCLUSIVE").await.map_err(told)?;
    if has_log(place) {
        return Err(BackupError::InUse { path: place.to_owned() });
    }
    Ok(connection)
}

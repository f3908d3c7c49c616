//! Whole copies of a database on SQLite: taken while others write in it, looked through, and put back in its place.
//!
//! A copy is written under a name of its own and gets the one that was asked for when it is whole, checked and on the
//! disk: whatever ends the program before leaves no file with that name.
mod draft;
mod error;
mod look;
mod place;

use std::{path::Path, time::Duration};

use sqlx::{Connection, Executor, SqliteConnection};
use tokio::time::MissedTickBehavior;

pub use self::{
    draft::{Draft, unfinished_restore},
    error::BackupError,
    look::{Looked, look_through},
    place::{Retired, put_in_place, refuse_in_use, retire},
};
use crate::{
    open_error::OpenError,
    sqlite::{self, has_unfinished_copy},
};

/// Between two words about how far it is.
const TELL: Duration = Duration::from_millis(500);

/// The name of the setting that makes a database a copy of another one; its value is up to the caller.
pub(crate) const STAMP: &str = "backup";

/// Bytes that are done, and that there are in all, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// In all.
    pub of: u64,
}

/// Copies a database as it is at one moment into a draft, and writes `stamp` in it. Answers the version of its schema.
///
/// It is read in one transaction, which keeps nobody from writing; until it ends, the log of the database grows. The copy
/// holds what is in use and nothing that was deleted, so it may be smaller than the file.
pub async fn copy_out(
    from: &Path,
    draft: &Draft,
    stamp: &str,
    mut tell: impl FnMut(Progress),
) -> Result<i64, BackupError> {
    if !from.is_file() {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    let (mut source, schema) = sqlite::look(from).await?;
    let told = |error| BackupError::from(OpenError::from_sqlx(from, error));
    if schema == 0 {
        return Err(OpenError::NotADatabase { path: from.to_owned() }.into());
    }
    if has_unfinished_copy(&mut source).await.map_err(told)? {
        return Err(OpenError::UnfinishedCopy { path: from.to_owned() }.into());
    }
    let of = size(&mut source).await.map_err(told)?;
    draft.needs(of)?;
    let text = draft.path().to_str().ok_or_else(|| BackupError::Name { path: draft.path().to_owned() })?;
    let mut copying = Box::pin(sqlx::query("VACUUM INTO $1").bind(text).execute(&mut source));
    let mut tick = tokio::time::interval(TELL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            copied = &mut copying => {
                copied.map_err(|error| draft.refused(error))?;
                break;
            }
            _ = tick.tick() => tell(Progress { done: draft.size(), of }),
        }
    }
    drop(copying);
    // What was read is read; the system gives the rest back.
    let _ = source.close().await;
    mark(draft, stamp).await.map_err(|error| draft.refused(error))?;
    Ok(schema)
}

/// What a copy of the database will take, in bytes: its pages without those that are free.
async fn size(connection: &mut SqliteConnection) -> sqlx::Result<u64> {
    let pages: i64 = sqlx::query_scalar(
        "SELECT (page_count - freelist_count) * page_size \
        FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    )
    .fetch_one(connection)
    .await?;
    Ok(pages.unsigned_abs())
}

async fn mark(draft: &Draft, stamp: &str) -> sqlx::Result<()> {
    let mut copy = sqlite::connect(draft.path()).await?;
    // As the service has it, so that the file serves where it is put.
    copy.execute("PRAGMA journal_mode = WAL").await?;
    let mut together = copy.begin_with("BEGIN IMMEDIATE").await?;
    let put = sqlx::query(crate::settings::PUT).bind(STAMP).bind(stamp);
    put.execute(&mut *together).await?;
    together.commit().await?;
    copy.close().await
}

//! The SQLite engine: one writer that commits in groups, a few readers beside it.
mod connections;
mod direct;
mod file;
#[cfg(test)]
mod plans;
mod schema;
mod writer;

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures_util::future::BoxFuture;
use sqlx::{SqliteConnection, SqlitePool};

pub(crate) use self::{
    connections::{connect_to_read, writer as connect},
    file::OpenedFile,
    schema::{SCHEMA_VERSION, has_unfinished_copy, latest_schema_version, version},
};
use self::{direct::Direct, writer::Writer};
use crate::{error::Result, open_error::OpenError};

/// How long one write may keep the writer before it is undone.
const TURN: Duration = Duration::from_secs(10);

/// An open database.
pub(crate) struct Sqlite {
    writer: Writer,
    readers: SqlitePool,
    direct: Direct,
    /// Whether the log may hold what was deleted. True at first: a crash may have left it so.
    soiled: AtomicBool,
}

/// A connection to a database that is there, and the version of its schema; 0 where it is empty.
pub(crate) async fn look(path: &Path) -> Result<(SqliteConnection, i64), OpenError> {
    let mut connection = connections::writer(path).await.map_err(|error| OpenError::from_sqlx(path, error))?;
    let found = schema::version(path, &mut connection).await?;
    Ok((connection, found))
}

/// A connection to a database that is made where it is missing, for everything to be copied to.
pub(crate) async fn make(path: &Path) -> Result<SqliteConnection, OpenError> {
    file::prepare(path)?;
    let mut connection = connections::writer(path).await.map_err(|error| OpenError::from_sqlx(path, error))?;
    schema::make(path, &mut connection).await?;
    Ok(connection)
}

impl Sqlite {
    pub(crate) async fn open(path: &Path) -> Result<Self, OpenError> {
        let file = file::prepare(path)?;
        let told = |error| OpenError::from_sqlx(path, error);
        let mut connection = connections::writer(path).await.map_err(told)?;
        let brought = schema::bring_up_to_date(path, &mut connection).await;
        // A backup may have been put in its place while it was waited for: what was opened is then the one before.
        if !file.is_at(path) {
            return Err(OpenError::Locked { path: path.to_owned() });
        }
        brought?;
        let readers = connections::readers(path).await.map_err(told)?;
        let direct = Direct::open(path);
        let writer = Writer::start(path.to_owned(), connection, TURN);
        Ok(Self { writer, readers, direct, soiled: AtomicBool::new(true) })
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    pub(crate) fn direct(&self) -> &Direct {
        &self.direct
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Runs `body` in a transaction of its own; see [`Writer::run`].
    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        self.writer.run(body).await
    }

    /// Something was deleted that must not be left in the log.
    pub(crate) fn soil(&self) {
        self.soiled.store(true, Ordering::Release);
    }

    /// Empties the log if it is soiled; `false` where a reader is in the way.
    pub(crate) async fn clean(&self) -> Result<bool> {
        if !self.soiled.swap(false, Ordering::AcqRel) {
            return Ok(true);
        }
        let cleaned = self.writer.empty_log().await;
        if !matches!(cleaned, Ok(true)) {
            self.soil();
        }
        cleaned
    }

    /// The writer last: whoever closes the last connection moves the log into the database file, and a
    /// reader may not write.
    pub(crate) async fn close(&self) {
        self.direct.close();
        self.readers.close().await;
        self.writer.close().await;
    }
}

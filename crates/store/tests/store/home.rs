//! A database of SQLite's in a folder of its own.
use std::path::{Path, PathBuf};

use latchkey_store::Store;
use sqlx::ConnectOptions;
use tempfile::TempDir;

use crate::{sqlite_tables, tables::Table};

/// The folder of the databases of older schemas.
pub(crate) const FIXTURES: &str = "sqlite";

/// Columns as one text that tells every value from every other.
pub(crate) fn as_text(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join(" || ', ' || ")
}

/// Cases of a property, each with a database of its own.
pub(crate) const CASES: u32 = 48;

pub(crate) type Connection = sqlx::SqliteConnection;

pub(crate) struct Home {
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Home {
    #[expect(clippy::unused_async, reason = "a server is asked for the others")]
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().join("latchkey.db"), _folder: folder }
    }

    /// One that nothing was done to.
    pub(crate) async fn empty() -> Self {
        Self::new().await
    }

    /// As [`latchkey_store::Database`] reads it.
    pub(crate) fn address(&self) -> String {
        format!("sqlite:{}", self.path.display())
    }

    /// A store on it; the second one is as on another node.
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.path).await.unwrap()
    }

    pub(crate) async fn look(&self) -> Connection {
        connect(&self.path).await
    }

    pub(crate) async fn tables(&self) -> Vec<Table> {
        sqlite_tables::tables(&mut self.look().await).await
    }
}

pub(crate) async fn connect(path: &Path) -> Connection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

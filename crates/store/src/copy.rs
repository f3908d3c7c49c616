//! Moving house: everything of one database into an empty one of the other engine.
//!
//! Tables are copied in the order in which they refer to each other, rows in the order of their keys, some at a time, so
//! that a copy that was ended anywhere goes on where it was. The target has a table of its own while it is not whole,
//! which keeps the service from using it. In the end both sides are read once more, row by row.
mod rows;
mod side;
pub(crate) mod tables;

use sha2::{Digest, Sha256};

use self::{
    rows::{Row, feed},
    side::Side,
    tables::Table,
};
use crate::{database::Database, open_error::OpenError};

/// A table that was copied, and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over all of them in the order of their keys: the same on both sides.
    pub sha256: [u8; 32],
}

/// Why a copy did not come to its end. The text says what to do; what was copied so far stays, and is gone on from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// One of the two cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is nothing to copy.
    #[error("There is no database {0}. Look at its place, and try again.")]
    NoSource(String),
    /// Both are on SQLite.
    #[error("Both databases are files of SQLite. Stop the service and copy the file.")]
    Files,
    /// The source was written by an older version of the program.
    #[error("{database} is of an older version of Latchkey. Run latchkey-server migrate on it, and try again.")]
    OldSource {
        /// The source.
        database: String,
    },
    /// Somebody writes in the source.
    #[error("{database} is being written. Stop the service that uses it, and try again.")]
    SourceInUse {
        /// The source.
        database: String,
    },
    /// There is something in the target that no copy has put there.
    #[error("{database} has rows in {table} already. Choose an empty database; this one was left as it is.")]
    NotEmpty {
        /// The target.
        database: String,
        /// One of its tables.
        table: String,
    },
    /// The target has an unfinished copy of something else.
    #[error("{database} has an unfinished copy of {found}. Finish that one, or choose an empty database.")]
    OtherSource {
        /// The target.
        database: String,
        /// What it was begun from.
        found: String,
    },
    /// Another copy to the same target is under way.
    #[error("Something is being copied to {database} already. Wait for it to end.")]
    UnderWay {
        /// The target.
        database: String,
    },
    /// Both sides were written in full, and are not the same.
    #[error(
        "The table {table} is not the same on both sides. Run the command again; if that does not help, report it."
    )]
    Differs {
        /// The table.
        table: String,
    },
    /// A database refused.
    #[error("The copy of {table} was interrupted: {source}. Run the command again to go on.")]
    Interrupted {
        /// The table.
        table: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
}

/// Copies everything, and gives each table to `tell` when it is whole.
///
/// The source is kept from being written meanwhile. Its sealing key is no part of it.
pub async fn copy(from: &Database, to: &Database, mut tell: impl FnMut(CopiedTable)) -> Result<(), CopyError> {
    if let (Database::Sqlite(_), Database::Sqlite(_)) = (from, to) {
        return Err(CopyError::Files);
    }
    let mut source = Side::open_source(from).await?;
    let mut target = Side::open_target(to).await?;
    let tables = match (&mut source, &mut target) {
        (Side::Postgres(c), _) | (_, Side::Postgres(c)) => tables::read(c).await.map_err(at("the schema"))?,
        (Side::Sqlite(_), Side::Sqlite(_)) => return Err(CopyError::Files),
    };
    source.hold(&tables, from).await?;
    target.begin(&tables, from, to).await?;
    for table in &tables {
        tell(bring_over(table, &mut source, &mut target).await?);
    }
    target.finish().await.map_err(at("the last step"))
}

fn at(table: &str) -> impl FnOnce(sqlx::Error) -> CopyError {
    let table = table.to_owned();
    |source| CopyError::Interrupted { table, source }
}

/// Goes on behind the last row that is there. Where that does not come out the same, because the source was written since
/// the copy was begun, the table is copied anew.
async fn bring_over(table: &Table, source: &mut Side, target: &mut Side) -> Result<CopiedTable, CopyError> {
    let interrupted = || at(&table.name);
    let last = target.last(table).await.map_err(interrupted())?;
    let resumed = last.is_some();
    fill(table, source, target, last).await.map_err(interrupted())?;
    if let Some(whole) = compare(table, source, target).await.map_err(interrupted())? {
        return Ok(whole);
    }
    if resumed {
        target.clear(table).await.map_err(interrupted())?;
        fill(table, source, target, None).await.map_err(interrupted())?;
        if let Some(whole) = compare(table, source, target).await.map_err(interrupted())? {
            return Ok(whole);
        }
    }
    Err(CopyError::Differs { table: table.name.clone() })
}

async fn fill(table: &Table, source: &mut Side, target: &mut Side, mut after: Option<Row>) -> sqlx::Result<()> {
    loop {
        let mut page = source.page(table, after.as_ref()).await?;
        target.insert(table, &page).await?;
        match page.pop() {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

/// Reads both sides, row by row. `None` where they differ.
async fn compare(table: &Table, source: &mut Side, target: &mut Side) -> sqlx::Result<Option<CopiedTable>> {
    let (mut digest, mut rows, mut after) = (Sha256::new(), 0, None);
    loop {
        let (mut ours, theirs) = (source.page(table, after.as_ref()).await?, target.page(table, after.as_ref()).await?);
        if ours != theirs {
            return Ok(None);
        }
        for row in &ours {
            feed(&mut digest, row);
            rows += 1;
        }
        match ours.pop() {
            Some(last) => after = Some(last),
            None => {
                return Ok(Some(CopiedTable { name: table.name.clone(), rows, sha256: digest.finalize().into() }));
            }
        }
    }
}

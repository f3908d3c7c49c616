//! One of the two databases of a copy.
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _, SqliteConnection};

use super::{
    CopyError, at,
    rows::{Kind, Row, Value, bind, read},
    tables::Table,
};
use crate::{
    batches::values,
    database::Database,
    error::{postgres_code, sqlite_code},
    open_error::OpenError,
    postgres, sqlite,
};

/// Rows that are read, and written, at a time: pictures are among them.
const PAGE: usize = 100;

/// Keeps two copies from writing to one database. One that was killed just now is waited for.
const ALONE: &str = "SET lock_timeout = '5s'; SELECT pg_advisory_lock(5498413286405832706); SET lock_timeout = 0";

pub(super) enum Side {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The same on whichever engine it is.
macro_rules! on {
    ($side:expr, |$c:ident| $body:expr) => {
        match $side {
            Side::Sqlite($c) => $body,
            Side::Postgres($c) => $body,
        }
    };
}

impl Side {
    /// A database that is there, of this version.
    pub(super) async fn open_source(database: &Database) -> Result<Self, CopyError> {
        let (side, found) = match database {
            Database::Sqlite(path) => {
                if !path.is_file() {
                    return Err(CopyError::NoSource(database.to_string()));
                }
                let (connection, found) = sqlite::look(path).await?;
                (Self::Sqlite(connection), found)
            }
            Database::Postgres(address) => {
                let (connection, found) = postgres::look(address).await?;
                (Self::Postgres(connection), found)
            }
        };
        match found {
            0 => Err(CopyError::NoSource(database.to_string())),
            found if found < sqlite::latest_schema_version() => {
                Err(CopyError::OldSource { database: database.to_string() })
            }
            // It may be used, and this program does not know all that is in it.
            found if found > sqlite::latest_schema_version() => Err(CopyError::Open(OpenError::NewerSchema {
                path: database.to_string().into(),
                found,
                known: sqlite::latest_schema_version(),
            })),
            _ => Ok(side),
        }
    }

    /// A database that is made where it is missing.
    pub(super) async fn open_target(database: &Database) -> Result<Self, OpenError> {
        match database {
            Database::Sqlite(path) => Ok(Self::Sqlite(sqlite::make(path).await?)),
            Database::Postgres(address) => Ok(Self::Postgres(postgres::make(address).await?)),
        }
    }

    /// Keeps everybody else from writing in the source until this one is dropped.
    pub(super) async fn hold(&mut self, tables: &[Table], database: &Database) -> Result<(), CopyError> {
        let held = match self {
            Self::Sqlite(c) => c.execute("BEGIN IMMEDIATE").await.map(drop),
            Self::Postgres(c) => {
                let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
                let statement = format!(
                    "SET lock_timeout = '5s'; BEGIN; LOCK TABLE {} IN SHARE MODE; SET lock_timeout = 0",
                    names.join(", ")
                );
                c.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.map(drop)
            }
        };
        let Err(error) = held else { return Ok(()) };
        if sqlite_code(&error).is_some_and(|(code, _)| code == 5) || postgres_code(&error) == Some("55P03") {
            return Err(CopyError::SourceInUse { database: database.to_string() });
        }
        Err(at("the source")(error))
    }

    /// Makes sure that the target is empty, or has this very copy, unfinished; then it has.
    pub(super) async fn begin(&mut self, tables: &[Table], from: &Database, to: &Database) -> Result<(), CopyError> {
        let failed = || at("the target");
        let (source, database) = (source_name(from), to.to_string());
        if let Self::Postgres(c) = self {
            match c.execute(sqlx::raw_sql(ALONE)).await {
                Ok(_) => {}
                Err(error) if postgres_code(&error) == Some("55P03") => return Err(CopyError::UnderWay { database }),
                Err(error) => return Err(at("the target")(error)),
            }
        }
        let unfinished = match self {
            Self::Sqlite(c) => sqlite::has_unfinished_copy(c).await,
            Self::Postgres(c) => postgres::has_unfinished_copy(c).await,
        };
        if unfinished.map_err(failed())? {
            let found: Option<String> = on!(self, |c| {
                sqlx::query_scalar("SELECT source FROM latchkey_copy").fetch_optional(c).await.map_err(failed())?
            });
            return match found {
                Some(found) if found != source => Err(CopyError::OtherSource { database, found }),
                _ => Ok(()),
            };
        }
        for table in tables {
            if self.last(table).await.map_err(failed())?.is_some() {
                return Err(CopyError::NotEmpty { database, table: table.name.clone() });
            }
        }
        on!(self, |c| {
            let mut together = c.begin().await.map_err(failed())?;
            together.execute("CREATE TABLE latchkey_copy (source TEXT NOT NULL)").await.map_err(failed())?;
            let insert = sqlx::query("INSERT INTO latchkey_copy (source) VALUES ($1)").bind(&source);
            insert.execute(&mut *together).await.map_err(failed())?;
            together.commit().await.map_err(failed())
        })
    }

    /// The target is whole: the service may use it.
    pub(super) async fn finish(mut self) -> sqlx::Result<()> {
        if let Self::Postgres(c) = &mut self {
            // So that statements find their way from the first moment on.
            c.execute("ANALYZE").await?;
        }
        on!(&mut self, |c| c.execute("DROP TABLE latchkey_copy").await.map(drop))?;
        on!(self, |c| c.close().await)
    }

    /// The row with the highest key.
    pub(super) async fn last(&mut self, table: &Table) -> sqlx::Result<Option<Row>> {
        let text = format!(
            "SELECT {} FROM {} ORDER BY {} LIMIT 1",
            table.column_names(),
            table.name,
            table.key_names(" DESC")
        );
        on!(self, |c| {
            let found = sqlx::query(AssertSqlSafe(text)).fetch_optional(c).await?;
            found.map(|row| read!(row, table)).transpose()
        })
    }

    /// The next rows behind this one, in the order of their keys.
    pub(super) async fn page(&mut self, table: &Table, after: Option<&Row>) -> sqlx::Result<Vec<Row>> {
        let (columns, name, key) = (table.column_names(), &table.name, table.key_names(""));
        let behind = after.map(|_| format!("WHERE ({key}) > {}", values(1, table.key.len()))).unwrap_or_default();
        let text = format!("SELECT {columns} FROM {name} {behind} ORDER BY {key} LIMIT {PAGE}");
        on!(self, |c| {
            let mut query = sqlx::query(AssertSqlSafe(text));
            if let Some(after) = after {
                for place in &table.key {
                    query = bind!(query, &after[*place]);
                }
            }
            let found = query.fetch_all(c).await?;
            found.into_iter().map(|row| read!(row, table)).collect()
        })
    }

    /// Adds rows, all or none.
    pub(super) async fn insert(&mut self, table: &Table, rows: &[Row]) -> sqlx::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let places = values(rows.len(), table.columns.len());
        let text = format!("INSERT INTO {} ({}) VALUES {places}", table.name, table.column_names());
        on!(self, |c| {
            let mut together = c.begin().await?;
            let mut query = sqlx::query(AssertSqlSafe(text));
            for value in rows.iter().flatten() {
                query = bind!(query, value);
            }
            query.execute(&mut *together).await?;
            together.commit().await
        })
    }

    /// Removes all rows.
    pub(super) async fn clear(&mut self, table: &Table) -> sqlx::Result<()> {
        let text = format!("DELETE FROM {}", table.name);
        on!(self, |c| {
            let mut together = c.begin().await?;
            together.execute(AssertSqlSafe(text)).await?;
            together.commit().await
        })
    }
}

/// What the target remembers of the source: no password, and no working folder.
fn source_name(from: &Database) -> String {
    match from {
        Database::Sqlite(path) => std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string(),
        Database::Postgres(address) => address.to_string(),
    }
}

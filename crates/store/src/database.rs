//! Where a database is.
use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::postgres::PostgresAddress;

/// Where a database is, and so which engine it has.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file of SQLite's.
    Sqlite(PathBuf),
    /// A database on a PostgreSQL server.
    Postgres(PostgresAddress),
}

/// Why a text does not say where a database is. It is not repeated: there may be a password in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidDatabase {
    /// It is written in another way.
    #[error("expected sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE")]
    Form,
    /// There is no such parameter.
    #[error(
        "there is no parameter {0}; there are sslmode, sslrootcert, sslcert, sslkey, application_name, options, host and pooler"
    )]
    Parameter(String),
    /// A server, and no database.
    #[error("the name of the database is missing, as in postgres://USER@HOST/DATABASE")]
    NoName,
}

impl FromStr for Database {
    type Err = InvalidDatabase;

    /// `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    fn from_str(text: &str) -> Result<Self, InvalidDatabase> {
        match text.split_once(':') {
            Some(("sqlite", path)) => match path.strip_prefix("//").unwrap_or(path) {
                "" => Err(InvalidDatabase::Form),
                path => Ok(Self::Sqlite(path.into())),
            },
            Some(("postgres" | "postgresql", _)) => text.parse().map(Self::Postgres),
            _ => Err(InvalidDatabase::Form),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(address) => write!(f, "{address}"),
        }
    }
}

impl From<PathBuf> for Database {
    fn from(path: PathBuf) -> Self {
        Self::Sqlite(path)
    }
}

impl From<&PathBuf> for Database {
    fn from(path: &PathBuf) -> Self {
        Self::Sqlite(path.clone())
    }
}

impl From<&Path> for Database {
    fn from(path: &Path) -> Self {
        Self::Sqlite(path.to_owned())
    }
}

impl From<&Database> for Database {
    fn from(database: &Database) -> Self {
        database.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_told_by_the_beginning() {
        let read = |text: &str| text.parse::<Database>().map(|database| database.to_string());
        assert_eq!(read("sqlite:a/b.db").unwrap(), "a/b.db");
        assert_eq!(read("sqlite:///a/b.db").unwrap(), "/a/b.db");
        assert_eq!(read("postgresql://ada:secret@h/d").unwrap(), "postgres://ada@h:5432/d");
        for text in ["", "sqlite:", "sqlite://", "a/b.db", "mysql://h/d"] {
            assert_eq!(read(text).unwrap_err(), InvalidDatabase::Form, "{text}");
        }
    }
}

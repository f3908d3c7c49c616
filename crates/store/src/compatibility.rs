//! Which programs may use a schema that is newer than they are.
//!
//! A migration adds, and programs that do not know it go on beside those that do. Where one takes something away, or an
//! older program must not ignore what it brings, its name ends with the schema that a program has to know at least, as
//! in `0009_no_more_bios_needs_7.sql`. The database keeps the name, so that programs read it which never saw the file.
use sqlx::{FromRow, Row};

/// Migrations that were run, and that a program which knows them up to `$1` does not know.
pub(crate) const UNKNOWN: &str = "SELECT version, description FROM _sqlx_migrations WHERE version > $1";

/// A migration somebody else has run.
#[derive(Debug)]
pub(crate) struct Unknown {
    version: i64,
    description: String,
}

impl<'r, R: Row> FromRow<'r, R> for Unknown
where
    &'static str: sqlx::ColumnIndex<R>,
    i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self { version: row.try_get("version")?, description: row.try_get("description")? })
    }
}

impl Unknown {
    /// The schema that a program has to know at least. What cannot be read is the migration's own.
    fn needs(&self) -> i64 {
        let mut words = self.description.rsplit(' ');
        match (words.next(), words.next()) {
            (Some(number), Some("needs")) => number.parse().unwrap_or(self.version),
            _ => 0,
        }
    }
}

/// Whether a program that knows schemas up to `known` may use what these have made.
pub(crate) fn may_use(known: i64, unknown: &[Unknown]) -> bool {
    unknown.iter().all(|migration| migration.needs() <= known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(known: i64, names: &[&str]) -> bool {
        let all: Vec<_> = (known + 1..).zip(names).collect();
        let all = all.into_iter().map(|(version, name)| Unknown { version, description: (*name).to_owned() });
        may_use(known, &all.collect::<Vec<_>>())
    }

    #[test]
    fn what_adds_keeps_nobody_out_and_what_takes_away_says_whom() {
        assert!(may(4, &[]));
        assert!(may(4, &["passkeys", "more about passkeys"]));
        assert!(may(4, &["passkeys", "no more bios needs 4"]));
        assert!(!may(4, &["passkeys", "no more bios needs 5", "more"]));
        assert!(!may(4, &["no more bios needs some"]));
        assert!(may(4, &["what everybody needs"]));
    }
}

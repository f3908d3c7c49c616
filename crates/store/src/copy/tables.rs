//! What tables there are, and what is in their columns, as PostgreSQL tells it: SQLite does not tell ids from other bytes.
use sqlx::PgConnection;

use super::rows::Kind;

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    /// The columns of the primary key, by their places.
    pub(super) key: Vec<usize>,
}

const TABLES: &str = "SELECT c.relname::TEXT, ARRAY(SELECT f.confrelid::regclass::TEXT FROM pg_constraint f \
    WHERE f.conrelid = c.oid AND f.contype = 'f') FROM pg_class c WHERE c.relkind = 'r' \
    AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN ('_sqlx_migrations', 'latchkey_copy') \
    ORDER BY c.relname";
const COLUMNS: &str = "SELECT a.attname::TEXT, format_type(a.atttypid, NULL), \
    array_position(p.conkey, a.attnum)::BIGINT FROM pg_attribute a JOIN pg_constraint p ON p.conrelid = a.attrelid \
    AND p.contype = 'p' WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/// All tables, each behind those it refers to.
pub(crate) async fn read(c: &mut PgConnection) -> sqlx::Result<Vec<Table>> {
    let mut waiting: Vec<(String, Vec<String>)> = sqlx::query_as(TABLES).fetch_all(&mut *c).await?;
    let mut tables: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let known = |name: &String| tables.iter().any(|table| table.name == *name);
        let Some(next) = waiting.iter().position(|(_, others)| others.iter().all(known)) else {
            return Err(sqlx::Error::Protocol("tables that refer to each other have no order".to_owned()));
        };
        let (name, _) = waiting.remove(next);
        tables.push(table(c, name).await?);
    }
    Ok(tables)
}

async fn table(c: &mut PgConnection, name: String) -> sqlx::Result<Table> {
    let read: Vec<(String, String, Option<i64>)> = sqlx::query_as(COLUMNS).bind(&name).fetch_all(c).await?;
    let mut key: Vec<(i64, usize)> =
        read.iter().enumerate().filter_map(|(place, (.., in_key))| Some(((*in_key)?, place))).collect();
    key.sort_unstable();
    let columns = read.into_iter().map(|(column, kind, _)| Ok((column, Kind::named(&kind)?)));
    let columns = columns.collect::<sqlx::Result<_>>()?;
    Ok(Table { name, columns, key: key.into_iter().map(|(_, place)| place).collect() })
}

impl Table {
    /// The first column of the key.
    pub(crate) fn key_column(&self) -> Option<&str> {
        self.key.first().map(|place| self.columns[*place].0.as_str())
    }

    pub(super) fn column_names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The columns of the key, each followed by `more`.
    pub(super) fn key_names(&self, more: &str) -> String {
        self.key.iter().map(|place| format!("{}{more}", self.columns[*place].0)).collect::<Vec<_>>().join(", ")
    }
}

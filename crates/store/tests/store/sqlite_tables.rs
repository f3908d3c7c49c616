//! The tables of a file, as SQLite describes them. It knows no names of constraints: those are read in its text.
use std::collections::{BTreeMap, BTreeSet};

use sqlx::SqliteConnection;

use crate::tables::Table;

const TABLES: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
    AND name <> '_sqlx_migrations' ORDER BY name";

pub(crate) async fn tables(c: &mut SqliteConnection) -> Vec<Table> {
    let mut found = Vec::new();
    for (name, sql) in sqlx::query_as::<_, (String, String)>(TABLES).fetch_all(&mut *c).await.unwrap() {
        let columns = "SELECT name, type, \"notnull\" FROM pragma_table_info($1)";
        let columns: Vec<(String, String, bool)> =
            sqlx::query_as(columns).bind(&name).fetch_all(&mut *c).await.unwrap();
        let indexes = "SELECT name, partial FROM pragma_index_list($1) WHERE origin = 'c'";
        let indexes: Vec<(String, bool)> = sqlx::query_as(indexes).bind(&name).fetch_all(&mut *c).await.unwrap();
        let mut by_index = BTreeMap::new();
        for (index, partial) in indexes {
            let columns = "SELECT name FROM pragma_index_info($1) ORDER BY seqno";
            let columns = sqlx::query_scalar(columns).bind(&index).fetch_all(&mut *c).await.unwrap();
            by_index.insert(index, (columns, partial));
        }
        let mut table = Table {
            name,
            columns: columns.into_iter().map(|(name, kind, always)| (name, (kind, always))).collect(),
            primary_key: (String::new(), Vec::new()),
            uniques: BTreeMap::new(),
            foreign_keys: BTreeMap::new(),
            checks: BTreeSet::new(),
            indexes: by_index,
        };
        sql.split("CONSTRAINT ").skip(1).for_each(|text| constraint(&mut table, text));
        found.push(table);
    }
    found
}

fn constraint(table: &mut Table, text: &str) {
    let (name, rest) = text.split_once(' ').unwrap();
    let name = name.to_owned();
    // The columns in the first brackets behind a word.
    let columns = |rest: &str| -> Vec<String> {
        let list = rest.split_once('(').unwrap().1.split_once(')').unwrap().0;
        list.split(',').map(|column| column.trim().to_owned()).collect()
    };
    if rest.starts_with("PRIMARY KEY") {
        table.primary_key = (name, columns(rest));
    } else if rest.starts_with("UNIQUE") {
        table.uniques.insert(name, columns(rest));
    } else if rest.starts_with("FOREIGN KEY") {
        let (from, to) = rest.split_once("REFERENCES ").unwrap();
        assert!(to.contains("ON DELETE CASCADE"), "{name} cascades");
        let other = to.split([' ', '(']).next().unwrap().to_owned();
        table.foreign_keys.insert(name, (columns(from), other, columns(to)));
    } else {
        assert!(rest.starts_with("CHECK"), "{name} is of a known kind");
        table.checks.insert(name);
    }
}

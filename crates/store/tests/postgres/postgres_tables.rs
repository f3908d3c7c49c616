//! The tables of a database, as PostgreSQL describes them; they are those of SQLite.
use std::collections::{BTreeMap, BTreeSet};

use latchkey_store::Store;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

use crate::{home::Home, tables::Table, world::World};

#[path = "../store/sqlite_tables.rs"]
mod sqlite_tables;

const TABLES: &str = "SELECT relname::TEXT FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
    AND relname <> '_sqlx_migrations' ORDER BY relname COLLATE \"C\"";
const COLUMNS: &str = "SELECT attname::TEXT, format_type(atttypid, atttypmod), COALESCE(collname::TEXT, ''), attnotnull \
    FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation \
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped";
const CONSTRAINTS: &str = "SELECT conname::TEXT, contype::TEXT, confdeltype::TEXT, COALESCE(confrelid::regclass::TEXT, ''), \
    ARRAY(SELECT attname::TEXT FROM unnest(conkey) WITH ORDINALITY k (n, i) \
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.n ORDER BY k.i), \
    ARRAY(SELECT attname::TEXT FROM unnest(confkey) WITH ORDINALITY k (n, i) \
    JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.n ORDER BY k.i) \
    FROM pg_constraint WHERE conrelid = $1::regclass";
const INDEXES: &str = "SELECT indexrelid::regclass::TEXT, indpred IS NOT NULL, \
    ARRAY(SELECT attname::TEXT FROM unnest(indkey::INT2[]) WITH ORDINALITY k (n, i) \
    JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.n ORDER BY k.i) \
    FROM pg_index WHERE indrelid = $1::regclass \
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))";

type Constraint = (String, String, String, String, Vec<String>, Vec<String>);

impl Home {
    pub(crate) async fn tables(&self) -> Vec<Table> {
        let mut c = self.look().await;
        let mut found = Vec::new();
        for name in sqlx::query_scalar::<_, String>(TABLES).fetch_all(&mut c).await.unwrap() {
            let columns: Vec<(String, String, String, bool)> =
                sqlx::query_as(COLUMNS).bind(&name).fetch_all(&mut c).await.unwrap();
            let indexes: Vec<(String, bool, Vec<String>)> =
                sqlx::query_as(INDEXES).bind(&name).fetch_all(&mut c).await.unwrap();
            let constraints: Vec<Constraint> = sqlx::query_as(CONSTRAINTS).bind(&name).fetch_all(&mut c).await.unwrap();
            let mut table = Table {
                name,
                columns: columns.into_iter().map(|(name, t, c, always)| (name, (of_sqlite(&t, &c), always))).collect(),
                primary_key: (String::new(), Vec::new()),
                uniques: BTreeMap::new(),
                foreign_keys: BTreeMap::new(),
                checks: BTreeSet::new(),
                indexes: indexes.into_iter().map(|(name, partial, columns)| (name, (columns, partial))).collect(),
            };
            for (name, kind, on_delete, other, columns, theirs) in constraints {
                match kind.as_str() {
                    "p" => table.primary_key = (name, columns),
                    "u" => drop(table.uniques.insert(name, columns)),
                    "f" => {
                        assert_eq!(on_delete, "c", "{name} cascades");
                        table.foreign_keys.insert(name, (columns, other, theirs));
                    }
                    "c" => drop(table.checks.insert(name)),
                    other => panic!("{name} is of the unknown kind {other}"),
                }
            }
            found.push(table);
        }
        found
    }
}

/// What SQLite has for a type; see `docs/ARCHITECTURE.md`.
fn of_sqlite(kind: &str, collation: &str) -> String {
    let found = match (kind, collation) {
        ("uuid" | "bytea", "") => "BLOB",
        ("bigint" | "boolean", "") => "INTEGER",
        // By its bytes, as SQLite does.
        ("text", "C") => "TEXT",
        other => panic!("{other:?} is no type of this schema"),
    };
    found.to_owned()
}

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latchkey.db");
    Store::open(&path).await.unwrap().close().await;
    let mut file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let theirs = sqlite_tables::tables(&mut file).await;
    let ours = world.home.tables().await;
    let names = |tables: &[Table]| tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "on PostgreSQL, on SQLite");
    }
}

#[tokio::test]
async fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("postgres"), names("sqlite"));
}

//! Databases of every schema there ever was, opened by this version. `tests/fixtures/README.md` says how they are made.
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Stdio,
    time::Duration,
};

use latchkey_store::*;
use sqlx::{AssertSqlSafe, Executor, Row};

use crate::{
    home::{Connection, FIXTURES, Home, as_text},
    rerun::{rerun, role},
    tables::Table,
};

/// The database of a schema.
fn fixture(schema: i64) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{FIXTURES}/schema-{schema:04}.sql"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}. A migration comes with a database of its schema; see README.md there.", path.display())
    })
}

async fn home(schema: i64) -> Home {
    let home = Home::empty().await;
    home.look().await.execute(sqlx::raw_sql(AssertSqlSafe(fixture(schema)))).await.unwrap();
    home
}

/// All rows of these columns, as text.
async fn rows(c: &mut Connection, tables: &[Table]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for table in tables {
        let columns: Vec<_> = table.columns.keys().map(String::as_str).collect();
        let query = format!("SELECT {} FROM {}", as_text(&columns), table.name);
        let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut *c).await.unwrap();
        let rows: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
        found.insert(table.name.clone(), rows);
    }
    found
}

#[tokio::test]
async fn every_schema_is_brought_up_to_date_with_all_that_is_in_it() {
    let fresh = Home::new().await;
    fresh.open().await.close().await;
    let newest = fresh.tables().await;
    for schema in 1..=Store::latest_schema_version() {
        let home = home(schema).await;
        let tables = home.tables().await;
        let before = rows(&mut home.look().await, &tables).await;
        for (table, rows) in &before {
            assert!(!rows.is_empty(), "schema {schema} has no row in {table}");
        }
        let store = home.open().await;
        assert_eq!(store.schema_version().await.unwrap(), Store::latest_schema_version());
        assert_eq!(rows(&mut home.look().await, &tables).await, before, "schema {schema}");
        assert_eq!(home.tables().await, newest, "schema {schema}");
        // It goes on: everybody's activity is whole, and grows.
        let accounts = store.list_accounts(None, 100).await.unwrap();
        assert_eq!(accounts.iter().map(|account| account.username.as_str()).collect::<Vec<_>>(), ["ada", "bob"]);
        for account in accounts {
            let Chain::Whole { events } = store.verify_events(account.account_id).await.unwrap() else {
                panic!("schema {schema}: the activity of {}", account.username)
            };
            let event = crate::world::event("signed_in", crate::world::NOW);
            store.add_event(account.account_id, event).await.unwrap();
            assert_eq!(store.verify_events(account.account_id).await.unwrap(), Chain::Whole { events: events + 1 });
        }
        store.close().await;
    }
}

/// A program that is killed while it brings a database up to date leaves one that the next one goes on with.
#[tokio::test]
async fn an_upgrade_that_is_killed_goes_on_at_the_next_start() {
    const TEST: &str = "upgrades::an_upgrade_that_is_killed_goes_on_at_the_next_start";
    if let Some(url) = role() {
        println!("\nopening.");
        Store::open(url.parse::<Database>().unwrap()).await.unwrap();
        println!("\nopened.");
        std::future::pending::<()>().await;
    }
    for round in 0..8 {
        let home = home(1).await;
        let before = rows(&mut home.look().await, &home.tables().await).await;
        let mut child = rerun(&[], TEST, &home.address()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        assert!(lines.any(|line| line.unwrap() == "opening."));
        // From not begun to long done, whatever the machine: where it was ended does not matter.
        std::thread::sleep(Duration::from_millis(round * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = home.open().await;
        assert_eq!(store.schema_version().await.unwrap(), Store::latest_schema_version());
        for (table, rows) in rows(&mut home.look().await, &home.tables().await).await {
            assert!(before.get(&table).is_none_or(|before| before.len() == rows.len()), "{table}");
        }
        store.close().await;
    }
}

use std::collections::BTreeSet;

use latchkey_store::*;
use sqlx::SqliteConnection;

use crate::world::*;

/// Found by one value, without knowing an account.
const LOOK_UP_TABLES: [&str; 5] = ["logins", "throttles", "instance_settings", "name_holds", "signing_keys"];

async fn tables(c: &mut SqliteConnection) -> Vec<(String, String)> {
    sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(c)
    .await
    .unwrap()
}

async fn columns(c: &mut SqliteConnection, pragma: &'static str, of: &str) -> Vec<String> {
    sqlx::query_scalar(pragma).bind(of).fetch_all(c).await.unwrap()
}

const PRIMARY_KEY: &str = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";
const INDEXED: &str = "SELECT name FROM pragma_index_info($1) ORDER BY seqno";

#[tokio::test]
async fn every_primary_key_begins_with_the_account() {
    let world = World::new().await;
    let mut c = world.look().await;
    let tables = tables(&mut c).await;
    assert!(tables.len() >= 7);
    for (table, _) in &tables {
        let key = columns(&mut c, PRIMARY_KEY, table).await;
        if LOOK_UP_TABLES.contains(&table.as_str()) {
            assert_eq!(key.len(), 1, "{table} is found by one value");
        } else {
            assert_eq!(key.first().map(String::as_str), Some("account_id"), "{table}");
        }
    }
}

#[tokio::test]
async fn no_unique_constraint_and_no_foreign_key_crosses_accounts() {
    let world = World::new().await;
    let mut c = world.look().await;
    for (table, _) in tables(&mut c).await {
        let unique: Vec<String> =
            sqlx::query_scalar("SELECT name FROM pragma_index_list($1) WHERE \"unique\" = 1 AND origin <> 'pk'")
                .bind(&table)
                .fetch_all(&mut c)
                .await
                .unwrap();
        for index in unique {
            assert_eq!(columns(&mut c, INDEXED, &index).await[0], "account_id", "{table}");
        }
        let foreign: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT id, \"from\", \"to\" FROM pragma_foreign_key_list($1) WHERE seq = 0")
                .bind(&table)
                .fetch_all(&mut c)
                .await
                .unwrap();
        for (_, from, to) in foreign {
            assert_eq!((from.as_str(), to.as_str()), ("account_id", "account_id"), "{table}");
        }
    }
}

/// So that a violation can be told by its name on every engine.
#[tokio::test]
async fn every_unique_constraint_has_a_name_the_store_knows() {
    let world = World::new().await;
    let mut c = world.look().await;
    let (mut found, mut texts) = (BTreeSet::new(), String::new());
    for (table, sql) in tables(&mut c).await {
        let unique: Vec<(String, String)> =
            sqlx::query_as("SELECT name, origin FROM pragma_index_list($1) WHERE \"unique\" = 1")
                .bind(&table)
                .fetch_all(&mut c)
                .await
                .unwrap();
        assert!(unique.iter().any(|(_, origin)| origin == "pk"), "{table}");
        for (index, origin) in unique {
            // The index of a primary key without rowids lists the columns of the whole row.
            let pragma = if origin == "pk" { PRIMARY_KEY } else { INDEXED };
            let of = if origin == "pk" { &table } else { &index };
            let listed = columns(&mut c, pragma, of).await;
            found.insert(listed.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", "));
        }
        texts.push_str(&sql);
    }
    assert_eq!(found, Unique::ALL.iter().map(|(_, _, columns)| (*columns).to_owned()).collect());
    for (unique, name, _) in Unique::ALL {
        assert!(texts.contains(&format!("CONSTRAINT {name} ")), "{unique:?} is named {name}");
    }
}

#[tokio::test]
async fn every_table_is_strict() {
    let world = World::new().await;
    let mut c = world.look().await;
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 \
         AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new());
}

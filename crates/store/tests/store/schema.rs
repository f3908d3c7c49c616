//! The storage rules, held by what the database says of itself.
use std::collections::BTreeSet;

use latchkey_store::*;

use crate::world::*;

/// Found by one value, without knowing an account.
const LOOK_UP_TABLES: [&str; 5] = ["logins", "throttles", "instance_settings", "name_holds", "signing_keys"];

#[tokio::test]
async fn every_primary_key_begins_with_the_account() {
    let tables = World::new().await.home.tables().await;
    assert!(tables.len() >= 7);
    for table in tables {
        let (_, key) = table.primary_key;
        if LOOK_UP_TABLES.contains(&table.name.as_str()) {
            assert_eq!(key.len(), 1, "{} is found by one value", table.name);
        } else {
            assert_eq!(key.first().map(String::as_str), Some("account_id"), "{}", table.name);
        }
    }
}

#[tokio::test]
async fn no_unique_constraint_and_no_foreign_key_crosses_accounts() {
    for table in World::new().await.home.tables().await {
        for columns in table.uniques.values() {
            assert_eq!(columns[0], "account_id", "{}", table.name);
        }
        for (from, _, to) in table.foreign_keys.values() {
            assert_eq!((from[0].as_str(), to[0].as_str()), ("account_id", "account_id"), "{}", table.name);
        }
    }
}

/// So that a violation can be told on every engine: by the name of the constraint, or by its columns.
#[tokio::test]
async fn every_unique_constraint_is_one_the_store_knows() {
    let mut found = BTreeSet::new();
    for table in World::new().await.home.tables().await {
        for (name, columns) in table.uniques.into_iter().chain([table.primary_key]) {
            let columns: Vec<_> = columns.iter().map(|column| format!("{}.{column}", table.name)).collect();
            found.insert((name, columns.join(", ")));
        }
    }
    let known = Unique::ALL.iter().map(|(_, name, columns)| ((*name).to_owned(), (*columns).to_owned()));
    assert_eq!(found, known.collect());
}

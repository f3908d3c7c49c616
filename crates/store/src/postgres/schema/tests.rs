//! A migration of a next version, while this one serves.
use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use latchkey_postgres_testkit::TestDatabase;
use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType},
};
use tokio::{task::JoinSet, time::sleep};

use super::*;
use crate::{Account, Database, Micros, NewEvent, Pending, ProfileChange, Store, Uuid};

/// The migrations there are, and one that changes tables everybody uses.
fn next_version() -> Migrator {
    let mut all: Vec<Migration> = MIGRATIONS.iter().cloned().collect();
    let statements = "ALTER TABLE accounts ADD COLUMN pronouns TEXT COLLATE \"C\"; \
        ALTER TABLE event_heads ADD COLUMN kept BIGINT NOT NULL DEFAULT 0; \
        ALTER TABLE events ADD COLUMN place TEXT COLLATE \"C\"; \
        ALTER TABLE logins ADD COLUMN kind BIGINT; \
        CREATE INDEX accounts_by_pronouns ON accounts (account_id) WHERE pronouns IS NOT NULL";
    let name = Cow::Borrowed("pronouns");
    all.push(Migration::new(
        latest_schema_version() + 1,
        name,
        MigrationType::Simple,
        statements.into_sql_str(),
        false,
    ));
    Migrator { migrations: all.into(), ..Migrator::DEFAULT }
}

fn change(account: &Account, number: usize) -> ProfileChange {
    ProfileChange {
        by: None,
        name: format!("Ada the {number}th"),
        email: account.email.clone(),
        email_key: account.email.clone(),
        location: None,
        bio: None,
        pending: Pending::Keep,
        events: vec![NewEvent {
            event_id: Uuid::from_u128(number as u128),
            kind: "profile_changed",
            category: "profile",
            at: Micros(1),
            session_id: None,
            device: None,
            ip_address: None,
            details: "{}".into(),
        }],
        mail: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_under_load_fails_nobody() {
    let database = TestDatabase::empty();
    let store = Store::open(database.url().parse::<Database>().unwrap()).await.unwrap();
    database.sql(
        "INSERT INTO accounts (account_id, username, username_key, email, email_key, name, version, created_at, updated_at) \
         SELECT gen_random_uuid(), n, n, n, n, n, 1, 0, 0 FROM generate_series(1, 8) n; \
         INSERT INTO event_heads SELECT account_id, 0, decode(repeat('00', 32), 'hex') FROM accounts",
    );
    let accounts = store.list_accounts(None, 8).await.unwrap();
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut writers = JoinSet::new();
    for (number, account) in accounts.into_iter().enumerate() {
        let (store, stop, written) = (store.clone(), stop.clone(), written.clone());
        writers.spawn(async move {
            let mut turn = number;
            while !stop.load(Ordering::Relaxed) {
                turn += 8;
                let now = store.account(account.account_id).await.unwrap().unwrap();
                let changed = store.update_profile(now.account_id, now.version, change(&now, turn), Micros(1)).await;
                changed.unwrap();
                written.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let some = async |more: usize| {
        let until = written.load(Ordering::Relaxed) + more;
        while written.load(Ordering::Relaxed) < until {
            sleep(Duration::from_millis(5)).await;
        }
    };
    some(50).await;
    // Somebody holds a table for longer than the migration waits: it lets the others go first, and tries again.
    let mut slow = PgConnection::connect(&database.url()).await.unwrap();
    slow.execute("BEGIN; LOCK TABLE logins IN ACCESS SHARE MODE").await.unwrap();
    let url = database.url();
    let migrating = tokio::spawn(async move {
        let mut c = PgConnection::connect(&url).await.unwrap();
        migrate(&next_version(), &mut c).await.unwrap();
        // What others are limited by is not this connection's.
        let limit: String = sqlx::query_scalar("SHOW lock_timeout").fetch_one(&mut c).await.unwrap();
        assert_eq!(limit, "0");
    });
    sleep(Duration::from_millis(2_500)).await;
    assert!(!migrating.is_finished());
    slow.execute("ROLLBACK").await.unwrap();
    migrating.await.unwrap();
    some(50).await;
    stop.store(true, Ordering::Relaxed);
    while let Some(writer) = writers.join_next().await {
        writer.expect("every write went well");
    }
    assert_eq!(store.schema_version().await.unwrap(), latest_schema_version() + 1);
    store.ping().await.unwrap();
}

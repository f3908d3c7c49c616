//! Opening a database on a server, and what is said where it cannot be.
use latchkey_postgres_testkit::TestDatabase;
use latchkey_store::*;
use sqlx::{Connection, Executor};

use crate::{home::Home, world::*};

async fn refused(database: &str) -> (OpenError, String) {
    let error = Store::open(database.parse::<Database>().unwrap()).await.err().expect("refused");
    let text = error.to_string();
    assert!(text.contains("postgres://") && text.ends_with('.'), "{text}");
    (error, text)
}

#[tokio::test]
async fn a_database_keeps_its_content_and_its_version_when_opened_again() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    assert_eq!(world.store.schema_version().await.unwrap(), Store::latest_schema_version());
    world.store.ping().await.unwrap();
    world.store.close().await;
    let again = world.home.open().await;
    assert_eq!(again.account(ada.account_id).await.unwrap(), Some(ada));
    again.close().await;
}

#[tokio::test]
async fn a_closed_store_says_so_and_closing_twice_is_nothing() {
    let world = World::new().await;
    let clone = world.store.clone();
    world.store.close().await;
    clone.close().await;
    assert!(matches!(clone.ping().await, Err(Error::Closed)));
    assert!(matches!(clone.account(AccountId(id())).await, Err(Error::Closed)));
    assert!(matches!(clone.sign_up(person("ada")).await, Err(Error::Closed)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_8_who_make_the_tables_at_once_all_succeed() {
    let empty = TestDatabase::empty();
    let stores = at_once(8, |_| {
        let database: Database = empty.url().parse().unwrap();
        async move { Store::open(database).await.unwrap() }
    })
    .await;
    for (i, store) in stores.iter().enumerate() {
        store.sign_up(person(&format!("p{i}"))).await.unwrap();
    }
    assert_eq!(stores[0].list_accounts(None, 100).await.unwrap().len(), 8);
}

/// As a program of a later version would have left it.
fn migrated(home: &Home, name: &str, statements: &str) {
    home.sql(&format!(
        "{statements}; INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT MAX(version) + 1, '{name}', TRUE, '', 0 FROM _sqlx_migrations"
    ));
}

#[tokio::test]
async fn a_schema_that_was_added_to_serves_older_programs() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let adds = "ALTER TABLE accounts ADD COLUMN pronouns TEXT COLLATE \"C\"; \
        ALTER TABLE sessions ADD COLUMN trusted BOOLEAN NOT NULL DEFAULT FALSE";
    migrated(&world.home, "pronouns", adds);
    // Those that run, and those that start.
    for store in [world.store.clone(), world.home.open().await] {
        store.ping().await.unwrap();
        assert_eq!(store.account(ada.account_id).await.unwrap().as_ref(), Some(&ada));
        let (new, session) = world.with_session(ada.account_id, NOW).await;
        let (found, _) = store.check_session(ada.account_id, &new.token_hash).await.unwrap().unwrap();
        assert_eq!(found.session_id, session.session_id);
        assert_eq!(store.schema_version().await.unwrap(), Store::latest_schema_version() + 1);
    }
}

#[tokio::test]
async fn a_schema_that_was_taken_from_serves_only_programs_it_says() {
    let (world, latest) = (World::new().await, Store::latest_schema_version());
    migrated(&world.home, &format!("no more bios needs {latest}"), "ALTER TABLE accounts DROP COLUMN bio");
    world.store.ping().await.unwrap();
    migrated(&world.home, &format!("no more places needs {}", latest + 1), "ALTER TABLE accounts DROP COLUMN location");
    assert!(matches!(world.store.ping().await, Err(Error::Outdated)));
    let error = Store::open(world.home.database()).await.err().expect("refused");
    assert!(matches!(error, OpenError::NewerSchema { found, known, .. } if (found, known) == (latest + 2, latest)));
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[tokio::test]
async fn tables_of_others_are_refused_and_left_as_they_are() {
    let database = TestDatabase::empty();
    database.sql("CREATE TABLE cookies (name TEXT)");
    let (error, _) = refused(&database.url()).await;
    assert!(matches!(error, OpenError::ForeignTables { .. }), "{error:?}");
    assert_eq!(database.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), "cookies");
}

#[tokio::test]
async fn a_schema_of_its_own_beside_others_will_do() {
    let database = TestDatabase::empty();
    database.sql("CREATE TABLE cookies (name TEXT); CREATE SCHEMA accounts");
    let url = format!("{}&options=-c%20search_path%3Daccounts", database.url());
    let store = Store::open(url.parse::<Database>().unwrap()).await.unwrap();
    store.sign_up(person("ada")).await.unwrap();
    store.close().await;
    assert_eq!(database.sql("SELECT username FROM accounts.accounts"), "ada");
}

#[tokio::test]
async fn a_user_without_the_right_to_make_tables_is_told() {
    let database = TestDatabase::empty();
    let role = format!("reader_{}", std::process::id());
    database.sql(&format!("CREATE ROLE {role} LOGIN"));
    let (error, text) = refused(&database.url().replace("latchkey@", &format!("{role}@"))).await;
    drop(database);
    assert!(matches!(error, OpenError::Privilege { .. }) && text.contains("public"), "{error:?}");
    TestDatabase::empty().sql(&format!("DROP ROLE {role}"));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let url = TestDatabase::empty().url();
    let (error, text) = refused(&url).await;
    assert!(matches!(error, OpenError::NoDatabase { .. }) && text.contains("createdb"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_does_not_run_is_told_at_once() {
    // Port 1 is nobody's.
    let (error, text) = refused("postgres://ada:secret@127.0.0.1:1/latchkey").await;
    assert!(matches!(error, OpenError::Unreachable { .. }) && !text.contains("secret"), "{error:?}");
    let (error, _) = refused("postgres://ada@localhost/latchkey?host=/nowhere").await;
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn text_that_is_not_unicode_is_refused() {
    let database = TestDatabase::empty();
    let name = format!("ascii_{}", std::process::id());
    database.sql(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"));
    let (old, host) = database.url().split_once('?').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let url = format!("{}/{name}?{host}", old.rsplit_once('/').unwrap().0);
    let (error, _) = refused(&url).await;
    assert!(matches!(&error, OpenError::Encoding { found, .. } if found == "SQL_ASCII"), "{error:?}");
    database.sql(&format!("DROP DATABASE {name}"));
}

#[tokio::test]
async fn connections_have_their_limits_and_their_name() {
    let home = Home::new().await;
    let url = home.url() + "&options=-c%20statement_timeout%3D50ms";
    let Database::Postgres(address) = url.parse().unwrap() else { panic!("a server") };
    let store = Store::open(Database::Postgres(address.with_connections(2.try_into().unwrap()))).await.unwrap();
    let ada = store.sign_up(person("ada")).await.unwrap().account_id;
    at_once(20, |_| {
        let store = store.clone();
        async move { store.account(ada).await.unwrap() }
    })
    .await;
    let mut c = home.look().await;
    let ours =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'latchkey'";
    assert_eq!(sqlx::query_scalar::<_, i64>(ours).fetch_one(&mut c).await.unwrap(), 2);
    // A statement that takes too long is ended, and told so.
    let mut held = c.begin().await.unwrap();
    held.execute("LOCK TABLE accounts").await.unwrap();
    assert!(matches!(store.account(ada).await, Err(Error::TimedOut)));
    held.rollback().await.unwrap();
    store.account(ada).await.unwrap().unwrap();
}

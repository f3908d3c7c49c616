use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use latchkey_store::*;
use sqlx::{Connection, Executor};

use crate::{home::connect, world::*};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn refused(path: &Path) -> (OpenError, String) {
    let error = Store::open(path).await.err().expect("refused");
    let text = error.to_string();
    assert!(text.contains(&path.display().to_string()) && text.ends_with('.'), "{text}");
    (error, text)
}

#[tokio::test]
async fn what_is_missing_is_made_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/latchkey.db");
    let store = Store::open(&path).await.unwrap();
    store.sign_up(person("ada")).await.unwrap();
    for made in ["a", "a/b"] {
        assert_eq!(mode(&folder.path().join(made)), 0o700, "{made}");
    }
    for made in ["latchkey.db", "latchkey.db-wal", "latchkey.db-shm"] {
        assert_eq!(mode(&path.with_file_name(made)), 0o600, "{made}");
    }
    store.close().await;
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["latchkey.db"], "closing moves the log into the file");
}

#[tokio::test]
async fn a_database_keeps_its_content_and_its_version_when_opened_again() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    assert_eq!(world.store.schema_version().await.unwrap(), Store::latest_schema_version());
    world.store.ping().await.unwrap();
    world.store.close().await;
    let again = Store::open(&world.home.path).await.unwrap();
    assert_eq!(again.account(ada.account_id).await.unwrap(), Some(ada));
    assert_eq!(again.schema_version().await.unwrap(), Store::latest_schema_version());
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

#[tokio::test]
async fn a_path_relative_to_the_working_folder_will_do() {
    // The folder of a bare file name is "", which cannot be made and need not be.
    let name = format!("latchkey-store-test-{}.db", std::process::id());
    let store = Store::open(Path::new(&name)).await.unwrap();
    store.ping().await.unwrap();
    store.close().await;
    std::fs::remove_file(&name).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_8_who_make_one_database_at_once_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("latchkey.db");
    let stores = at_once(8, |_| {
        let path = path.clone();
        async move { Store::open(&path).await.unwrap() }
    })
    .await;
    for (i, store) in stores.iter().enumerate() {
        store.sign_up(person(&format!("p{i}"))).await.unwrap();
    }
    assert_eq!(stores[0].list_accounts(None, 100).await.unwrap().len(), 8);
}

/// As a program of a later version would have left it.
async fn migrated(path: &Path, version: i64, name: &str, statement: &'static str) {
    let mut c = connect(path).await;
    c.execute(statement).await.unwrap();
    let insert = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        VALUES ($1, $2, 1, x'00', 0)";
    sqlx::query(insert).bind(version).bind(name).execute(&mut c).await.unwrap();
    c.close().await.unwrap();
}

#[tokio::test]
async fn a_schema_that_was_added_to_serves_older_programs() {
    let (world, latest) = (World::new().await, Store::latest_schema_version());
    let ada = world.with_account("ada").await;
    let add = "ALTER TABLE accounts ADD COLUMN pronouns TEXT";
    migrated(&world.home.path, latest + 1, "pronouns", add).await;
    // Those that run, and those that start.
    for store in [world.store.clone(), world.home.open().await] {
        store.ping().await.unwrap();
        assert_eq!(store.account(ada.account_id).await.unwrap().as_ref(), Some(&ada));
        store.sign_up(person(&format!("p{}", id()))).await.unwrap();
        assert_eq!(store.schema_version().await.unwrap(), latest + 1);
    }
}

#[tokio::test]
async fn a_schema_that_was_taken_from_is_refused_and_left_as_it_is() {
    let (world, latest) = (World::new().await, Store::latest_schema_version());
    migrated(&world.home.path, 99, "no more bios needs 99", "ALTER TABLE accounts DROP COLUMN bio").await;
    assert!(matches!(world.store.ping().await, Err(Error::Outdated)));
    world.store.close().await;
    let before = std::fs::read(&world.home.path).unwrap();
    let (error, text) = refused(&world.home.path).await;
    assert!(matches!(error, OpenError::NewerSchema { found: 99, known, .. } if known == latest));
    assert!(text.contains("newer version"), "{text}");
    assert!(std::fs::read(&world.home.path).unwrap() == before);
}

#[tokio::test]
async fn files_of_others_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("letter.txt");
    std::fs::write(&text, "Dear Ada, ".repeat(1000)).unwrap();
    let foreign = folder.path().join("cookies.sqlite");
    let mut c = connect(&foreign).await;
    c.execute("CREATE TABLE cookies (name TEXT)").await.unwrap();
    c.close().await.unwrap();
    for path in [text, foreign] {
        let before = std::fs::read(&path).unwrap();
        let (error, _) = refused(&path).await;
        assert!(matches!(error, OpenError::NotADatabase { .. }), "{error:?}");
        assert!(std::fs::read(&path).unwrap() == before);
    }
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    let world = World::new().await;
    world.store.close().await;
    let mut bytes = std::fs::read(&world.home.path).unwrap();
    bytes[100..4096].fill(0x5a);
    std::fs::write(&world.home.path, &bytes).unwrap();
    let (error, _) = refused(&world.home.path).await;
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (error, _) = refused(folder.path()).await;
    assert!(matches!(error, OpenError::Io { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_another_program_locks_is_refused_when_it_needs_work_and_opens_when_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latchkey.db");
    let mut other = connect(&path).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let (error, text) = refused(&path).await;
    assert!(matches!(error, OpenError::Locked { .. }) && text.contains("another program"), "{error:?}");
    other.execute("ROLLBACK").await.unwrap();

    Store::open(&path).await.unwrap().close().await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.list_accounts(None, 1).await.unwrap(), []);
    assert!(matches!(store.sign_up(person("ada")).await, Err(Error::Busy)));
    other.execute("ROLLBACK").await.unwrap();
    store.sign_up(person("ada")).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn every_table_is_strict() {
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 \
         AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut World::new().await.look().await)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new());
}

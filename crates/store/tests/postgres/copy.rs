//! Moving house, there and back, and whatever may happen on the way.
use std::{path::Path, process::Stdio, time::Duration};

use latchkey_postgres_testkit::TestDatabase;
use latchkey_store::*;
use sqlx::{ConnectOptions, Executor, sqlite::SqliteConnectOptions};

use crate::{
    deletion::zebedee,
    rerun::{rerun, role},
    world::*,
};

async fn copied(from: &Database, to: &Database) -> Result<Vec<CopiedTable>, CopyError> {
    let mut tables = Vec::new();
    copy(from, to, |table| tables.push(table)).await?;
    Ok(tables)
}

fn on_server(database: &TestDatabase) -> Database {
    database.url().parse().unwrap()
}

/// A file with so many people.
async fn people(path: &Path, number: usize) -> Store {
    let store = Store::open(path).await.unwrap();
    at_once(number, |n| {
        let store = store.clone();
        async move {
            let account = store.sign_up(person(&format!("p{n}"))).await.unwrap().account_id;
            store.add_session(session_of(account, NOW), PHC, event("signed_in", NOW)).await.unwrap().unwrap();
        }
    })
    .await;
    store
}

#[tokio::test]
async fn everything_comes_over_and_back() {
    let world = World::new().await;
    let account = zebedee(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, server) = (Database::from(folder.path().join("new/latchkey.db")), TestDatabase::empty());
    let there = copied(&world.home.database(), &file).await.unwrap();
    let back = copied(&file, &on_server(&server)).await.unwrap();
    assert_eq!(there, back);
    let names: Vec<_> = there.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names.len(), world.home.tables().await.len(), "{names:?}");
    let rows = |name: &str| there.iter().find(|table| table.name == name).unwrap().rows;
    assert_eq!((rows("accounts"), rows("logins"), rows("sessions"), rows("avatars")), (201, 402, 30, 1));

    for database in [file.clone(), on_server(&server)] {
        let store = Store::open(&database).await.unwrap();
        assert_eq!(
            store.list_accounts(None, 1000).await.unwrap(),
            world.store.list_accounts(None, 1000).await.unwrap()
        );
        let id = account.account_id;
        assert_eq!(
            store.list_sessions(id, NOW, None, 100).await.unwrap(),
            world.store.list_sessions(id, NOW, None, 100).await.unwrap()
        );
        assert_eq!(store.verify_events(id).await.unwrap(), Chain::Whole { events: 34 });
        assert!(store.avatar("zebedee", 512).await.unwrap() == world.store.avatar("zebedee", 512).await.unwrap());
        let keys = store.list_api_keys(id, None, 10).await.unwrap();
        assert_eq!(keys, world.store.list_api_keys(id, None, 10).await.unwrap());
        assert!(keys[0].scope_api && !keys[0].scope_registry);
        store.close().await;
        // It is somebody's by now.
        let again = copied(&world.home.database(), &database).await.unwrap_err();
        assert!(matches!(again, CopyError::NotEmpty { .. }), "{again:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, target) = (TestDatabase::empty(), TestDatabase::empty());
    let [missing, file] = ["missing.db", "there.db"].map(|name| Database::from(folder.path().join(name)));
    people(&folder.path().join("there.db"), 3).await.close().await;
    for (from, to, words) in [
        (&missing, &on_server(&target), "There is no database"),
        (&on_server(&empty), &file, "There is no database"),
        (&file, &missing, "copy the file"),
    ] {
        let error = copied(from, to).await.unwrap_err().to_string();
        assert!(error.contains(words) && error.ends_with('.'), "{error}");
    }
    // A file that somebody writes in.
    let mut writer = SqliteConnectOptions::new().filename(folder.path().join("there.db")).connect().await.unwrap();
    writer.execute("BEGIN IMMEDIATE").await.unwrap();
    let error = copied(&file, &on_server(&target)).await.unwrap_err();
    assert!(matches!(error, CopyError::SourceInUse { .. }), "{error:?}");
    writer.execute("ROLLBACK").await.unwrap();
    assert_eq!(copied(&file, &on_server(&target)).await.unwrap()[0].rows, 3);
}

/// The process is ended at any moment, again and again; it goes on where it was, and nobody takes the half for the whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_killed_goes_on() {
    if let Some(role) = role() {
        let (from, to) = role.split_once(' ').unwrap();
        copied(&from.parse().unwrap(), &to.parse().unwrap()).await.unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latchkey.db");
    let source = people(&path, 1500).await;
    let target = TestDatabase::empty();
    let role = format!("sqlite:{} {}", path.display(), target.url());
    let (mut kills, mut seen, mut patience) = (0, vec![0], Duration::from_millis(60));
    loop {
        let mut command = rerun(&[], "copy::a_copy_that_is_killed_goes_on", &role);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let ended = tokio::task::spawn_blocking(move || {
            std::thread::sleep(patience);
            let ended = child.try_wait().unwrap();
            child.kill().unwrap();
            child.wait().unwrap();
            ended
        });
        if let Some(status) = ended.await.unwrap() {
            assert!(status.success());
            break;
        }
        kills += 1;
        patience += Duration::from_millis(40);
        if target.sql("SELECT to_regclass('accounts') IS NULL") == "t" {
            continue;
        }
        let there = target.sql("SELECT COUNT(*) FROM accounts").parse::<usize>().unwrap();
        if target.sql("SELECT to_regclass('latchkey_copy') IS NULL") == "t" {
            // Not begun yet; or ended between its last word to the server and its own end.
            if there > 0 {
                break;
            }
        } else {
            seen.push(there);
            let error = Store::open(on_server(&target)).await.err().expect("refused");
            assert!(matches!(error, OpenError::UnfinishedCopy { .. }), "{error:?}");
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] <= pair[1]), "nothing is lost on the way: {seen:?}");
    assert!(kills > 1 && seen.len() > 1, "{kills} kills, {seen:?} accounts then");
    let store = Store::open(on_server(&target)).await.unwrap();
    let all = store.list_accounts(None, 10_000).await.unwrap();
    assert_eq!(all.len(), 1500);
    assert_eq!(all, source.list_accounts(None, 10_000).await.unwrap());
}

/// Whoever goes on after the service has run once more gets what is there by then.
#[tokio::test]
async fn a_source_that_was_written_meanwhile_is_copied_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latchkey.db");
    let source = people(&path, 250).await;
    let (file, target) = (Database::from(&path), TestDatabase::empty());
    let first = {
        let mut first = None;
        let outcome = tokio::time::timeout(Duration::from_mins(1), async {
            // Given up in the middle: when the second table is told.
            let (stop, stopped) = tokio::sync::oneshot::channel();
            let (mut stop, mut told) = (Some(stop), 0);
            let target = on_server(&target);
            let copying = copy(&file, &target, |table| {
                first.get_or_insert(table);
                told += 1;
                if told == 2 {
                    let _ = stop.take().unwrap().send(());
                }
            });
            tokio::select! {
                biased;
                stopped = stopped => stopped.unwrap(),
                _ = copying => panic!("given up before its end"),
            }
        });
        outcome.await.unwrap();
        first.unwrap()
    };
    assert_eq!((first.name.as_str(), first.rows), ("accounts", 250));
    let another = Database::from(folder.path().join("another.db"));
    people(&folder.path().join("another.db"), 1).await.close().await;
    let error = copied(&another, &on_server(&target)).await.unwrap_err();
    assert!(matches!(&error, CopyError::OtherSource { found, .. } if found.ends_with("latchkey.db")), "{error:?}");

    let mut c = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    c.execute("UPDATE accounts SET bio = 'changed' WHERE username IN ('p7', 'p200')").await.unwrap();
    c.execute("DELETE FROM sessions WHERE account_id = (SELECT account_id FROM accounts WHERE username = 'p3')")
        .await
        .unwrap();
    source.sign_up(person("new")).await.unwrap();
    let tables = copied(&file, &on_server(&target)).await.unwrap();
    assert_eq!(
        (tables[0].rows, target.sql("SELECT COUNT(*) FROM accounts WHERE bio = 'changed'").as_str()),
        (251, "2")
    );
    assert_eq!(target.sql("SELECT COUNT(*) FROM sessions"), "249");
    assert_eq!(target.sql("SELECT to_regclass('latchkey_copy') IS NULL"), "t");
}

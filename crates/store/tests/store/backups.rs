//! Copies that are taken while others write, and put back.
use std::{
    collections::BTreeSet,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use latchkey_store::*;
use sqlx::{Connection, Executor};

use crate::{
    disks::with_small_disk,
    home::connect,
    rerun::{rerun, role},
    world::*,
};

async fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let draft = Draft::of(to)?;
    copy_out(from, &draft, "stamp", |_| ()).await?;
    look_through(draft.path()).await?;
    draft.name(to, false)
}

pub(crate) fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Everything that was acknowledged before it began is in it, and each account that is has its session and its event.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_taken_while_others_write_is_whole() {
    let world = World::new().await;
    let (told, done) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(AtomicBool::new(false)));
    let writing = at_once(8, |writer| {
        let (store, told, done) = (world.store.clone(), told.clone(), done.clone());
        async move {
            for i in 0.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let account = store.sign_up(person(&format!("w{writer}n{i}"))).await.unwrap();
                let session = session_of(account.account_id, NOW);
                store.add_session(session, PHC, event("signed_in", NOW)).await.unwrap().unwrap();
                told.lock().unwrap().insert(account.account_id);
            }
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let copies: Vec<_> = (0..3).map(|i| folder.path().join(format!("backup-{i}.db"))).collect();
    let taking = async {
        let mut acknowledged = Vec::new();
        for to in &copies {
            while told.lock().unwrap().len() < acknowledged.last().map_or(50, |known: &BTreeSet<_>| known.len() + 50) {
                tokio::task::yield_now().await;
            }
            acknowledged.push(told.lock().unwrap().clone());
            copy(&world.home.path, to).await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
        acknowledged
    };
    let (_, acknowledged) = tokio::join!(writing, taking);
    for (to, known) in copies.iter().zip(acknowledged) {
        assert_eq!(std::fs::metadata(to).unwrap().permissions().mode() & 0o777, 0o600);
        let looked = look_through(to).await.unwrap();
        assert_eq!(looked, Looked { schema: Store::latest_schema_version(), stamp: Some("stamp".into()) });
        let store = Store::open(to).await.unwrap();
        let there: BTreeSet<_> =
            store.list_accounts(None, 1_000_000).await.unwrap().into_iter().map(|account| account.account_id).collect();
        assert!(there.is_superset(&known), "{} of {}", there.intersection(&known).count(), known.len());
        for account in &known {
            assert!(matches!(store.verify_events(*account).await.unwrap(), Chain::Whole { events: 2 }));
        }
        store.close().await;
    }
    assert_eq!(names(folder.path()), copies.iter().map(|path| name(path)).collect(), "and nothing beside them");
}

/// A copy that is killed has no name; the next one takes the place of what it left.
#[tokio::test]
async fn a_copy_that_is_killed_leaves_no_file_of_that_name() {
    const TEST: &str = "backups::a_copy_that_is_killed_leaves_no_file_of_that_name";
    if let Some(role) = role() {
        let (from, to) = role.split_once(' ').unwrap();
        let draft = Draft::of(Path::new(to)).unwrap();
        copy_out(Path::new(from), &draft, "stamp", |_| ()).await.unwrap();
        println!("\ncopied.");
        std::future::pending::<()>().await;
    }
    let world = World::new().await;
    world.with_account("ada").await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("backup.db");
    let role = format!("{} {}", world.home.path.display(), to.display());
    let mut child = rerun(&[], TEST, &role).stdout(Stdio::piped()).spawn().unwrap();
    let out = std::io::BufReader::new(child.stdout.take().unwrap());
    assert!(std::io::BufRead::lines(out).any(|line| line.unwrap() == "copied."));
    let other = Draft::of(&to).unwrap_err();
    assert!(matches!(other, BackupError::UnderWay { .. }), "{other}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(folder.path()), ["backup.db.unfinished".into()].into());
    copy(&world.home.path, &to).await.unwrap();
    assert_eq!(names(folder.path()), ["backup.db".into()].into());
    let exists = copy(&world.home.path, &to).await.unwrap_err();
    assert!(matches!(exists, BackupError::Exists { .. }) && look_through(&to).await.is_ok());
    assert_eq!(names(folder.path()), ["backup.db".into()].into(), "what was in vain is gone");
    world.store.close().await;
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_left_on_it() {
    const TEST: &str = "backups::a_full_disk_is_told_and_nothing_is_left_on_it";
    let Some(place) = role() else {
        let place = tempfile::tempdir().unwrap();
        if !with_small_disk(TEST, place.path()) {
            println!("no small disk can be mounted here");
        }
        return;
    };
    let place = Path::new(&place);
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let mut c = world.look().await;
    c.execute(sqlx::query("INSERT INTO avatars VALUES ($1, 1, 'image/png', zeroblob(3000000))").bind(ada.account_id))
        .await
        .unwrap();
    let error = copy(&world.home.path, &place.join("backup.db")).await.unwrap_err();
    assert!(matches!(error, BackupError::Room { .. }), "{error}");
    assert!(error.to_string().contains("MiB are needed"), "{error}");
    assert!(names(place).is_empty());
    // It became full while it was written.
    let draft = Draft::of(&place.join("backup.db")).unwrap();
    let mut small = connect(&world.home.path).await;
    small.execute("UPDATE avatars SET bytes = zeroblob(700000)").await.unwrap();
    small.execute("VACUUM").await.unwrap();
    small.close().await.unwrap();
    std::fs::write(place.join("ballast"), vec![1; 900_000]).unwrap();
    let ballast = place.join("more");
    let error = copy_out(&world.home.path, &draft, "stamp", |_| {
        let _ = std::fs::write(&ballast, vec![1; 900_000]);
    })
    .await
    .unwrap_err();
    assert!(matches!(error, BackupError::Full { .. } | BackupError::Room { .. }), "{error}");
    drop(draft);
    assert_eq!(
        names(place),
        ["ballast".into(), "more".into()].into_iter().filter(|name: &String| place.join(name).exists()).collect()
    );
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let world = World::new().await;
    for name in ["ada", "bob", "carl"] {
        world.with_account(name).await;
    }
    copy(&world.home.path, &at("good")).await.unwrap();
    let good = std::fs::read(at("good")).unwrap();
    assert!(matches!(look_through(&at("none")).await, Err(BackupError::Missing { .. })));
    std::fs::write(at("text"), "no database at all, but long enough to have a header of a hundred bytes".repeat(9))
        .unwrap();
    assert!(matches!(look_through(&at("text")).await, Err(BackupError::Open(OpenError::NotADatabase { .. }))));
    std::fs::write(at("log"), &good).unwrap();
    std::fs::write(at("log-wal"), "x").unwrap();
    assert!(matches!(look_through(&at("log")).await, Err(BackupError::Log { .. })));
    // Cut off, and with a page that was written over.
    std::fs::write(at("cut"), &good[..good.len() / 2]).unwrap();
    let mut torn = good.clone();
    let page = torn.windows(4).position(|bytes| bytes == b"carl").unwrap() / 4096 * 4096;
    torn[page..page + 600].fill(0x5a);
    std::fs::write(at("torn"), torn).unwrap();
    for name in ["cut", "torn"] {
        let error = look_through(&at(name)).await.unwrap_err();
        let damaged = matches!(error, BackupError::Damaged { .. } | BackupError::Open(OpenError::Corrupt { .. }));
        assert!(damaged && error.to_string().contains(name), "{error}");
    }
    for (name, statement, words) in [
        ("astray", "DELETE FROM accounts WHERE username = 'ada'", "belongs to none of accounts"),
        (
            "newer",
            "UPDATE _sqlx_migrations SET version = version + 100, description = 'no more bios needs 99'",
            "newer version",
        ),
    ] {
        std::fs::write(at(name), &good).unwrap();
        let mut c = connect(&at(name)).await;
        c.execute("PRAGMA foreign_keys = OFF").await.unwrap();
        c.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        c.close().await.unwrap();
        let error = look_through(&at(name)).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

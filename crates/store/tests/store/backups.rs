//! Copies that are taken while others write, and put back.
use std::{
    collections::BTreeSet,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
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

fn names(folder: &Path) -> BTreeSet<String> {
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
        println!("copied.");
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
            println!("no small disk can be mounted here; that room is looked at is seen all the same");
            let draft = Draft::of(&place.path().join("backup.db")).unwrap();
            drop(draft);
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

/// A copy with another one's place: a database that is there, and a draft that is to take it.
async fn two(folder: &Path) -> (PathBuf, Draft) {
    let (place, other) = (folder.join("latchkey.db"), folder.join("other.db"));
    for (path, who) in [(&place, "ada"), (&other, "bob")] {
        let store = Store::open(path).await.unwrap();
        store.sign_up(person(who)).await.unwrap();
        store.close().await;
    }
    let mut draft = Draft::of(&place).unwrap();
    draft.fill(&other, |_| ()).unwrap();
    std::fs::remove_file(other).unwrap();
    (place, draft)
}

async fn who(path: &Path) -> String {
    let store = Store::open(path).await.unwrap();
    let name = store.list_accounts(None, 1).await.unwrap()[0].username.clone();
    store.close().await;
    name
}

#[tokio::test]
async fn a_database_is_replaced_and_kept_and_not_while_somebody_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let (place, draft) = two(folder.path()).await;
    let kept = folder.path().join("kept.db");
    let running = Store::open(&place).await.unwrap();
    assert!(matches!(refuse_in_use(&place).await, Err(BackupError::InUse { .. })));
    let refused = put_in_place(draft, &place, &kept).await.unwrap_err();
    assert!(matches!(refused, BackupError::InUse { .. }), "{refused}");
    let late = running.sign_up(person("late")).await.unwrap();
    running.close().await;
    assert_eq!(names(folder.path()), ["latchkey.db".into()].into());
    assert_eq!(who(&place).await, "ada");

    std::fs::remove_file(&place).unwrap();
    let (place, draft) = two(folder.path()).await;
    let _ = late;
    put_in_place(draft, &place, &kept).await.unwrap();
    assert_eq!((who(&place).await, who(&kept).await), ("bob".into(), "ada".into()));
    assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
    for path in [&place, &kept] {
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connect(path).await).await.unwrap();
        assert_eq!(mode, "wal", "{}", path.display());
    }
    // Where nothing is there, nothing is kept.
    let draft = Draft::of(&folder.path().join("new.db")).unwrap();
    copy_out(&place, &draft, "", |_| ()).await.unwrap();
    put_in_place(draft, &folder.path().join("new.db"), &kept).await.unwrap();
    assert_eq!(who(&folder.path().join("new.db")).await, "bob");
}

/// Somebody who waits for the database while it is replaced finds that it is another one, and does not write to the old one.
#[tokio::test]
async fn who_waited_for_a_database_that_was_replaced_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (place, draft) = two(folder.path()).await;
    let mut held = connect(&place).await;
    held.execute("PRAGMA journal_mode = DELETE").await.unwrap();
    held.execute("BEGIN EXCLUSIVE").await.unwrap();
    let waiting = tokio::spawn({
        let place = place.clone();
        async move { Store::open(&place).await.map(drop) }
    });
    // The file is opened before it is read, which waits.
    let opened = || {
        let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        open.filter(|fd| std::fs::read_link(fd.path()).is_ok_and(|file| file == place)).count()
    };
    while opened() < 2 {
        tokio::task::yield_now().await;
    }
    draft.name(&place, true).unwrap();
    held.close().await.unwrap();
    assert!(matches!(waiting.await.unwrap(), Err(OpenError::Locked { .. })));
    assert_eq!(who(&place).await, "bob");
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
    let mut c = connect(&at("good")).await;
    for (name, statement, words) in [
        ("astray", "DELETE FROM accounts WHERE username = 'ada'", "belongs to none of accounts"),
        ("newer", "UPDATE _sqlx_migrations SET version = version + 100", "newer version"),
    ] {
        std::fs::write(at(name), &good).unwrap();
        let mut c = connect(&at(name)).await;
        c.execute("PRAGMA foreign_keys = OFF").await.unwrap();
        c.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        c.close().await.unwrap();
        let error = look_through(&at(name)).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    c.execute("SELECT 1").await.unwrap();
}

/// What waited when a copy was taken is not brought back.
#[tokio::test]
async fn what_may_have_been_used_since_is_retired() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    world.with_session(ada.account_id, NOW).await;
    let folder = tempfile::tempdir().unwrap();
    let mut c = world.look().await;
    let insert = "INSERT INTO password_resets VALUES ($1, x'01', 0, 9, NULL, NULL);";
    sqlx::query(insert).bind(ada.account_id).execute(&mut c).await.unwrap();
    sqlx::query("INSERT INTO outbox VALUES ($1, x'01', 0, x'02', 0, 1, 2)")
        .bind(ada.account_id)
        .execute(&mut c)
        .await
        .unwrap();
    sqlx::query("INSERT INTO email_changes VALUES ($1, 'a', 'a', x'01', 0, 9)")
        .bind(ada.account_id)
        .execute(&mut c)
        .await
        .unwrap();
    sqlx::query("UPDATE accounts SET pending_email = 'a'").execute(&mut c).await.unwrap();
    for (close, sessions) in [(false, 0), (true, 1)] {
        let to = folder.path().join("latchkey.db");
        let draft = Draft::of(&to).unwrap();
        copy_out(&world.home.path, &draft, "stamp", |_| ()).await.unwrap();
        let retired = retire(&draft, close, NOW).await.unwrap();
        assert_eq!(retired, Retired { mail: 1, begun: 2, sessions });
        draft.name(&to, true).unwrap();
        let store = Store::open(&to).await.unwrap();
        assert_eq!(store.account(ada.account_id).await.unwrap().unwrap().pending_email, None);
        assert_eq!(store.get_setting("backup").await.unwrap(), None, "it is no backup any more");
        store.close().await;
    }
}

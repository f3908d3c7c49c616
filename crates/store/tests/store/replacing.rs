//! Copies that take the place of a database.
use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use latchkey_store::*;
use sqlx::{Connection, Executor};

use crate::{backups::names, home::connect, world::*};

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
    running.sign_up(person("late")).await.unwrap();
    running.close().await;
    assert_eq!(names(folder.path()), ["latchkey.db".into()].into());
    assert_eq!(who(&place).await, "ada");

    std::fs::remove_file(&place).unwrap();
    let (place, draft) = two(folder.path()).await;
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

/// Which is why one restores: it is not thrown away, and not replaced under somebody's hands.
#[tokio::test]
async fn a_database_that_is_damaged_is_left_to_the_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let (place, draft) = two(folder.path()).await;
    std::fs::write(&place, "x".repeat(9000)).unwrap();
    let refused = put_in_place(draft, &place, &folder.path().join("kept.db")).await.unwrap_err();
    assert!(
        matches!(refused, BackupError::Unusable { .. }) && refused.to_string().contains("Move it away"),
        "{refused}"
    );
    std::fs::remove_file(&place).unwrap();
    let (place, draft) = two(folder.path()).await;
    std::fs::rename(&place, folder.path().join("away.db")).unwrap();
    std::fs::write(folder.path().join("latchkey.db-wal"), "x").unwrap();
    let refused = put_in_place(draft, &place, &folder.path().join("kept.db")).await.unwrap_err();
    assert!(matches!(refused, BackupError::StrayLog { .. }), "{refused}");
    assert_eq!(names(folder.path()), ["away.db".into(), "latchkey.db-wal".into()].into());
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

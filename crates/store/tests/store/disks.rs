//! Files, folders and disks that cannot be written.
use std::{os::unix::fs::PermissionsExt, path::Path, process::Output};

use latchkey_store::*;

use crate::{
    rerun::{rerun, role},
    world::*,
};

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs the test again without the right of root to write everything.
fn without_privileges(test: &str, path: &Path) {
    let as_root: &[&str] = &["setpriv", "--bounding-set=-all", "--inh-caps=-all"];
    let is_root = std::process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let wrapper = if is_root { as_root } else { &[] };
    passed(&rerun(wrapper, test, path.to_str().unwrap()).output().unwrap());
}

/// Runs the test again with a small disk of its own at `place`, visible to nobody else. `false` where this
/// system lets nobody do that.
pub(crate) fn with_small_disk(test: &str, place: &Path) -> bool {
    let namespace = ["unshare", "--user", "--map-root-user", "--mount"];
    let possible = std::process::Command::new(namespace[0])
        .args(&namespace[1..])
        .args(["mount", "-t", "tmpfs", "tmpfs"])
        .arg(place)
        .status()
        .is_ok_and(|status| status.success());
    if possible {
        let mount = "mount -t tmpfs -o size=2m tmpfs \"$LATCHKEY_STORE_TEST_ROLE\" && exec \"$0\" \"$@\"";
        let wrapper = [&namespace[..], &["sh", "-c", mount]].concat();
        passed(&rerun(&wrapper, test, place.to_str().unwrap()).output().unwrap());
    }
    possible
}

fn passed(output: &Output) {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("1 passed"), "{}", text(&output.stdout));
}

#[tokio::test]
async fn a_file_or_folder_without_the_right_to_write_is_refused_with_its_name() {
    if let Some(path) = role() {
        let file = Path::new(&path);
        let folder = file.parent().unwrap();
        for (file_mode, folder_mode) in [(0o400, 0o700), (0o600, 0o500), (0o000, 0o700)] {
            set_mode(file, file_mode);
            set_mode(folder, folder_mode);
            let error = Store::open(file).await.err().unwrap();
            assert!(
                matches!(error, OpenError::Permission { .. } | OpenError::ReadOnly { .. }),
                "{file_mode:o} {folder_mode:o}: {error:?}"
            );
            assert!(error.to_string().contains(folder.to_str().unwrap()), "{error}");
        }
        set_mode(file, 0o600);
        set_mode(folder, 0o500);
        let error = Store::open(&folder.join("new/latchkey.db")).await.err().unwrap();
        assert!(matches!(error, OpenError::Permission { .. }), "{error:?}");
        set_mode(folder, 0o700);
        Store::open(file).await.unwrap().close().await;
        return;
    }
    let world = World::new().await;
    world.with_account("ada").await;
    world.store.close().await;
    without_privileges("disks::a_file_or_folder_without_the_right_to_write_is_refused_with_its_name", &world.home.path);
}

/// Fills a disk until a write is refused, makes room, and goes on: every account that was acknowledged is
/// there, before and after opening again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_writes_are_refused_as_such_and_nothing_is_lost() {
    let Some(place) = role() else {
        let place = tempfile::tempdir().unwrap();
        let test = "disks::on_a_full_disk_writes_are_refused_as_such_and_nothing_is_lost";
        if !with_small_disk(test, place.path()) {
            println!("no small disk can be mounted here; the writer's own tests use a small database instead");
        }
        return;
    };
    let place = Path::new(&place);
    let path = place.join("latchkey.db");
    let ballast = place.join("ballast");
    let store = Store::open(&path).await.unwrap();
    std::fs::write(&ballast, vec![1; 800_000]).unwrap();

    let mut kept = Vec::new();
    let mut number = 0;
    loop {
        let answers = at_once(16, |i| {
            let (store, new) = (store.clone(), person(&format!("p{}", number + i)));
            async move { store.sign_up(new).await }
        })
        .await;
        number += answers.len();
        let (done, failed): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        kept.extend(done.into_iter().map(|a| a.unwrap().account_id));
        if !failed.is_empty() {
            assert!(failed.iter().all(|a| matches!(a, Err(Error::Full))), "{failed:?}");
            break;
        }
    }
    assert!(kept.len() > 100, "{}", kept.len());
    // One alone may still fit where sixteen together did not.
    for number in 0.. {
        match store.sign_up(person(&format!("alone{number}"))).await {
            Ok(account) => kept.push(account.account_id),
            Err(Error::Full) => break,
            Err(error) => panic!("{error:?}"),
        }
    }
    // Reading goes on.
    for id in &kept {
        assert!(store.account(*id).await.unwrap().is_some());
    }
    // With room again it goes on.
    std::fs::remove_file(&ballast).unwrap();
    let late = store.sign_up(person("late")).await.unwrap();
    kept.push(late.account_id);
    store.close().await;

    let again = Store::open(&path).await.unwrap();
    let there = again.list_accounts(None, 1_000_000).await.unwrap();
    assert_eq!(there.len(), kept.len());
    for id in kept {
        assert!(there.iter().any(|a| a.account_id == id));
    }
    again.close().await;

    // No room for a database at all.
    std::fs::remove_file(&path).unwrap();
    while std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&ballast)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &[1; 4096]))
        .is_ok()
    {}
    let error = Store::open(&path).await.err().unwrap();
    assert!(matches!(error, OpenError::Full { .. }), "{error:?}");

    // With room again, what the failed attempt left behind is no obstacle.
    std::fs::remove_file(&ballast).unwrap();
    Store::open(&path).await.unwrap().close().await;

    // A disk that can only be read.
    let status = std::process::Command::new("mount").args(["-o", "remount,ro"]).arg(place).status().unwrap();
    assert!(status.success());
    let error = Store::open(&path).await.err().unwrap();
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
}

//! `backup` and `restore`

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    problem::ErrorCode,
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionPath, SessionsApi, SignIn},
    two_factor::TwoFactorApi,
};
use latchkey_client::Client;
use latchkey_postgres_testkit::TestDatabase;

use crate::{
    program::Home,
    serving::{ada, sign_in},
};

async fn signs_in(client: &Client) -> Caller {
    Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose())
}

fn names(home: &Home) -> BTreeSet<String> {
    let listed = home.run(&["admin", "user", "list"], "").well();
    listed.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

/// Ada, with something sealed, and a backup of her.
async fn with_backup() -> (Home, Caller, PathBuf, String) {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = signs_in(&client).await;
    client.start_two_factor(&me).await.unwrap();
    let to = home.data().with_file_name("backup.db");
    let told = home.run(&["backup", text(&to)], "").well();
    served.signal("TERM");
    assert_eq!(served.end().code, 0);
    (home, me, to, told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_service_that_is_written_to_has_all_that_was_acknowledged_before() {
    const WRITERS: usize = 4;
    let home = Arc::new(Home::new());
    let served = home.serve(&[]);
    let (told, done) = (Arc::new(Mutex::new([0; WRITERS])), Arc::new(AtomicBool::new(false)));
    let (mut people, mut writing) = (Vec::new(), Vec::new());
    for writer in 0..WRITERS {
        let (client, told, done) = (served.client(), told.clone(), done.clone());
        let username = format!("person{writer}");
        let new = SignUp { email: format!("{username}@example.org"), username: username.clone(), ..ada() };
        client.create_account(&Caller::default(), new).await.unwrap();
        let signing_in = SignIn { login: username, ..sign_in() };
        let me = client.sign_in(&Caller::default(), signing_in).await.unwrap();
        let me = Caller::with_token(me.token.expose());
        people.push(me.clone());
        writing.push(tokio::spawn(async move {
            let mut read = client.get_profile(&me).await.unwrap();
            for number in 1.. {
                let location = Some(Some(number.to_string()));
                let patch = ProfilePatch { location, ..ProfilePatch::default() };
                read = client.update_profile(&me, IfMatch { if_match: read.etag }, patch).await.unwrap();
                told.lock().unwrap()[writer] = number;
                if done.load(Ordering::Relaxed) {
                    return;
                }
            }
        }));
    }
    let mut backups = Vec::new();
    for i in 1..=2 {
        while told.lock().unwrap().iter().any(|number| *number < 10 * i) {
            tokio::task::yield_now().await;
        }
        let known = *told.lock().unwrap();
        let to = home.data().with_file_name(format!("backup-{i}.db"));
        let (there, file) = (home.clone(), to.clone());
        let run = tokio::task::spawn_blocking(move || there.run(&["backup", text(&file)], "").well());
        assert!(run.await.unwrap().contains("4 accounts are in it."));
        backups.push((to, known));
    }
    done.store(true, Ordering::Relaxed);
    for person in writing {
        person.await.unwrap();
    }
    served.signal("TERM");
    assert_eq!(served.end().code, 0);
    for (backup, known) in backups {
        home.run(&["restore", text(&backup)], "").well();
        home.run(&["admin", "verify-activity"], "").well();
        let served = home.serve(&[]);
        for (me, known) in people.iter().zip(known) {
            let location = served.client().get_profile(me).await.unwrap().value.location.unwrap();
            assert!(location.parse::<u64>().unwrap() >= known, "{location} of {known}");
        }
        served.signal("TERM");
        assert_eq!(served.end().code, 0);
    }
}

#[tokio::test]
async fn a_backup_is_put_back_and_the_service_goes_on_with_it() {
    let (home, me, backup, told) = with_backup().await;
    let listed = home.run(&["sealing-key", "list"], "").well();
    let fingerprint = listed.split('\t').next().unwrap();
    assert!(fingerprint.len() == 16 && told.contains(fingerprint), "{told}");
    assert!(told.contains("sealing.key, apart from the backup") && told.contains(": schema "), "{told}");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    let key = fs::read_to_string(home.data().join("sealing.key")).unwrap();
    assert!(!fs::read(&backup).unwrap().windows(64).any(|bytes| bytes == key.trim().as_bytes()));
    let again = home.run(&["backup", text(&backup)], "");
    assert!(again.code == 1 && again.err.contains("is there already"), "{}", again.err);
    home.run(&["backup", "--overwrite", text(&backup)], "").well();

    let served = home.serve(&[]);
    let client = served.client();
    client.close_session(&me, SessionPath { id: "current".into() }).await.unwrap();
    let bob = SignUp { username: "bob".into(), email: "bob@example.org".into(), ..ada() };
    client.create_account(&Caller::default(), bob).await.unwrap();
    let refused = home.run(&["restore", text(&backup)], "");
    assert!(refused.code == 1 && refused.err.contains("is in use. Stop the service"), "{}", refused.err);
    assert_eq!(names(&home), ["ada".into(), "bob".into()].into());
    served.signal("TERM");
    assert_eq!(served.end().code, 0);

    let restored = home.run(&["restore", text(&backup)], "").well();
    for words in ["with 1 accounts", "What was there before is ", "open again", "is lost"] {
        assert!(restored.contains(words), "{words}: {restored}");
    }
    let kept = restored.lines().find_map(|line| line.strip_prefix("What was there before is ")).unwrap();
    assert!(PathBuf::from(kept.trim_end_matches('.')).is_file(), "{kept}");
    assert_eq!(names(&home), ["ada".into()].into());
    let served = home.serve(&[]);
    assert_eq!(served.client().get_profile(&me).await.unwrap().value.username, "ada", "the session is open again");
    let setup = served.client().start_two_factor(&signs_in(&served.client()).await).await;
    assert!(setup.is_ok(), "and the key is the one it was");
    served.signal("TERM");
    assert_eq!(served.end().code, 0);

    let closed = home.run(&["restore", "--close-sessions", text(&backup)], "").well();
    assert!(closed.contains("1 sessions were closed"), "{closed}");
    let served = home.serve(&[]);
    let refused = served.client().get_profile(&me).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SessionClosed);
    signs_in(&served.client()).await;
}

#[tokio::test]
async fn a_backup_whose_key_is_not_there_is_not_put_back() {
    let (home, _, backup, _) = with_backup().await;
    let other = Home::new();
    let gone = other.run(&["restore", text(&backup)], "");
    assert!(gone.code == 1 && gone.err.contains("sealing.key is gone"), "{}", gone.err);
    let key = other.data().join("sealing.key");
    fs::write(&key, format!("{}\n", "ab".repeat(32))).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open = other.run(&["restore", text(&backup)], "");
    assert!(open.code == 1 && open.err.contains("open to others") && open.err.contains("chmod 600"), "{}", open.err);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let wrong = other.run(&["restore", text(&backup)], "");
    assert!(wrong.code == 1 && wrong.err.contains("not the one the account data was sealed with"), "{}", wrong.err);
    assert_eq!(fs::read_dir(other.data()).unwrap().count(), 1, "the key file alone");
    // With several keys in the file, the right one is found.
    let right = fs::read_to_string(home.data().join("sealing.key")).unwrap();
    fs::write(&key, format!("{}\n{right}", "ab".repeat(32))).unwrap();
    let restored = other.run(&["restore", text(&backup)], "").well();
    assert!(!restored.contains("What was there before"), "{restored}");
    assert_eq!(names(&other), ["ada".into()].into());
}

#[test]
fn what_is_said_of_servers_and_of_files_that_are_no_backup() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    for (command, words) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let told = home.run(&[command, "/nowhere/at/all", "--database", &database.url()], "");
        assert!(told.code == 1 && told.err.contains(words), "{}", told.err);
    }
    home.run(&["migrate"], "").well();
    let itself = home.data().join("latchkey.sqlite3");
    let told = home.run(&["backup", "--overwrite", text(&itself)], "");
    assert!(told.code == 1 && told.err.contains("is the database itself"), "{}", told.err);
    let text_file = home.file("text", &"no database ".repeat(200));
    let told = home.run(&["restore", text(&text_file)], "");
    assert!(told.code == 1 && told.err.contains("is not a Latchkey database"), "{}", told.err);
    let told = home.run(&["backup", "/nowhere/at/all"], "");
    assert!(told.code == 1 && told.err.contains("/nowhere/at/all.unfinished"), "{}", told.err);
}

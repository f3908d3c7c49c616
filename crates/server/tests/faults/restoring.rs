//! A restore that is killed before each of its steps: the database from before or the backup is there, whole, and the next
//! restore does what this one was to do.

use std::{
    fs,
    path::{Path, PathBuf},
};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    wire::Secret,
};

use crate::{
    program::{Home, Served, program_behind},
    rows::Rows,
    running::kill,
    steps::{STOPPED, kill_before},
};

/// Who has an account in the backup that is put back, in the database from before, and in another backup.
const BACKUP: &str = "ada";
const BEFORE: &str = "ada\nbob";
const OTHER: &str = "ada\nbob\ncarl";

const FILE: &str = "latchkey.sqlite3";
const UNFINISHED: &str = "latchkey.sqlite3.unfinished";

#[tokio::test]
async fn in_the_place_of_a_database_either_is_there_whatever_step_it_is_killed_at() {
    let scene = Scene::new().await;
    let mut found = Vec::new();
    for number in 0.. {
        let home = copy(&scene.home);
        let killed = scene.restore(&home, number);
        let at = killed.as_deref().unwrap_or("its end");
        let there = people(&home.data().join(FILE));
        let kept = kept(&home);
        match (&*there, &kept[..]) {
            (BEFORE, []) => {}
            // The same file under two names, or one that was replaced.
            (BEFORE | BACKUP, [kept]) => assert_eq!(people(kept), BEFORE, "{at}"),
            _ => panic!("killed before {at}: {there:?}, and {kept:?}"),
        }
        scene.goes_on(&home, &there, at);
        found.push(there);
        if killed.is_none() {
            break;
        }
    }
    println!("killed at {} steps", found.len() - 1);
    assert_eq!((&*found[0], found.last().map(String::as_str)), (BEFORE, Some(BACKUP)));
    assert!(found.len() > 10, "{found:?}");
}

#[tokio::test]
async fn a_service_that_starts_says_that_one_was_ended() {
    const SAID: &str = "a restore was ended before it was done";
    let scene = Scene::new().await;
    // At first it looks at what is there, and has begun nothing.
    let mut ended = (0..).step_by(8).map(|number| {
        let home = copy(&scene.home);
        scene.restore(&home, number).expect("it leaves something before it has come to its end");
        home
    });
    let home = ended.find(|home| home.data().join(UNFINISHED).exists()).unwrap();
    let log = kill(home.serve(&[]));
    assert!(log.contains(SAID) && log.contains("run latchkey-server restore again"), "{log}");
    home.run(&["restore", scene.backup.to_str().unwrap()], "").well();
    let log = kill(home.serve(&[]));
    assert!(!log.contains(SAID), "{log}");
}

#[tokio::test]
async fn where_no_database_was_it_is_the_backup_or_nobody_takes_it_for_one() {
    let scene = Scene::new().await;
    for number in 0.. {
        let home = Home::new();
        fs::create_dir(home.data()).unwrap();
        let killed = scene.restore(&home, number);
        let at = killed.as_deref().unwrap_or("its end");
        let there = home.data().join(FILE);
        if there.exists() {
            let there = people(&there);
            assert_eq!(there, BACKUP, "killed before {at}");
            scene.goes_on(&home, &there, at);
        } else {
            let told = home.run(&["admin", "user", "list"], "");
            let unfinished = told.err.contains("was ended before it was done") && told.err.contains("restore again");
            assert!(told.code == 1 && unfinished, "killed before {at}: {}{}", told.out, told.err);
            assert!(!there.exists(), "killed before {at}: and none is made");
            home.run(&["restore", scene.backup.to_str().unwrap()], "").well();
            assert_eq!(people(&there), BACKUP, "killed before {at}");
        }
        if killed.is_none() {
            break;
        }
    }
}

/// A database that was in use when its service was killed, and backups.
struct Scene {
    home: Home,
    backup: PathBuf,
    other: PathBuf,
}

impl Scene {
    async fn new() -> Self {
        let home = Home::new();
        let (backup, other) = (home.data().with_file_name("backup.db"), home.data().with_file_name("other.db"));
        join(&home.serve(&[]), "ada").await;
        home.run(&["backup", backup.to_str().unwrap()], "").well();
        let served = home.serve(&[]);
        join(&served, "bob").await;
        kill(served);
        assert!(fs::metadata(home.data().join(FILE.to_owned() + "-wal")).unwrap().len() > 0, "the log has something");
        let later = copy(&home);
        join(&later.serve(&[]), "carl").await;
        later.run(&["backup", other.to_str().unwrap()], "").well();
        Self { home, backup, other }
    }

    /// Puts the backup back, and is killed before a step.
    fn restore(&self, home: &Home, number: usize) -> Option<String> {
        let mut command = program_behind(&STOPPED);
        command.arg("restore").arg(&self.backup).arg("--data").arg(home.data());
        kill_before(&mut command, &[&home.data()], number)
    }

    /// Whatever was left, the next restore keeps what is there, puts a backup in its place and leaves nothing else.
    fn goes_on(&self, home: &Home, there: &str, at: &str) {
        let known = kept(home);
        home.run(&["restore", self.other.to_str().unwrap()], "").well();
        assert_eq!(people(&home.data().join(FILE)), OTHER, "killed before {at}");
        let kept: Vec<_> = kept(home).into_iter().filter(|file| !known.contains(file)).collect();
        assert_eq!(kept.iter().map(|file| people(file)).collect::<Vec<_>>(), [there], "killed before {at}");
        assert!(!home.data().join(UNFINISHED).exists(), "killed before {at}");
        assert_eq!(people(&self.backup), BACKUP);
    }
}

/// The same data in another place, as they are.
pub(crate) fn copy(of: &Home) -> Home {
    let home = Home::new();
    fs::create_dir(home.data()).unwrap();
    for file in fs::read_dir(of.data()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), home.data().join(file.file_name())).unwrap();
    }
    home
}

pub(crate) async fn join(served: &Served, username: &str) {
    let new = SignUp {
        username: username.into(),
        email: format!("{username}@example.org"),
        name: username.into(),
        password: Secret::new("korrektes Pferd Batterie Klammer"),
    };
    served.client().create_account(&Caller::default(), new).await.unwrap();
}

/// What restores kept of what was there before.
fn kept(home: &Home) -> Vec<PathBuf> {
    let files = fs::read_dir(home.data()).unwrap().map(|entry| entry.unwrap().path());
    let names =
        |path: &PathBuf| path.to_str().is_some_and(|name| name.contains(".before-restore-") && name.ends_with('Z'));
    files.filter(names).collect()
}

/// Who has an account in a database, which is whole.
pub(crate) fn people(file: &Path) -> String {
    let told = Rows::Sqlite(file.to_owned())
        .sql("PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT username FROM accounts ORDER BY username");
    told.strip_prefix("ok\n").unwrap_or_else(|| panic!("{} is damaged: {told}", file.display())).to_owned()
}

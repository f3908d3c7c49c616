//! A backup that is killed before each of its steps: the data it is made of are as they were, what has the name of a backup
//! is one, and the next backup does what this one was to do.

use std::{fs, path::PathBuf};

use crate::{
    program::{Home, program_behind},
    restoring::{copy, join, people},
    running::kill,
    steps::{STOPPED, kill_before},
};

/// Who has an account in the database, and in a backup that was made earlier.
const NOW: &str = "ada\nbob";
const EARLIER: &str = "ada";

const FILE: &str = "latchkey.sqlite3";
const BACKUP: &str = "backup.db";

#[tokio::test]
async fn beside_a_service_that_runs_there_is_a_whole_backup_or_none() {
    let home = Home::new();
    let served = home.serve(&[]);
    join(&served, "ada").await;
    join(&served, "bob").await;
    let folder = Folder::new();
    let mut found = Vec::new();
    for number in 0.. {
        let killed = folder.backup(&home, number, &[]);
        let at = killed.as_deref().unwrap_or("its end");
        assert_eq!(people(&home.data().join(FILE)), NOW, "killed before {at}");
        found.push(folder.there());
        match found.last().unwrap().as_deref() {
            None => {}
            Some(NOW) => {
                let again = home.run(&["backup", folder.file().to_str().unwrap()], "");
                assert!(again.code == 1 && again.err.contains("there already"), "killed before {at}: {}", again.err);
                // It may have two names yet. One that is to take its place takes nothing of it before.
                for number in 0..8 {
                    let next = folder.backup(&home, number, &["--overwrite"]).unwrap();
                    assert_eq!(folder.there().as_deref(), Some(NOW), "killed before {at}, the next before {next}");
                }
                fs::remove_file(folder.file()).unwrap();
            }
            Some(there) => panic!("killed before {at}: {there}"),
        }
        folder.goes_on(&home, at);
        if killed.is_none() {
            break;
        }
    }
    println!("killed at {} steps", found.len() - 1);
    assert_eq!((found[0].as_deref(), found.last().unwrap().as_deref()), (None, Some(NOW)));
    assert!(found.len() > 10, "{found:?}");
    join(&served, "carl").await;
    served.signal("TERM");
    assert_eq!(served.end().code, 0);
    assert_eq!(people(&home.data().join(FILE)), NOW.to_owned() + "\ncarl");
}

/// The service was killed: what happened last is in the log of its database alone.
#[tokio::test]
async fn in_the_place_of_an_earlier_one_either_is_there_whatever_step_it_is_killed_at() {
    let home = Home::new();
    let earlier = Folder::new();
    join(&home.serve(&[]), "ada").await;
    home.run(&["backup", earlier.file().to_str().unwrap()], "").well();
    let served = home.serve(&[]);
    join(&served, "bob").await;
    kill(served);
    let mut found = Vec::new();
    for number in 0.. {
        let (home, folder) = (copy(&home), Folder::new());
        assert!(fs::metadata(home.data().join(FILE.to_owned() + "-wal")).unwrap().len() > 0, "the log has something");
        fs::copy(earlier.file(), folder.file()).unwrap();
        let killed = folder.backup(&home, number, &["--overwrite"]);
        let at = killed.as_deref().unwrap_or("its end");
        let there = folder.there().unwrap_or_else(|| panic!("killed before {at}: there is none"));
        assert!([EARLIER, NOW].contains(&there.as_str()), "killed before {at}: {there}");
        assert_eq!(people(&home.data().join(FILE)), NOW, "killed before {at}");
        found.push(there);
        folder.goes_on(&home, at);
        if killed.is_none() {
            break;
        }
    }
    println!("killed at {} steps", found.len() - 1);
    assert_eq!((&*found[0], found.last().map(String::as_str)), (EARLIER, Some(NOW)));
    assert!(found.len() > 10, "{found:?}");
}

/// Where backups are put, and nothing else.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join(BACKUP)
    }

    /// Makes a backup, and is killed before a step, here or where the data are.
    fn backup(&self, home: &Home, number: usize, more: &[&str]) -> Option<String> {
        let mut command = program_behind(&STOPPED);
        command.arg("backup").arg(self.file()).args(more).arg("--data").arg(home.data());
        kill_before(&mut command, &[self.0.path(), &home.data()], number)
    }

    /// Who has an account in what has the name of the backup.
    fn there(&self) -> Option<String> {
        self.file().exists().then(|| people(&self.file()))
    }

    /// Whatever was left, the next backup is whole, and leaves nothing else.
    fn goes_on(&self, home: &Home, at: &str) {
        home.run(&["backup", self.file().to_str().unwrap(), "--overwrite"], "").well();
        assert_eq!(self.there().as_deref(), Some(NOW), "killed before {at}");
        let names = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), [BACKUP], "killed before {at}");
        fs::remove_file(self.file()).unwrap();
    }
}

//! Which account on this computer answers the tools that ask Latchkey, and what was written for that into their
//! configuration. There is no secret in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use latchkey_api::desktop::{Failure, ShellCode};
use serde::{Deserialize, Serialize};

use crate::{error::failure, places::AccountKey, private};

/// The form of the file this version writes and reads.
const FORM: u32 = 1;

/// A tool that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `git`
    Git,
    /// docker, podman, skopeo.
    Containers,
}

/// An account, as the file names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    place: String,
    username: String,
}

impl Account {
    fn key(&self) -> AccountKey {
        AccountKey { place: self.place.clone(), username: self.username.clone() }
    }
}

/// What is known of a file of container tools.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerFile {
    /// It was not there before.
    #[serde(default)]
    pub file_is_ours: bool,
    /// The section was not there before.
    #[serde(default)]
    pub section_is_ours: bool,
    /// The helpers that ours stands in the place of, by host.
    #[serde(default)]
    pub before: BTreeMap<String, String>,
}

/// What was written into the configuration of `git`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GitLines {
    /// Paths of the files.
    #[serde(default)]
    pub files: BTreeSet<String>,
    /// What was written, word for word: this program may be called something else by now.
    #[serde(default)]
    pub commands: BTreeSet<String>,
}

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    #[serde(default)]
    git: BTreeMap<String, Account>,
    #[serde(default)]
    containers: BTreeMap<String, Account>,
    /// The files of container tools that were changed, by their paths.
    #[serde(default)]
    pub container_files: BTreeMap<String, ContainerFile>,
    /// What was written for `git`.
    #[serde(default)]
    pub git_lines: GitLines,
}

impl Default for Record {
    fn default() -> Self {
        let (git, containers) = Default::default();
        Self { version: FORM, git, containers, container_files: BTreeMap::new(), git_lines: GitLines::default() }
    }
}

impl Record {
    /// The account that answers a tool about a host.
    pub fn account(&self, tool: Tool, host: &str) -> Option<AccountKey> {
        self.of(tool).get(host).map(Account::key)
    }

    /// The accounts that answer a tool about anything, each once.
    pub fn accounts(&self, tool: Tool) -> Vec<AccountKey> {
        let mut all = Vec::new();
        for key in self.of(tool).values().map(Account::key) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        all
    }

    /// The hosts an account answers a tool about.
    pub fn hosts(&self, tool: Tool, key: &AccountKey) -> Vec<String> {
        self.of(tool).iter().filter(|(_, account)| account.key() == *key).map(|(host, _)| host.clone()).collect()
    }

    /// From now on an account answers about a host, in the place of another.
    pub fn set(&mut self, tool: Tool, host: &str, key: &AccountKey) {
        let account = Account { place: key.place.clone(), username: key.username.clone() };
        self.of_mut(tool).insert(host.to_owned(), account);
    }

    /// Nobody answers about a host any more.
    pub fn forget(&mut self, tool: Tool, host: &str) {
        self.of_mut(tool).remove(host);
        if self.git.is_empty() {
            self.git_lines = GitLines::default();
        }
    }

    fn of(&self, tool: Tool) -> &BTreeMap<String, Account> {
        match tool {
            Tool::Git => &self.git,
            Tool::Containers => &self.containers,
        }
    }

    fn of_mut(&mut self, tool: Tool) -> &mut BTreeMap<String, Account> {
        match tool {
            Tool::Git => &mut self.git,
            Tool::Containers => &mut self.containers,
        }
    }
}

/// The file.
#[derive(Clone, Debug)]
pub struct HelperRecord {
    file: PathBuf,
}

impl HelperRecord {
    /// The file at a path, which need not exist.
    pub fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// What it holds. Blocks. One that makes no sense holds nothing: what it says can be said again.
    pub fn read(&self) -> Result<Record, Failure> {
        read(&self.file)
    }

    /// Changes it, while no other process does. Blocks.
    pub fn change<T>(&self, change: impl FnOnce(&mut Record) -> T) -> Result<T, Failure> {
        let told = |error: io::Error| {
            failure(ShellCode::FileUnwritable, format!("{} cannot be written: {error}.", self.file.display()))
        };
        let _alone = self.alone().map_err(told)?;
        let mut record = read(&self.file)?;
        let before = record.clone();
        let done = change(&mut record);
        if record != before {
            write(&self.file, &record).map_err(told)?;
        }
        Ok(done)
    }

    fn alone(&self) -> io::Result<File> {
        if let Some(folder) = self.file.parent() {
            private::folder(folder)?;
        }
        let lock = private::options().create(true).truncate(false).open(self.file.with_extension("lock"))?;
        lock.lock()?;
        Ok(lock)
    }
}

fn read(file: &Path) -> Result<Record, Failure> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Record::default()),
        Err(error) => {
            let detail = format!("{} cannot be read: {error}.", file.display());
            return Err(failure(ShellCode::StoragePermission, detail));
        }
    };
    if serde_json::from_slice(&text).is_ok_and(|Version { version }| version > FORM) {
        let detail = format!("{} was written by a newer version of Latchkey.", file.display());
        return Err(failure(ShellCode::StorageNewer, detail));
    }
    Ok(serde_json::from_slice(&text).unwrap_or_else(|_| {
        tracing::warn!(file = %file.display(), "the record of what was set up for tools is damaged");
        Record::default()
    }))
}

/// Whoever reads meanwhile, or after a power failure, finds the old file or the new one.
fn write(file: &Path, record: &Record) -> io::Result<()> {
    let fresh = file.with_extension("new");
    let mut out = private::options().create(true).truncate(true).open(&fresh)?;
    out.write_all(&serde_json::to_vec_pretty(record)?)?;
    out.sync_all()?;
    fs::rename(&fresh, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(username: &str) -> AccountKey {
        AccountKey { place: "local".into(), username: username.into() }
    }

    #[test]
    fn one_account_answers_about_a_host() {
        let folder = tempfile::tempdir().unwrap();
        let record = HelperRecord::at(folder.path().join("data/tools.json"));
        assert_eq!(record.read().unwrap(), Record::default());
        record.change(|it| it.set(Tool::Git, "git.example", &key("ada"))).unwrap();
        record.change(|it| it.set(Tool::Git, "git.example", &key("bob"))).unwrap();
        record.change(|it| it.set(Tool::Git, "other.example", &key("ada"))).unwrap();
        let read = record.read().unwrap();
        assert_eq!(read.account(Tool::Git, "git.example").unwrap().username, "bob");
        assert_eq!(read.account(Tool::Containers, "git.example"), None);
        assert_eq!(read.hosts(Tool::Git, &key("ada")), ["other.example"]);
        assert_eq!(read.accounts(Tool::Git).len(), 2);
        record.change(|it| it.forget(Tool::Git, "other.example")).unwrap();
        assert_eq!(record.read().unwrap().accounts(Tool::Git).len(), 1);
    }

    #[test]
    fn what_makes_no_sense_says_nothing_and_what_is_newer_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tools.json");
        let record = HelperRecord::at(file.clone());
        fs::write(&file, "{\"version\":").unwrap();
        assert_eq!(record.read().unwrap(), Record::default());
        fs::write(&file, "{\"version\": 2}").unwrap();
        assert_eq!(record.read().unwrap_err().code, ShellCode::StorageNewer.into());
        record.change(|it| it.set(Tool::Git, "git.example", &key("ada"))).unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "{\"version\": 2}");
    }
}

//! The small JSON file the places and accounts are kept in.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::desktop::{Failure, ShellCode};
use serde::Deserialize;

use super::{FORM, Known};
use crate::{error::failure, private};

/// The file, and what it held when it was read or written last.
///
/// Another process may write it too: a change reads the file again under a lock and replaces it in one step.
pub struct Places {
    file: PathBuf,
    known: Mutex<Known>,
}

impl Places {
    /// The file at a path, which need not exist. Nothing is read yet.
    pub fn at(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), known: Mutex::default() }
    }

    /// The path of another file in the same folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.file.with_file_name(name)
    }

    /// What is known.
    pub fn known(&self) -> Known {
        self.lock().clone()
    }

    /// Reads the file.
    ///
    /// A damaged file is kept under another name, and the list begins anew: the failure says so once. A file of a
    /// newer version is left alone.
    pub fn load(&self) -> Result<(), Failure> {
        match read(&self.file) {
            Ok(known) => {
                *self.lock() = known;
                Ok(())
            }
            Err(Unreadable::Damaged) => Err(self.set_aside()),
            Err(Unreadable::Newer) => {
                let detail = format!("{} was written by a newer version of Latchkey.", self.file.display());
                Err(failure(ShellCode::StorageNewer, detail))
            }
            Err(Unreadable::Io(error)) => {
                let detail = format!("{} cannot be read: {error}.", self.file.display());
                Err(failure(ShellCode::StoragePermission, detail))
            }
        }
    }

    /// Changes what is known, in the file and here.
    ///
    /// Where the file cannot be written the change holds until the app ends: not remembering a server must not keep
    /// anybody from using it.
    pub fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        let mut mine = self.lock();
        let writer = self.only_writer();
        let writable = match writer.as_ref().map(|_| read(&self.file)) {
            Ok(Ok(on_disk)) => {
                *mine = on_disk;
                true
            }
            Ok(Err(Unreadable::Damaged)) => {
                self.set_aside();
                true
            }
            // What cannot be read, or is a newer version's, is not written over.
            Ok(Err(Unreadable::Newer | Unreadable::Io(_))) | Err(_) => false,
        };
        let result = change(&mut mine);
        let written = match &writer {
            Ok(_) if writable => write(&self.file, &mine),
            Ok(_) => Ok(()),
            Err(error) => Err(io::Error::from(error.kind())),
        };
        if let Err(error) = written {
            tracing::warn!(file = %self.file.display(), %error, "the list of places cannot be written");
        }
        result
    }

    fn set_aside(&self) -> Failure {
        let kept = self.free_name();
        let sentence = match fs::rename(&self.file, &kept) {
            Ok(()) => format!("It was kept as {}. Your accounts themselves are not affected.", kept.display()),
            Err(error) => format!("It is {} and cannot be moved away: {error}.", self.file.display()),
        };
        tracing::warn!(file = %self.file.display(), "the list of places is damaged");
        let detail = format!("The list of servers and accounts on this computer is damaged. {sentence}");
        failure(ShellCode::StorageDamaged, detail)
    }

    /// A name beside the file that is not taken. Whoever damages the list a thousand times loses the oldest but one.
    fn free_name(&self) -> PathBuf {
        let name = |n: u32| self.file.with_extension(format!("damaged-{n}.json"));
        (1..1000).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(1000))
    }

    /// Holds off other processes until the answer is dropped.
    fn only_writer(&self) -> io::Result<File> {
        if let Some(folder) = self.file.parent() {
            private::folder(folder)?;
        }
        let lock = private::options().create(true).truncate(false).open(self.file.with_extension("lock"))?;
        lock.lock()?;
        Ok(lock)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Unreadable {
    Damaged,
    Newer,
    Io(io::Error),
}

fn read(file: &Path) -> Result<Known, Unreadable> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Known::default()),
        Err(error) => return Err(Unreadable::Io(error)),
    };
    let Version { version } = serde_json::from_slice(&text).map_err(|_| Unreadable::Damaged)?;
    if version > FORM {
        return Err(Unreadable::Newer);
    }
    serde_json::from_slice(&text).map_err(|_| Unreadable::Damaged)
}

/// Whoever reads meanwhile, or after a power failure, finds the old file or the new one.
fn write(file: &Path, known: &Known) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(known)?;
    let fresh = file.with_extension("new");
    let mut out = private::options().create(true).truncate(true).open(&fresh)?;
    out.write_all(&text)?;
    out.sync_all()?;
    fs::rename(&fresh, file)
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use latchkey_api::desktop::{Place, Transport};

    use super::*;
    use crate::places::{AccountKey, LOCAL, this_computer};

    fn key(place: &str, username: &str) -> AccountKey {
        AccountKey { place: place.into(), username: username.into() }
    }

    fn server(host: &str) -> Place {
        Place { id: format!("https://{host}"), name: host.into(), host: Some(host.into()), transport: Transport::Tls }
    }

    #[test]
    fn what_was_used_last_comes_back_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/places.json");
        let places = Places::at(&file);
        places.load().unwrap();
        assert_eq!(places.known(), Known::default());
        places.change(|known| {
            known.use_place(&this_computer());
            known.use_account(&key(LOCAL, "ada"), "Ada");
            known.use_place(&server("a.example.org"));
            known.use_account(&key("https://a.example.org", "bob"), "Bob");
            known.use_account(&key("https://a.example.org", "eve"), "Eve");
        });

        let again = Places::at(&file);
        again.load().unwrap();
        let known = again.known();
        assert_eq!(known.last_place(), Some(&server("a.example.org")));
        assert_eq!(known.last_account("https://a.example.org"), Some(key("https://a.example.org", "eve")));
        assert_eq!(known.login(LOCAL).as_deref(), Some("ada"));
        let order: Vec<_> = known.places(Some(LOCAL)).into_iter().map(|place| place.id).collect();
        assert_eq!(order, [LOCAL, "https://a.example.org"]);
        let current = key(LOCAL, "ada");
        let marked: Vec<_> = known.accounts(Some(&current)).into_iter().filter(|account| account.current).collect();
        assert_eq!((marked.len(), marked[0].username.as_str(), marked[0].place.as_str()), (1, "ada", LOCAL));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/places.json");
        Places::at(&file).change(|known| known.use_place(&this_computer()));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_damaged_file_is_said_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("places.json");
        for (n, text) in ["{\"version\":1,\"places\":[{\"id\"", "[]", "\0\0\0"].into_iter().enumerate() {
            fs::write(&file, text).unwrap();
            let places = Places::at(&file);
            let failure = places.load().expect_err(text);
            assert_eq!(failure.code, ShellCode::StorageDamaged.into());
            let kept = folder.path().join(format!("places.damaged-{}.json", n + 1));
            assert_eq!(fs::read_to_string(&kept).unwrap(), text);
            assert!(failure.detail.unwrap().contains(&*kept.to_string_lossy()));
            // It is said once; from then on the list begins anew.
            places.load().unwrap();
            places.change(|known| known.use_place(&this_computer()));
            assert_eq!(places.known().last_place(), Some(&this_computer()));
        }
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("places.json");
        let text = "{\"version\":2,\"somewhere\":{}}";
        fs::write(&file, text).unwrap();
        let failure = Places::at(&file).load().expect_err("newer");
        assert_eq!(failure.code, ShellCode::StorageNewer.into());
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }

    #[test]
    fn two_writers_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = Arc::new(folder.path().join("places.json"));
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let file = Arc::clone(&file);
                thread::spawn(move || {
                    let places = Places::at(&*file);
                    for n in 0..20 {
                        places.change(|known| known.use_place(&server(&format!("w{writer}n{n}.example.org"))));
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        let places = Places::at(&*file);
        places.load().unwrap();
        assert_eq!(places.known().places(None).len(), 40);
    }

    #[test]
    fn a_place_is_used_even_if_it_cannot_be_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("file");
        fs::write(&blocked, "in the way").unwrap();
        let places = Places::at(blocked.join("places.json"));
        places.change(|known| known.use_place(&this_computer()));
        assert_eq!(places.known().last_place(), Some(&this_computer()));
    }
}

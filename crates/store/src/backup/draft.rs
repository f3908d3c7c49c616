//! A file that is not whole yet, under a name that says so.
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::BackupError;
use crate::{error::sqlite_code, open_error::OpenError, sqlite::OpenedFile};

/// Room that is left to others on the disk.
const SPARE: u64 = 1 << 20;

/// A file in the folder of the one it is to become, for its owner alone. It is removed with this, unless it became that;
/// what a program that was killed has left is written over, unless it is whole and has its name already.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    /// Locked, so that of two programs one writes it.
    file: File,
    done: bool,
}

impl Draft {
    /// A draft of this file.
    pub fn of(file: &Path) -> Result<Self, BackupError> {
        let file = std::path::absolute(file).map_err(|source| io_error(file, "has no place", source))?;
        let path = unfinished(&file);
        let file = lock(&path)?;
        let draft = Self { path, file, done: false };
        draft.remove_logs();
        draft.file.set_len(0).map_err(|source| io_error(&draft.path, "cannot be written", source))?;
        Ok(draft)
    }

    /// Where it is while it is not whole.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size in bytes.
    pub(super) fn size(&self) -> u64 {
        self.file.metadata().map_or(0, |data| data.len())
    }

    /// Refuses where the disk has less room than this.
    pub(super) fn needs(&self, bytes: u64) -> Result<(), BackupError> {
        let needed = bytes.saturating_add(SPARE);
        match free(self.folder()) {
            Some(free) if free < needed => Err(BackupError::Room { folder: self.folder().to_owned(), needed, free }),
            _ => Ok(()),
        }
    }

    /// Fills it with a file, and says now and then how far it is.
    pub fn fill(&mut self, from: &Path, mut tell: impl FnMut(super::Progress)) -> Result<(), BackupError> {
        let unread = |source| io_error(from, "cannot be read", source);
        let mut source = File::open(from).map_err(unread)?;
        let of = source.metadata().map_err(unread)?.len();
        self.needs(of)?;
        let mut done = 0;
        loop {
            let mut part = io::Read::take(&mut source, 16 << 20);
            let copied = io::copy(&mut part, &mut self.file);
            let copied = copied.map_err(|source| match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full(&self.path),
                _ => io_error(&self.path, "cannot be written", source),
            })?;
            if copied == 0 {
                return Ok(());
            }
            done += copied;
            tell(super::Progress { done, of });
        }
    }

    /// Gives it the owner of another file, where it is not the same already: the program may be run by root.
    pub fn belong_to(&self, owner: &Path) -> Result<(), BackupError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let theirs = fs::metadata(owner).map_err(|source| io_error(owner, "cannot be looked at", source))?;
            let ours = self.file.metadata().map_err(|source| io_error(&self.path, "cannot be looked at", source))?;
            if (theirs.uid(), theirs.gid()) != (ours.uid(), ours.gid()) {
                fchown(&self.file, Some(theirs.uid()), Some(theirs.gid()))
                    .map_err(|source| io_error(&self.path, "cannot be given to the owner of the database", source))?;
            }
        }
        Ok(())
    }

    /// Brings all of it to the disk. A log beside it is a mistake of whoever closed it.
    pub fn sync(&self) -> Result<(), BackupError> {
        if has_log(&self.path) {
            return Err(BackupError::InUse { path: self.path.clone() });
        }
        self.file.sync_all().map_err(|source| io_error(&self.path, "cannot be written", source))
    }

    /// Gives it its name, in the place of what has it where `overwrite` says so.
    pub fn name(mut self, name: &Path, overwrite: bool) -> Result<(), BackupError> {
        self.sync()?;
        let failed = |source| io_error(name, "cannot be made", source);
        if overwrite {
            fs::rename(&self.path, name).map_err(failed)?;
        } else {
            match fs::hard_link(&self.path, name) {
                Ok(()) => {
                    let _ = fs::remove_file(&self.path);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return Err(BackupError::Exists { path: name.to_owned() });
                }
                // A file system without links.
                Err(_) if name.exists() => return Err(BackupError::Exists { path: name.to_owned() }),
                Err(_) => fs::rename(&self.path, name).map_err(failed)?,
            }
        }
        self.done = true;
        sync_folder(self.folder())
    }

    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// Why SQLite could not write it.
    pub(super) fn refused(&self, error: sqlx::Error) -> BackupError {
        match sqlite_code(&error) {
            Some((13, _)) => full(&self.path),
            _ => OpenError::from_sqlx(&self.path, error).into(),
        }
    }

    fn remove_logs(&self) {
        for ending in ["-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(beside(&self.path, ending));
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.done {
            self.remove_logs();
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The draft that a restore left beside a database as it was killed; none while it is under way, and none that is the
/// database itself, which has its name already.
pub fn unfinished_restore(database: &Path) -> Option<PathBuf> {
    let path = unfinished(&std::path::absolute(database).ok()?);
    let file = File::open(&path).ok()?;
    let under_way = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    let named = OpenedFile::of(&file).ok()?.is_at(database);
    (!under_way && !named).then_some(path)
}

fn unfinished(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    file.with_file_name(name)
}

/// Opens a draft, or makes it, for one program alone.
fn lock(path: &Path) -> Result<File, BackupError> {
    let told = |source: io::Error| match source.kind() {
        ErrorKind::PermissionDenied => OpenError::Permission { path: path.to_owned() }.into(),
        ErrorKind::StorageFull => full(path),
        _ => io_error(path, "cannot be written", source),
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    loop {
        let file = options.open(path).map_err(told)?;
        // On a file system without locks nobody is kept out.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(BackupError::UnderWay { path: path.to_owned() });
        }
        let opened = OpenedFile::of(&file).map_err(told)?;
        if !opened.is_at(path) {
            // Who wrote it has finished meanwhile, and it is what it was to become.
            continue;
        }
        if opened.has_other_names() {
            // Who wrote it was killed as it had finished: it loses this name, and nothing else.
            fs::remove_file(path).map_err(told)?;
            continue;
        }
        return Ok(file);
    }
}

/// The name SQLite gives a file that belongs to a database.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Whether something of the database is in a file beside it.
pub(super) fn has_log(path: &Path) -> bool {
    let in_use = |ending| fs::metadata(beside(path, ending)).is_ok_and(|data| data.len() > 0);
    in_use("-wal") || in_use("-journal")
}

/// The names in a folder, on the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| io_error(folder, "cannot be written", source))
}

pub(super) fn io_error(path: &Path, what: &'static str, source: io::Error) -> BackupError {
    BackupError::Io { path: path.to_owned(), what, source }
}

fn full(path: &Path) -> BackupError {
    BackupError::Full { folder: path.parent().unwrap_or(path).to_owned() }
}

/// Bytes this user may still write there; `None` where the system does not tell.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

//! The database file and its folder, before SQLite sees them.
use std::{
    fs::{DirBuilder, File, Metadata, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
};

use crate::{backup::unfinished_restore, open_error::OpenError};

/// Makes what is missing, for its owner only, and makes sure that the file can be written: SQLite itself
/// would fall back to reading and fail later. It gives its own log files the mode of this one. No empty database is made
/// where a backup was to be.
pub(crate) fn prepare(path: &Path) -> Result<OpenedFile, OpenError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_folder(folder).map_err(|error| OpenError::from_io(folder, error))?;
    }
    if !path.exists()
        && let Some(draft) = unfinished_restore(path)
    {
        return Err(OpenError::UnfinishedRestore { path: path.to_owned(), draft });
    }
    open_or_create(path).map_err(|error| OpenError::from_io(path, error))
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file as it was found under its name.
pub(crate) struct OpenedFile(Metadata);

impl OpenedFile {
    /// Of a file that is open.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(Self)
    }

    /// Whether it is the one that has the name now.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|now| same(&self.0, &now))
    }

    /// Whether it has more than one name.
    pub(crate) fn has_other_names(&self) -> bool {
        names(&self.0) > 1
    }
}

#[cfg(unix)]
fn same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn names(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

/// Elsewhere it cannot be told, and a file gets its name in one step.
#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}

fn open_or_create(path: &Path) -> io::Result<OpenedFile> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    OpenedFile::of(&options.open(path)?)
}

impl OpenError {
    fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::PermissionDenied => Self::Permission { path },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, source },
        }
    }
}

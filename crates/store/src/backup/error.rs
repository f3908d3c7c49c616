//! Why a copy was not taken or not put back, in words for the administrator.
use std::{io, path::PathBuf};

use crate::open_error::OpenError;

/// Why [`copy_out`](super::copy_out), [`look_through`](super::look_through) or [`put_in_place`](super::put_in_place)
/// failed. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// A database cannot be opened or read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no such file.
    #[error("There is no file {path}. Look at its place, and try again.")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// There is something of that name.
    #[error("{path} is there already, and was left as it is. Choose another name, or say --overwrite.")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The backup would take the place of what it is made of.
    #[error("{path} is the database itself. Choose another name.")]
    Itself {
        /// The database.
        path: PathBuf,
    },
    /// Another program writes the same file.
    #[error("Another program is writing {path}. Wait for it to end.")]
    UnderWay {
        /// The unfinished file.
        path: PathBuf,
    },
    /// Not enough room for it.
    #[error(
        "{} MiB are needed in {folder}, and {} MiB are free. Free some space or choose another place; nothing was \
         changed.", mebibytes(*.needed), .free / MEBIBYTE
    )]
    Room {
        /// Where.
        folder: PathBuf,
        /// Bytes it takes.
        needed: u64,
        /// Bytes there are.
        free: u64,
    },
    /// The disk became full while it was written.
    #[error("There was no room left in {folder}. Free some space or choose another place; nothing was changed.")]
    Full {
        /// Where.
        folder: PathBuf,
    },
    /// What is in the file does not belong together.
    #[error("{path} is damaged ({what}). Use another backup; nothing was changed.")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found first.
        what: String,
    },
    /// A database in use is no backup: what was written last is in a file beside it.
    #[error(
        "{path} is a database in use, or was copied from one: there is a log beside it. Use a file that \
         latchkey-server backup made."
    )]
    Log {
        /// The file.
        path: PathBuf,
    },
    /// A service or another program has the database open.
    #[error("{path} is in use. Stop the service that uses it, and try again; nothing was changed.")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The database that is to be replaced cannot even be opened, so nobody can be kept out of it.
    #[error(
        "{path} is damaged, and cannot be kept by this. Move it away, with the files beside it whose names end in -wal and \
         -shm, and try again."
    )]
    Unusable {
        /// The database.
        path: PathBuf,
    },
    /// A log without its database: it would be taken for that of the backup.
    #[error("There is a log beside {path}, and no database. Move {path}-wal away, and try again.")]
    StrayLog {
        /// Where the database was.
        path: PathBuf,
    },
    /// SQLite takes names in UTF-8 alone.
    #[error("The name {path} is not UTF-8. Choose another one.")]
    Name {
        /// The name.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{path} {what}: {source}.")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// As in "cannot be written".
        what: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

const MEBIBYTE: u64 = 1 << 20;

/// Rounded up: what is needed is never said to be less.
fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(MEBIBYTE)
}

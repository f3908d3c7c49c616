//! Why a database could not be opened, in words for the person who starts the program.
use std::{io, path::PathBuf};

/// Why [`Store::open`](crate::Store::open) failed. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A newer version of the program has used this database.
    #[error(
        "{path} was written by a newer version of Latchkey (schema {found}, this version knows {known}). \
         Install that version again; nothing was changed."
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Schema version found.
        found: i64,
        /// Newest schema version this program knows.
        known: i64,
    },
    /// Another program keeps it locked.
    #[error("{path} is locked by another program. Close that program and try again.")]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// The file or the file system is read-only.
    #[error("{path} is read-only. Make the file and its folder writable for this user, or choose another place.")]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// No room.
    #[error("There is no room left on the disk of {path}. Free some space and try again; nothing was lost.")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{path} is not a Latchkey database. Choose another file; this one was left as it is.")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("{path} is damaged. Keep a copy of it and restore the last backup.")]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite found.
        #[source]
        source: sqlx::Error,
    },
    /// The operating system does not let this user at it.
    #[error("This user may not read and write {path}. Give it access to the file and its folder.")]
    Permission {
        /// The file or folder.
        path: PathBuf,
    },
    /// The operating system refused for another reason.
    #[error("{path} could not be opened: {source}.")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The database refused for another reason.
    #[error("{path} could not be opened: {source}.")]
    Other {
        /// The database.
        path: PathBuf,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
}

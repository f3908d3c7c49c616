//! Why a database could not be opened, in words for the person who starts the program.
use std::{io, path::PathBuf};

/// Why [`Store::open`](crate::Store::open) failed. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A newer version of the program has changed this database so that this one cannot use it.
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
    /// Nobody answers there.
    #[error(
        "{database} cannot be reached: {}. Start the server, or look at host and port, and try again.", told(.source)
    )]
    Unreachable {
        /// The database, without a password.
        database: String,
        /// What the system said.
        #[source]
        source: sqlx::Error,
    },
    /// The connection cannot be encrypted as it is demanded.
    #[error(
        "The connection to {database} cannot be protected: {source}. Give the certificate of its authority as sslrootcert,          or say with sslmode that less is enough."
    )]
    Tls {
        /// The database.
        database: String,
        /// What is wrong with it.
        #[source]
        source: sqlx::Error,
    },
    /// Wrong user or password, or nobody from here is let in.
    #[error(
        "{database} does not let this user in: {said}. Look at the user, the password and pg_hba.conf of the server."
    )]
    Refused {
        /// The database.
        database: String,
        /// What the server said.
        said: String,
    },
    /// The server has no such database.
    #[error("There is no database {database}. Make it with createdb, in the encoding UTF8, and try again.")]
    NoDatabase {
        /// The database.
        database: String,
    },
    /// The user may not make tables.
    #[error(
        "The user may not make what is needed in {database}: {said}. Make it the owner of the database, or grant it CREATE          on the schema."
    )]
    Privilege {
        /// The database.
        database: String,
        /// What the server said.
        said: String,
    },
    /// The server starts or stops, or has no connection left.
    #[error("{database} takes no connection at the moment: {said}. Try again in a while.")]
    NotNow {
        /// The database.
        database: String,
        /// What the server said.
        said: String,
    },
    /// What is to be done lasts longer than a pooler lends a connection.
    #[error(
        "{database} is reached through a pooler that lends a connection for one transaction, and this takes longer. \
         Give the address of the server itself, without pooler=transaction: once for latchkey-server migrate, and always \
         for latchkey-server copy."
    )]
    Pooler {
        /// The database.
        database: String,
    },
    /// The server is too old.
    #[error("{database} is on a server of PostgreSQL {found}. Use PostgreSQL {oldest} or newer.")]
    OldServer {
        /// The database.
        database: String,
        /// Its major version.
        found: i32,
        /// The oldest one that will do.
        oldest: i32,
    },
    /// The database does not keep text as Unicode.
    #[error("{database} keeps text as {found}. Make a database in the encoding UTF8.")]
    Encoding {
        /// The database.
        database: String,
        /// Its encoding.
        found: String,
    },
    /// The database has tables, and they are not Latchkey's.
    #[error("{database} has tables of another program. Choose an empty database; this one was left as it is.")]
    ForeignTables {
        /// The database.
        database: String,
    },
    /// Somebody began to copy everything here, and has not finished.
    #[error("{path} is an unfinished copy. Run latchkey-server copy again until it says that everything is there.")]
    UnfinishedCopy {
        /// The database.
        path: PathBuf,
    },
    /// Somebody began to put a backup here, and nothing has the name of the database yet.
    #[error(
        "A restore of {path} was ended before it was done, and there is no database yet. Run latchkey-server restore again; \
         or, to begin with an empty database, remove {draft}."
    )]
    UnfinishedRestore {
        /// The database.
        path: PathBuf,
        /// What was left.
        draft: PathBuf,
    },
    /// This program was built without the engine for it.
    #[error("{database} is on PostgreSQL, which this program was built without. Give it a file.")]
    NotBuiltIn {
        /// The database.
        database: String,
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

/// What was waited for in vain has no words of its own.
fn told(source: &sqlx::Error) -> String {
    match source {
        sqlx::Error::Io(error) => error.to_string(),
        _ => "nobody answered in time".to_owned(),
    }
}

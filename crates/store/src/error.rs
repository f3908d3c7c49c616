//! What a call on the store can fail with.
use std::sync::Arc;

use sqlx::{error::DatabaseError, postgres::PgDatabaseError, sqlite::SqliteError};

use crate::accounts::LoginKind;

/// The answer of every call on the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed. Cloneable, because one failed commit is told to everybody who was part of it.
/// Unless a variant says otherwise, nothing of the call was written.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// These names belong to another account: user name, e-mail address or both, in this order.
    #[error("taken: {0:?}")]
    Taken(Vec<LoginKind>),
    /// A row with this key is there already.
    #[error("a row with the same {0:?} is there already")]
    Conflict(Unique),
    /// What several statements of the write were conditional on changed between them, or before: somebody else was
    /// faster.
    #[error("somebody else was faster")]
    Raced,
    /// Somebody else kept the database, or what is written in it, locked for longer than five seconds. Trying again may
    /// help.
    #[error("the database is locked by somebody else")]
    Busy,
    /// It could not be put in an order with what others wrote at the same time, however often it was tried. Trying again
    /// may help.
    #[error("the write could not be put in an order with others")]
    Disordered,
    /// The server of the database cannot be reached, has cut the connection, or gave none in time. The write may have been
    /// kept.
    #[error("the server of the database cannot be reached: {0}")]
    Unreachable(Arc<sqlx::Error>),
    /// A newer program has changed the schema so that this one cannot use it.
    #[error("the database was changed for newer versions of this program; install one of them here")]
    Outdated,
    /// No room on the disk.
    #[error("no room left on the disk of the database")]
    Full,
    /// The database may be read but not written.
    #[error("the database is read-only")]
    ReadOnly,
    /// The disk failed to read or write. The write may have been kept.
    #[error("the disk of the database fails: {0}")]
    Disk(Arc<sqlx::Error>),
    /// The file's content is damaged, or it is no database any more.
    #[error("the database file is damaged: {0}")]
    Corrupt(Arc<sqlx::Error>),
    /// The work did not end within its time and was undone.
    #[error("the database took too long")]
    TimedOut,
    /// The body of the write panicked and was undone.
    #[error("the write ended in a fault of the program")]
    Panicked,
    /// The store was closed, or its writer is gone. The write may have been kept.
    #[error("the database is closed")]
    Closed,
    /// Anything else: a mistake of this crate or of the schema.
    #[error("the database refused: {0}")]
    Database(Arc<sqlx::Error>),
}

/// SQLite's primary result code, the low byte of the extended one, and that.
pub(crate) fn sqlite_code(error: &sqlx::Error) -> Option<(i32, i32)> {
    let error = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
    let extended: i32 = error.code()?.parse().ok()?;
    Some((extended & 0xff, extended))
}

/// PostgreSQL's SQLSTATE.
pub(crate) fn postgres_code(error: &sqlx::Error) -> Option<&str> {
    Some(error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?.code())
}

impl Error {
    /// Whether the cause lies outside of the call, in the file or its disk: then it is everybody's.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::ReadOnly | Self::Disk(_) | Self::Corrupt(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        const IOERR_SHMSIZE: i32 = 4874;
        if let Some(taken) = Unique::violated(&error) {
            return Self::Conflict(taken);
        }
        if let Some(code) = postgres_code(&error) {
            return match code {
                // Serialisation failure, deadlock.
                "40001" | "40P01" => Self::Disordered,
                // Waited too long for a lock; no connection left.
                "55P03" | "53300" => Self::Busy,
                // The statement, or an idle transaction, took longer than it may.
                "57014" | "25P03" => Self::TimedOut,
                "53100" => Self::Full,
                "25006" => Self::ReadOnly,
                "58030" => Self::Disk(Arc::new(error)),
                "XX001" | "XX002" => Self::Corrupt(Arc::new(error)),
                // Class 08, and a server that stops, crashed, or is not there yet.
                "57P01" | "57P02" | "57P03" => Self::Unreachable(Arc::new(error)),
                code if code.starts_with("08") => Self::Unreachable(Arc::new(error)),
                _ => Self::Database(Arc::new(error)),
            };
        }
        match (&error, sqlite_code(&error)) {
            // Nobody answers, TLS could not be begun, or no connection came free in time.
            (sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut, _) => {
                Self::Unreachable(Arc::new(error))
            }
            (sqlx::Error::PoolClosed, _) => Self::Closed,
            // BUSY and LOCKED with all their kinds.
            (_, Some((5 | 6, _))) => Self::Busy,
            // The shared-memory file beside the database could not grow: also a full disk.
            (_, Some((13, _) | (_, IOERR_SHMSIZE))) => Self::Full,
            (_, Some((8, _))) => Self::ReadOnly,
            (_, Some((10 | 14, _))) => Self::Disk(Arc::new(error)),
            (_, Some((11 | 26, _))) => Self::Corrupt(Arc::new(error)),
            _ => Self::Database(Arc::new(error)),
        }
    }
}

/// Each unique constraint: variant, its name in the schema, its columns as SQLite reports them.
macro_rules! uniques {
    ($($(#[$doc:meta])* $variant:ident $name:literal $columns:literal;)*) => {
        /// The unique constraints of the schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Unique { $($(#[$doc])* $variant),* }

        impl Unique {
            /// Every constraint with its name and its columns (`table.column, …`).
            pub const ALL: &[(Unique, &str, &str)] = &[$((Unique::$variant, $name, $columns)),*];
        }
    };
}
uniques! {
    /// The id of an account.
    Account "accounts_pkey" "accounts.account_id";
    /// A user name or an e-mail address.
    Login "logins_pkey" "logins.login_key";
    /// The one password of an account.
    Password "passwords_pkey" "passwords.account_id";
    /// The hash of a session's token.
    SessionToken "sessions_pkey" "sessions.account_id, sessions.token_hash";
    /// The id of a session.
    Session "sessions_session_key" "sessions.account_id, sessions.session_id";
    /// One size of an account's picture.
    Avatar "avatars_pkey" "avatars.account_id, avatars.size";
    /// The one authenticator app of an account.
    TwoFactor "two_factor_pkey" "two_factor.account_id";
    /// A set of backup codes.
    BackupCodeSet "backup_code_sets_pkey" "backup_code_sets.account_id, backup_code_sets.set_id";
    /// A backup code of a set.
    BackupCode "backup_codes_pkey" "backup_codes.account_id, backup_codes.set_id, backup_codes.code_hash";
    /// Wrong second factors at one door.
    SecondFactorAttempts "second_factor_attempts_pkey" "second_factor_attempts.account_id, second_factor_attempts.door";
    /// The hash of a sign-in transaction.
    SignInTransaction "sign_in_transactions_pkey" "sign_in_transactions.account_id, sign_in_transactions.transaction_hash";
    /// A place in the list of events.
    Event "events_pkey" "events.account_id, events.seq";
    /// The end of a list of events.
    EventHead "event_heads_pkey" "event_heads.account_id";
    /// The one new address of an account.
    EmailChange "email_changes_pkey" "email_changes.account_id";
    /// The one password reset of an account.
    PasswordReset "password_resets_pkey" "password_resets.account_id";
    /// A message that waits to be sent.
    Outbox "outbox_pkey" "outbox.account_id, outbox.mail_id";
    /// A name that is held.
    NameHold "name_holds_pkey" "name_holds.name_hash";
    /// The one personal API key of an account.
    PersonalApiKey "personal_api_keys_pkey" "personal_api_keys.account_id";
    /// The hash of a named API key's token.
    ApiKeyToken "api_keys_pkey" "api_keys.account_id, api_keys.token_hash";
    /// The id of a named API key.
    ApiKey "api_keys_key_key" "api_keys.account_id, api_keys.key_id";
    /// A public key of an account.
    SshKeyFingerprint "ssh_keys_pkey" "ssh_keys.account_id, ssh_keys.fingerprint";
    /// The id of an SSH key.
    SshKey "ssh_keys_key_key" "ssh_keys.account_id, ssh_keys.key_id";
    /// The id of a connection with a provider of source code.
    Integration "integrations_pkey" "integrations.account_id, integrations.integration_id";
    /// An account at a provider of source code.
    IntegrationSubject "integrations_subject_key" "integrations.account_id, integrations.provider, integrations.host, integrations.subject";
    /// An attempt to connect one.
    IntegrationAttempt "integration_attempts_pkey" "integration_attempts.account_id, integration_attempts.attempt_id";
    /// A container registry of an account.
    ContainerRegistry "container_registries_pkey" "container_registries.account_id, container_registries.registry_id";
    /// The host of a container registry.
    ContainerRegistryHost "container_registries_host_key" "container_registries.account_id, container_registries.host";
    /// A session that may read credentials.
    CredentialAccess "credential_access_pkey" "credential_access.account_id, credential_access.session_id";
    /// The hash of a password for the service's own registry.
    RegistryPassword "registry_passwords_pkey" "registry_passwords.account_id, registry_passwords.token_hash";
    /// A key that registry tokens are signed with.
    SigningKey "signing_keys_pkey" "signing_keys.key_id";
    /// The state of one limit.
    Throttle "throttles_pkey" "throttles.throttle_key";
    /// The name of a setting.
    InstanceSetting "instance_settings_pkey" "instance_settings.name";
}

impl Unique {
    fn violated(error: &sqlx::Error) -> Option<Self> {
        let error = error.as_database_error().filter(|e| e.is_unique_violation())?;
        // PostgreSQL names the constraint, SQLite the columns.
        if let Some(name) = error.constraint() {
            return Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(unique, ..)| *unique);
        }
        let columns = error.message().strip_prefix("UNIQUE constraint failed: ")?;
        Self::ALL.iter().find(|(_, _, known)| *known == columns).map(|(unique, ..)| *unique)
    }
}

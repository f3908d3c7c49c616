//! Backups of a database on SQLite: taken while the service runs, and put back while it does not.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SubsecRound, Utc};
use latchkey_api::problem::Problem;
use latchkey_store::{
    BackupError, Draft, Micros, OpenError, Progress, Retired, Store, copy_out, look_through, put_in_place,
    refuse_in_use, retire,
};
use serde::{Deserialize, Serialize};

use crate::{Environment, Settings, sealing::KeyState, service::Service};

/// Why a backup was not taken or not put back. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupFailure {
    /// The files.
    #[error(transparent)]
    Files(#[from] BackupError),
    /// The copy cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy cannot be read, or the sealing key is missing or another one.
    #[error("{}", .0.body().detail.as_deref().unwrap_or(.0.body().title.as_str()))]
    Unread(Problem),
    /// Sealing keys that are not at hand.
    #[error("The sealing key {} is missing. Put it into the key file, and try again; nothing was changed.", .0.join(" and "))]
    Keys(Vec<String>),
}

/// What is written in a backup.
#[derive(Deserialize, Serialize)]
struct Stamp {
    made_at: DateTime<Utc>,
    version: String,
}

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The moment it shows, or a little later.
    pub made_at: DateTime<Utc>,
    /// The version of its schema.
    pub schema: i64,
    /// Its size.
    pub bytes: u64,
    /// What was found in it; none where its schema is an older one, which only an upgrade reads.
    pub content: Option<Content>,
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Accounts whose activity was looked through.
    pub accounts: u64,
    /// Those of them whose activity is not as it was written.
    pub broken: u64,
    /// Fingerprints of the sealing keys without which its secrets cannot be read.
    pub keys: Vec<String>,
}

/// A backup that was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// When it was taken; none where it was made in another way.
    pub made_at: Option<DateTime<Utc>>,
    /// The version of its schema, before it was brought up to date.
    pub schema: i64,
    /// What is in it.
    pub content: Content,
    /// Sealed values that do not open with the key they name: they were damaged when it was taken.
    pub damaged: u64,
    /// What was not brought back.
    pub retired: Retired,
    /// The name of the database that was there before.
    pub kept: Option<PathBuf>,
}

/// Copies a database to a file, checks the copy, and gives it its name. The service may run and write meanwhile. Without
/// `overwrite`, a file of that name is left as it is.
pub async fn backup(
    database: &Path,
    to: &Path,
    overwrite: bool,
    environment: &Environment,
    tell: impl FnMut(Progress),
) -> Result<Backup, BackupFailure> {
    if !overwrite && to.exists() {
        return Err(BackupError::Exists { path: to.to_owned() }.into());
    }
    if let (Ok(ours), Ok(theirs)) = (database.canonicalize(), to.canonicalize())
        && ours == theirs
    {
        return Err(BackupError::Itself { path: to.to_owned() }.into());
    }
    let draft = Draft::of(to)?;
    let made_at = environment.clock.now().trunc_subsecs(0);
    let stamp = Stamp { made_at, version: env!("CARGO_PKG_VERSION").to_owned() };
    let stamp = serde_json::to_string(&stamp).unwrap_or_default();
    let schema = copy_out(database, &draft, &stamp, tell).await?;
    look_through(draft.path()).await?;
    let content = if schema >= Store::latest_schema_version() {
        // No key is needed to look at it.
        let copy = Service::open(draft.path(), Settings::default(), Environment::system()).await?;
        let content = look(&copy).await;
        copy.close().await;
        Some(content.map_err(BackupFailure::Unread)?)
    } else {
        None
    };
    let bytes = draft.path().metadata().map_or(0, |data| data.len());
    draft.name(to, overwrite)?;
    Ok(Backup { made_at, schema, bytes, content })
}

/// Puts a backup in the place of a database, which is kept under another name. Nobody may have it open. The backup itself
/// stays as it is. The keys of `environment` have to open it; with `close_sessions` nobody is signed in afterwards.
pub async fn restore(
    from: &Path,
    database: &Path,
    close_sessions: bool,
    environment: Environment,
    tell: impl FnMut(Progress),
) -> Result<Restored, BackupFailure> {
    let looked = look_through(from).await?;
    refuse_in_use(database).await?;
    let mut draft = Draft::of(database)?;
    draft.fill(from, tell)?;
    let now = environment.clock.now();
    let copy = Service::open(draft.path(), Settings::default(), environment).await?;
    let (content, opened) = (look(&copy).await, open(&copy).await);
    copy.close().await;
    let (content, damaged) = (content.map_err(BackupFailure::Unread)?, opened?);
    let retired = retire(&draft, close_sessions, Micros(now.timestamp_micros())).await?;
    let owner = if database.exists() { database } else { draft.path().parent().unwrap_or(database) };
    draft.belong_to(owner)?;
    let kept = database.exists().then(|| {
        let mut name = database.file_name().unwrap_or_default().to_owned();
        name.push(now.format(".before-restore-%Y%m%dT%H%M%S%3fZ").to_string());
        database.with_file_name(name)
    });
    put_in_place(draft, database, kept.as_deref().unwrap_or(database)).await?;
    let made_at = looked.stamp.and_then(|text| serde_json::from_str::<Stamp>(&text).ok()).map(|stamp| stamp.made_at);
    Ok(Restored { made_at, schema: looked.schema, content, damaged, retired, kept })
}

async fn look(copy: &Service) -> Result<Content, Problem> {
    let verified = copy.verify_activity(None).await?;
    let keys = copy.needed_sealing_keys().await?.into_iter().collect();
    Ok(Content { accounts: verified.accounts, broken: verified.broken.len() as u64, keys })
}

/// Whether the keys at hand open what is sealed; answers how many values they do not open though they should.
async fn open(copy: &Service) -> Result<u64, BackupFailure> {
    // Otherwise a key would be made for it.
    if !copy.ever_sealed().await.map_err(BackupFailure::Unread)? {
        return Ok(0);
    }
    let found = copy.sealing_keys().await.map_err(BackupFailure::Unread)?;
    let missing = found.keys.iter().filter(|key| key.state == KeyState::Missing);
    let missing: Vec<_> = missing.map(|key| key.fingerprint.clone()).collect();
    if missing.is_empty() { Ok(found.damaged.values().sum()) } else { Err(BackupFailure::Keys(missing)) }
}

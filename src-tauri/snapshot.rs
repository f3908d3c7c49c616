//! What was seen of accounts, kept for when their server cannot be reached: one sealed file an account, whose key is in
//! the keychain. `docs/adr/0014-what-is-seen-offline.md` says what is kept and why so.
//!
//! What commands read is [kept](Snapshots::keep) in memory for a moment, and [written](write) together. A file that does
//! not open, whatever was done to it, is removed: what it held is read again from the server.

mod file;
mod sealed;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use latchkey_api::desktop::{Kept, ProfileView, SavedAccount, Snapshot};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use zeroize::Zeroizing;

use crate::{
    places::{AccountKey, LOCAL},
    session::Ticket,
    state::AppState,
    vault::{SnapshotKeys, VaultError},
};

/// How long what was read waits for what is read next, so that opening the app is one writing.
const TOGETHER: Duration = Duration::from_secs(3);

/// What was seen of an account: a profile at least.
pub(crate) struct Seen {
    /// The profile.
    pub(crate) profile: ProfileView,
    /// All of it.
    pub(crate) snapshot: Snapshot,
}

/// The snapshots of this computer.
pub struct Snapshots {
    folder: PathBuf,
    keys: SnapshotKeys,
    /// What was read and is not in the file yet.
    waiting: Mutex<HashMap<AccountKey, Snapshot>>,
    some_wait: Notify,
    /// Held while files are read, written and removed.
    one_at_a_time: AsyncMutex<()>,
}

impl Snapshots {
    /// Snapshots in a folder, sealed with these keys.
    pub fn new(folder: PathBuf, keys: SnapshotKeys) -> Self {
        Self { folder, keys, waiting: Mutex::default(), some_wait: Notify::new(), one_at_a_time: AsyncMutex::default() }
    }

    /// Keeps something that was read. The service in this process is never out of reach: of its accounts nothing is kept.
    pub(crate) fn keep(&self, account: &AccountKey, part: impl FnOnce(&mut Snapshot)) {
        if account.place == LOCAL {
            return;
        }
        let mut newer = Snapshot::default();
        part(&mut newer);
        let mut waiting = self.lock();
        let before = waiting.remove(account).unwrap_or_default();
        waiting.insert(account.clone(), before.followed_by(newer));
        drop(waiting);
        self.some_wait.notify_one();
    }

    /// What was seen of an account. A file that does not open is removed; where the keychain does not say what it holds,
    /// nothing is.
    pub(crate) async fn open(&self, account: &AccountKey) -> Option<Seen> {
        let _alone = self.one_at_a_time.lock().await;
        let snapshot = self.read(account).await?;
        Some(Seen { profile: snapshot.profile.as_ref()?.value.clone(), snapshot })
    }

    /// Lets go of what is kept of an account: it has left this computer.
    pub(crate) fn forget(&self, account: &AccountKey) {
        self.lock().remove(account);
        self.keys.forget(account);
        remove(&file::path(&self.folder, account));
    }

    async fn read(&self, account: &AccountKey) -> Option<Snapshot> {
        let path = file::path(&self.folder, account);
        let sealed = match file::read(&path) {
            Ok(sealed) => sealed?,
            Err(error) => {
                tracing::warn!(%error, "what was seen of an account cannot be read");
                remove(&path);
                return None;
            }
        };
        let opened = match self.keys.read(account).await {
            Ok(key) => key.and_then(|key| sealed::open(&key, account, &sealed)),
            Err(error) => {
                tracing::debug!(%error, "what was seen of an account cannot be opened now");
                return None;
            }
        };
        let snapshot = opened.and_then(|plain| serde_json::from_slice(&plain).ok());
        if snapshot.is_none() {
            tracing::warn!("what was seen of an account does not open, and is removed");
            remove(&path);
        }
        snapshot
    }

    /// Puts what is newer into the file of an account.
    async fn write(&self, account: &AccountKey, newer: Snapshot) {
        let snapshot = self.read(account).await.unwrap_or_default().followed_by(newer);
        match self.seal(account, snapshot).await {
            Ok(Some(sealed)) => {
                if let Err(error) = file::write(&file::path(&self.folder, account), &sealed) {
                    tracing::warn!(%error, "what was seen of an account cannot be written: it stays as it was");
                }
            }
            Ok(None) => tracing::warn!("what was seen of an account is not kept: it is too large"),
            Err(error) => tracing::debug!(%error, "what was seen of an account is not kept"),
        }
    }

    /// `None` where it is too large, pictures left out.
    async fn seal(&self, account: &AccountKey, mut snapshot: Snapshot) -> Result<Option<Vec<u8>>, VaultError> {
        let key = self.keys.read_or_make(account).await?;
        let mut plain = plain(&snapshot);
        if plain.len() > file::LIMIT / 2 {
            snapshot.avatar.clear();
            plain = self::plain(&snapshot);
        }
        let fits = !plain.is_empty() && plain.len() <= file::LIMIT / 2;
        Ok(if fits { sealed::seal(&key, account, &plain) } else { None })
    }

    fn take_waiting(&self) -> HashMap<AccountKey, Snapshot> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountKey, Snapshot>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what was read for a ticket's account, if that is still in the window, and when.
pub(crate) fn keep<T: Clone>(
    app: &AppState,
    ticket: &Ticket,
    value: &T,
    part: impl FnOnce(&mut Snapshot) -> &mut Option<Kept<T>>,
) {
    if app.session.holds(ticket) {
        let at: DateTime<Utc> = app.parts.clock.now();
        app.parts.snapshots.keep(&ticket.key, |newer| *part(newer) = Some(Kept { at, value: value.clone() }));
    }
}

/// Writes what was read whenever something was, until the app ends. Only the window does: what a command line reads is
/// not what a person saw.
pub async fn follow(app: &AppState) {
    remove_others(app);
    loop {
        app.parts.snapshots.some_wait.notified().await;
        tokio::time::sleep(TOGETHER).await;
        write(app).await;
    }
}

/// Writes what was read and waits. What is of an account that has left is dropped.
pub async fn write(app: &AppState) {
    let snapshots = &app.parts.snapshots;
    let _alone = snapshots.one_at_a_time.lock().await;
    for (account, newer) in snapshots.take_waiting() {
        let asks_nobody = snapshots.keys.knows(&account);
        let put = async {
            if app.parts.places.known().has(&account) {
                snapshots.write(&account, newer).await;
            }
        };
        // Nobody signs out between the look and the writing: that waits for the same lock.
        if asks_nobody {
            app.parts.tokens.while_nobody_leaves(put).await;
        } else {
            app.parts.tokens.while_kept(&account, put).await;
        }
    }
}

/// Removes what is of no account that is known.
fn remove_others(app: &AppState) {
    let known = app.parts.places.known();
    // A list that cannot be read knows nobody, and says nothing.
    if known.last_place().is_none() {
        return;
    }
    let key = |one: SavedAccount| AccountKey { place: one.place, username: one.username };
    let accounts: Vec<_> = known.accounts(None).into_iter().map(key).collect();
    if let Err(error) = file::remove_others(&app.parts.snapshots.folder, &accounts) {
        tracing::warn!(%error, "what was seen of accounts that left may still be there");
    }
}

fn remove(file: &Path) {
    if let Err(error) = file::remove(file) {
        tracing::warn!(%error, "what was seen of an account cannot be removed");
    }
}

fn plain(snapshot: &Snapshot) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(serde_json::to_vec(snapshot).unwrap_or_default())
}

#[cfg(test)]
mod tests;

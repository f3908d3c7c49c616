//! What the keychain keeps for the keys of an account: the personal API key, and passphrases of private SSH keys. It is
//! in the keychain or nowhere: without one, a proof brings the API key again, and a passphrase is the person's to keep.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use latchkey_api::wire::Secret;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::{Vault, VaultError};
use crate::places::AccountKey;

/// What the name of a passphrase begins with; the key's fingerprint follows. No user name has a space in it.
const PASSPHRASE: &str = "passphrase of the SSH key ";

/// What follows the fingerprint; the user name comes last. Another account at the same place has keys of its own.
const OF: &str = " of ";

/// The keychain, as far as keys are concerned.
///
/// The API key goes with the session: [`Tokens`](super::Tokens) lets go of both. A passphrase goes when its key is
/// removed, and not before: the private half stays on this computer, and is worth nothing without it.
pub struct Keys {
    keychain: Arc<dyn Vault>,
    /// One a personal API key: what the service and the keychain hold is changed together.
    one_at_a_time: Mutex<HashMap<AccountKey, Arc<AsyncMutex<()>>>>,
}

impl Keys {
    /// Keys in this keychain.
    pub fn new(keychain: Arc<dyn Vault>) -> Self {
        Self { keychain, one_at_a_time: Mutex::default() }
    }

    /// Whoever holds the answer is alone with the personal API key of an account: of two that are generated at once, the
    /// keychain keeps the one the service took last.
    pub async fn alone(&self, account: &AccountKey) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(account.clone()).or_default())
        };
        lock.lock_owned().await
    }

    /// The personal API key of an account. A keychain that does not work holds none.
    pub async fn api_key(&self, account: &AccountKey) -> Option<Secret> {
        self.read(&account.api_key()).await
    }

    /// Keeps the personal API key of an account; false where the keychain does not take it, which then holds none.
    pub async fn keep_api_key(&self, account: &AccountKey, key: &Secret) -> bool {
        let entry = account.api_key();
        let kept = self.keychain.write(&entry, key).await;
        if let Err(error) = &kept {
            tracing::warn!(%error, "the keychain does not take an API key");
            // The one before is no good any more.
            let _ = self.keychain.forget(&entry).await;
        }
        kept.is_ok()
    }

    /// Lets go of exactly this personal API key: another process may have kept a newer one meanwhile.
    pub async fn forget_api_key(&self, account: &AccountKey, key: &Secret) {
        if let Err(error) = self.keychain.forget_this(&account.api_key(), key).await {
            tracing::warn!(%error, "an API key that is no good any more stays in the keychain");
        }
    }

    /// The fingerprints of the keys of an account whose passphrases are kept.
    pub async fn passphrases(&self, account: &AccountKey) -> HashSet<String> {
        let names = self.keychain.names(&account.place).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "the keychain does not say what it holds");
            Vec::new()
        });
        let passphrases = names.iter().filter_map(|name| name.strip_prefix(PASSPHRASE)?.split_once(OF));
        passphrases.filter(|(_, user)| *user == account.username).map(|(key, _)| key.to_owned()).collect()
    }

    /// The passphrase of a key. An error means that the keychain may hold one and cannot say.
    pub async fn passphrase(&self, account: &AccountKey, fingerprint: &str) -> Result<Option<Secret>, VaultError> {
        self.keychain.read(&passphrase(account, fingerprint)).await
    }

    /// Keeps the passphrase of a key; false where the keychain does not take it.
    pub async fn keep_passphrase(&self, account: &AccountKey, fingerprint: &str, text: &Secret) -> bool {
        let kept = self.keychain.write(&passphrase(account, fingerprint), text).await;
        if let Err(error) = &kept {
            tracing::warn!(%error, "the keychain does not take a passphrase");
        }
        kept.is_ok()
    }

    /// Lets go of the passphrase of a key.
    pub async fn forget_passphrase(&self, account: &AccountKey, fingerprint: &str) {
        if let Err(error) = self.keychain.forget(&passphrase(account, fingerprint)).await {
            tracing::warn!(%error, "the passphrase of a key that was removed stays in the keychain");
        }
    }

    async fn read(&self, entry: &AccountKey) -> Option<Secret> {
        self.keychain.read(entry).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "the keychain cannot be read");
            None
        })
    }
}

fn passphrase(account: &AccountKey, fingerprint: &str) -> AccountKey {
    AccountKey { place: account.place.clone(), username: format!("{PASSPHRASE}{fingerprint}{OF}{}", account.username) }
}

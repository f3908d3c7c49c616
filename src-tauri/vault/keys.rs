//! What the keychain keeps for the keys of an account: the personal API key, and passphrases of private SSH keys. It is
//! in the keychain or nowhere: without one, a proof brings the API key again, and a passphrase is the person's to keep.

use std::{collections::HashSet, sync::Arc};

use latchkey_api::wire::Secret;

use super::{Vault, VaultError};
use crate::places::AccountKey;

/// What the name of a passphrase begins with; the key's fingerprint follows. No user name has a space in it.
const PASSPHRASE: &str = "passphrase of the SSH key ";

/// The keychain, as far as keys are concerned.
///
/// The API key goes with the session: [`Tokens`](super::Tokens) lets go of both. A passphrase goes when its key is
/// removed, and not before: the private half stays on this computer, and is worth nothing without it.
pub struct Keys {
    keychain: Arc<dyn Vault>,
}

impl Keys {
    /// Keys in this keychain.
    pub fn new(keychain: Arc<dyn Vault>) -> Self {
        Self { keychain }
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

    /// The fingerprints of the keys whose passphrases are kept for a place.
    pub async fn passphrases(&self, place: &str) -> HashSet<String> {
        let names = self.keychain.names(place).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "the keychain does not say what it holds");
            Vec::new()
        });
        names.iter().filter_map(|name| name.strip_prefix(PASSPHRASE)).map(str::to_owned).collect()
    }

    /// The passphrase of a key. An error means that the keychain may hold one and cannot say.
    pub async fn passphrase(&self, place: &str, fingerprint: &str) -> Result<Option<Secret>, VaultError> {
        self.keychain.read(&passphrase(place, fingerprint)).await
    }

    /// Keeps the passphrase of a key; false where the keychain does not take it.
    pub async fn keep_passphrase(&self, place: &str, fingerprint: &str, text: &Secret) -> bool {
        let kept = self.keychain.write(&passphrase(place, fingerprint), text).await;
        if let Err(error) = &kept {
            tracing::warn!(%error, "the keychain does not take a passphrase");
        }
        kept.is_ok()
    }

    /// Lets go of the passphrase of a key.
    pub async fn forget_passphrase(&self, place: &str, fingerprint: &str) {
        if let Err(error) = self.keychain.forget(&passphrase(place, fingerprint)).await {
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

fn passphrase(place: &str, fingerprint: &str) -> AccountKey {
    AccountKey { place: place.to_owned(), username: format!("{PASSPHRASE}{fingerprint}") }
}

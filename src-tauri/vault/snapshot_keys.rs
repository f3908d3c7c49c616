//! The keys that snapshots of accounts are sealed with, one an account. They are in the keychain or nowhere, and go with
//! the session: [`Tokens`](super::Tokens) lets go of both.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use zeroize::Zeroizing;

use super::{
    Vault, VaultError,
    sealing::{parse, text},
};
use crate::places::AccountKey;

/// 256 bits.
pub(crate) type SnapshotKey = Zeroizing<[u8; 32]>;

/// The keychain, as far as snapshots are concerned.
///
/// A key that was read is known until its account leaves: what is written now and then must not have a keychain that
/// was locked meanwhile ask the person for its password.
pub struct SnapshotKeys {
    keychain: Arc<dyn Vault>,
    known: Mutex<HashMap<AccountKey, SnapshotKey>>,
}

impl SnapshotKeys {
    /// Keys in this keychain.
    pub fn new(keychain: Arc<dyn Vault>) -> Self {
        Self { keychain, known: Mutex::default() }
    }

    /// Whether the keychain need not be asked for the key of an account.
    pub(crate) fn knows(&self, account: &AccountKey) -> bool {
        self.lock().contains_key(account)
    }

    /// Lets go of what is known. The keychain does so with the session.
    pub(crate) fn forget(&self, account: &AccountKey) {
        self.lock().remove(account);
    }

    /// The key of an account, if there is one. What is no key is none.
    pub(crate) async fn read(&self, account: &AccountKey) -> Result<Option<SnapshotKey>, VaultError> {
        let known = self.lock().get(account).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let read = self.keychain.read(&account.snapshot_key()).await?.as_ref().and_then(parse);
        if let Some(key) = &read {
            self.lock().insert(account.clone(), key.clone());
        }
        Ok(read)
    }

    /// The key of an account, which is made where there is none.
    pub(crate) async fn read_or_make(&self, account: &AccountKey) -> Result<SnapshotKey, VaultError> {
        if let Some(key) = self.read(account).await? {
            return Ok(key);
        }
        let mut fresh = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *fresh).map_err(|_| VaultError::Refused)?;
        self.keychain.write(&account.snapshot_key(), &text(&fresh)).await?;
        // What cannot be read again must not seal anything. Another process may have been later with one of its own.
        self.read(account).await?.ok_or(VaultError::Refused)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountKey, SnapshotKey>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use latchkey_api::wire::Secret;

    use super::*;
    use crate::vault::Memory;

    #[tokio::test]
    async fn a_key_is_made_once_for_each_account() {
        let keychain = Arc::new(Memory::default());
        let keys = SnapshotKeys::new(keychain.clone());
        let account = |username: &str| AccountKey { place: "https://a.example".into(), username: username.into() };
        assert_eq!(keys.read(&account("ada")).await, Ok(None));
        let made = keys.read_or_make(&account("ada")).await.unwrap();
        assert_eq!(keys.read_or_make(&account("ada")).await.unwrap(), made);
        assert_eq!(keys.read(&account("ada")).await.unwrap(), Some(made.clone()));
        assert_ne!(keys.read_or_make(&account("bob")).await.unwrap(), made);

        keychain.write(&account("ada").snapshot_key(), &Secret::new("no key")).await.unwrap();
        assert_eq!(keys.read(&account("ada")).await.unwrap(), Some(made.clone()), "the keychain is not asked again");
        keys.forget(&account("ada"));
        assert!(!keys.knows(&account("ada")) && keys.knows(&account("bob")));
        assert_eq!(keys.read(&account("ada")).await, Ok(None));
        assert_ne!(keys.read_or_make(&account("ada")).await.unwrap(), made, "a damaged one is replaced");
    }
}

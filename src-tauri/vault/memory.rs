//! Tokens that end with the app.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::wire::Secret;

use super::{Vault, VaultError};
use crate::places::AccountKey;

/// Tokens in memory.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<AccountKey, Secret>>);

impl Memory {
    pub(super) fn all(&self) -> Vec<(AccountKey, Secret)> {
        self.lock().iter().map(|(key, token)| (key.clone(), token.clone())).collect()
    }

    pub(super) fn take(&self, key: &AccountKey) -> Option<Secret> {
        self.lock().remove(key)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountKey, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Vault for Memory {
    async fn read(&self, key: &AccountKey) -> Result<Option<Secret>, VaultError> {
        Ok(self.lock().get(key).cloned())
    }

    async fn write(&self, key: &AccountKey, token: &Secret) -> Result<(), VaultError> {
        self.lock().insert(key.clone(), token.clone());
        Ok(())
    }

    async fn forget(&self, key: &AccountKey) -> Result<(), VaultError> {
        self.take(key);
        Ok(())
    }

    async fn names(&self, place: &str) -> Result<Vec<String>, VaultError> {
        Ok(self.lock().keys().filter(|key| key.place == place).map(|key| key.username.clone()).collect())
    }
}

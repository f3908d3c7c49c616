//! The keychain of the system: Secret Service, Keychain or Credential Manager.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use keyring_core::{CredentialStore, Entry, Error};
use latchkey_api::wire::Secret;

use super::{Vault, VaultError};
use crate::places::AccountKey;

/// The name every entry stands under.
const SERVICE: &str = "latchkey";

/// How long the keychain may take. It may have to ask the person for a password first.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keychain of the system.
///
/// Its calls talk to another program and block, so that they run on threads of their own. The connection is made at
/// the first call and made anew after a failure: a keychain that was started or unlocked later is found.
#[derive(Default)]
pub struct SystemKeychain {
    store: Arc<Mutex<Option<Arc<CredentialStore>>>>,
}

impl SystemKeychain {
    async fn call<T: Send + 'static>(
        &self,
        key: &AccountKey,
        call: impl Fn(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, VaultError> {
        let user = format!("{}@{}", key.username, key.place);
        let label = format!("Latchkey: {} at {}", key.username, key.place);
        self.run(move |store| {
            let modifiers = HashMap::from([("label", label.as_str())]);
            store.build(SERVICE, &user, Some(&modifiers)).and_then(|entry| call(&entry))
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        call: impl Fn(&CredentialStore) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, VaultError> {
        let store = Arc::clone(&self.store);
        let work = tokio::task::spawn_blocking(move || {
            let had_connection = connected(&store).is_some();
            match attempt(&store, &call) {
                // The connection may be older than the keychain's last start.
                Err(Error::PlatformFailure(_)) if had_connection => attempt(&store, &call),
                done => done,
            }
        });
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(explain(&error)),
            Ok(Err(_panicked)) => Err(VaultError::Refused),
            Err(_elapsed) => Err(VaultError::Silent),
        }
    }
}

#[async_trait::async_trait]
impl Vault for SystemKeychain {
    async fn read(&self, key: &AccountKey) -> Result<Option<Secret>, VaultError> {
        let read = |entry: &Entry| match entry.get_password() {
            Ok(token) => Ok(Some(Secret::new(token))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        };
        self.call(key, read).await
    }

    async fn write(&self, key: &AccountKey, token: &Secret) -> Result<(), VaultError> {
        let token = token.clone();
        self.call(key, move |entry| entry.set_password(token.expose())).await
    }

    async fn forget(&self, key: &AccountKey) -> Result<(), VaultError> {
        self.call(key, delete).await
    }

    async fn names(&self, place: &str) -> Result<Vec<String>, VaultError> {
        let end = format!("@{place}");
        self.run(move |store| {
            // Where a system's keychain cannot be searched, nothing is known of what it holds.
            let found = match store.search(&HashMap::from([("service", SERVICE)])) {
                Err(Error::NotSupportedByStore(_)) => Vec::new(),
                found => found?,
            };
            let mut names = Vec::new();
            for entry in found {
                // One that was let go of meanwhile has no attributes.
                let attributes = entry.get_attributes().unwrap_or_default();
                names.extend(attributes.get("username").and_then(|user| user.strip_suffix(&end)).map(str::to_owned));
            }
            Ok(names)
        })
        .await
    }

    /// In one call: one that is waiting for the person to unlock the keychain still runs after nobody waits for it any
    /// more, and may find the token of the next session.
    async fn forget_this(&self, key: &AccountKey, token: &Secret) -> Result<bool, VaultError> {
        let token = token.clone();
        let forget = move |entry: &Entry| match entry.get_password() {
            Ok(other) if Secret::new(other.as_str()) != token => Ok(false),
            Err(Error::NoEntry) => Ok(true),
            Ok(_) => delete(entry).map(|()| true),
            Err(error) => Err(error),
        };
        self.call(key, forget).await
    }
}

fn delete(entry: &Entry) -> Result<(), Error> {
    match entry.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        done => done,
    }
}

type Shared = Mutex<Option<Arc<CredentialStore>>>;

fn connected(store: &Shared) -> Option<Arc<CredentialStore>> {
    store.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn attempt<T>(store: &Shared, call: &impl Fn(&CredentialStore) -> Result<T, Error>) -> Result<T, Error> {
    let connection = connected(store).map_or_else(|| connect_anew(store), Ok)?;
    let done = call(&*connection);
    if matches!(done, Err(Error::PlatformFailure(_) | Error::NoStorageAccess(_))) {
        *store.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
    done
}

fn connect_anew(store: &Shared) -> Result<Arc<CredentialStore>, Error> {
    let fresh = connect().map_err(|error| {
        tracing::debug!(%error, "no connection to the keychain");
        Error::NoDefaultStore
    })?;
    *store.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
    Ok(fresh)
}

/// Held until the first connection of this process was asked for.
static FIRST: AtomicBool = AtomicBool::new(true);

/// The store keyring chooses for this system. keyring connects once in a process and stays with what came of it, so
/// that on Linux, where the connection can be lost and the keychain can start later, the next ones are made here.
fn connect() -> Result<Arc<CredentialStore>, Error> {
    if FIRST.swap(false, Ordering::Relaxed) || cfg!(not(target_os = "linux")) {
        let chosen = keyring::Entry::store_status().as_ref().ok().and_then(|()| keyring_core::get_default_store());
        return chosen.ok_or(Error::NoDefaultStore);
    }
    #[cfg(target_os = "linux")]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
    #[cfg(not(target_os = "linux"))]
    Err(Error::NoDefaultStore)
}

/// The keychain's own words go to the log: they say nothing to the person, and hold no secret.
fn explain(error: &Error) -> VaultError {
    match error {
        Error::NoDefaultStore => VaultError::Absent,
        Error::NoStorageAccess(_) => VaultError::Locked,
        other => {
            // `BadEncoding` and `BadDataFormat` carry the secret; their `Display` does not.
            tracing::warn!(error = %other, "the keychain refused");
            VaultError::Refused
        }
    }
}

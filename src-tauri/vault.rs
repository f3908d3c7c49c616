//! Where session tokens are kept: in the system's keychain, or in memory while there is none. Never in a file. The key
//! the service in this process seals with, those of [snapshots](crate::snapshot), API keys, passphrases and credentials of
//! tools are in the keychain or nowhere.

mod credentials;
mod keychain;
mod keys;
mod memory;
mod sealing;
mod snapshot_keys;
mod tokens;

pub use credentials::Credentials;
pub use keychain::SystemKeychain;
pub use keys::Keys;
pub use memory::Memory;
pub use sealing::KeychainKey;
pub(crate) use snapshot_keys::SnapshotKey;
pub use snapshot_keys::SnapshotKeys;
pub use tokens::Tokens;

use latchkey_api::wire::Secret;

use crate::places::AccountKey;

/// Keeps one session token an account.
#[async_trait::async_trait]
pub trait Vault: Send + Sync {
    /// The token, if one is kept.
    async fn read(&self, key: &AccountKey) -> Result<Option<Secret>, VaultError>;

    /// Keeps a token in place of the one before.
    async fn write(&self, key: &AccountKey, token: &Secret) -> Result<(), VaultError>;

    /// Lets go of the token. That there was none is no error.
    async fn forget(&self, key: &AccountKey) -> Result<(), VaultError>;

    /// The names of what is kept for a place.
    async fn names(&self, place: &str) -> Result<Vec<String>, VaultError>;

    /// Lets go of the token unless it is another one. False if it is, and then it stays.
    async fn forget_this(&self, key: &AccountKey, token: &Secret) -> Result<bool, VaultError> {
        if self.read(key).await?.is_some_and(|other| other != *token) {
            return Ok(false);
        }
        self.forget(key).await.map(|()| true)
    }
}

/// Why the keychain cannot be used, in a sentence for the person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no bus or no secret service on it.
    #[error("This computer has no keychain service that Latchkey can use (Secret Service).")]
    Absent,
    /// It is locked, and was not unlocked.
    #[error("The keychain of this computer is locked.")]
    Locked,
    /// It did not answer in time: a dialog to unlock it may be waiting.
    #[error("The keychain of this computer does not answer. A dialog to unlock it may be waiting for you.")]
    Silent,
    /// It refused.
    #[error("The keychain of this computer refused to work.")]
    Refused,
}

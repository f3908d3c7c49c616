//! What is secret and must be read again is sealed with a key that is not in the database; what must only be recognised
//! is kept as a keyed hash.
//!
//! The keys (256 bits each) come from a [`KeySource`]: a file beside the service's data, or a keychain. The database says
//! which one seals ([`ring`]); the others open what they sealed before. From it one key is derived for each purpose
//! (HMAC-SHA-256 as a pseudo-random function, NIST SP 800-108). Purpose and account are authenticated with what is
//! sealed, so that it cannot be moved to another account; [`format`] says how it is written. Hashes stay as they are when
//! the key changes ([`hashes`]); [`rotation`] is how it does.

mod format;
mod hashes;
mod inventory;
mod key_file;
mod ring;
mod rotation;

use std::{path::PathBuf, sync::Arc};

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_store::AccountId;
use zeroize::Zeroizing;

pub(crate) use self::format::same_secret;
pub(crate) use self::ring::Sealing;
use self::{format::Parts, ring::Ring};
pub use self::{
    inventory::{KeyState, SealedCount, SealingKeySummary, SealingKeys},
    rotation::ResealedValues,
};
use crate::service::Service;

/// A key everything secret is sealed with.
pub type SealingKey = Zeroizing<[u8; 32]>;

/// Why there is no key, in a sentence for the person or administrator who can do something about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub String);

/// Keeps the keys.
#[async_trait::async_trait]
pub trait KeySource: Send + Sync {
    /// All keys, at least one, the newest last. Where there is none and `new` is given, that one is kept and answered; of
    /// several callers all get the same. `new` is given only while nothing has been sealed yet.
    async fn keys(&self, new: Option<SealingKey>) -> Result<Vec<SealingKey>, KeyError>;

    /// Keeps one more key, behind the others. It is on the disk when this returns.
    async fn add(&self, _key: SealingKey) -> Result<(), KeyError> {
        Err(KeyError("The key is kept in a place that has room for one.".into()))
    }

    /// Forgets a key.
    async fn remove(&self, _key: &SealingKey) -> Result<(), KeyError> {
        Err(KeyError("The key is kept in a place that has room for one.".into()))
    }
}

/// Keys in a file that only its owner may read: 64 hexadecimal digits in each line, the newest in the last one.
#[derive(Clone, Debug)]
pub struct KeyFile(pub PathBuf);

/// A key that was made before, for tests.
#[derive(Clone)]
pub struct FixedKey(pub [u8; 32]);

#[async_trait::async_trait]
impl KeySource for FixedKey {
    async fn keys(&self, _: Option<SealingKey>) -> Result<Vec<SealingKey>, KeyError> {
        Ok(vec![Zeroizing::new(self.0)])
    }
}

impl KeyFile {
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&std::path::Path) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, KeyError> {
        let path = self.0.clone();
        let work = move || work(&path).map_err(|why| KeyError(why.to_string()));
        tokio::task::spawn_blocking(work).await.map_err(|error| KeyError(error.to_string()))?
    }
}

#[async_trait::async_trait]
impl KeySource for KeyFile {
    async fn keys(&self, new: Option<SealingKey>) -> Result<Vec<SealingKey>, KeyError> {
        self.work(move |path| key_file::read_or_make(path, new)).await
    }

    async fn add(&self, key: SealingKey) -> Result<(), KeyError> {
        self.work(move |path| key_file::change(path, |keys| keys.push(key))).await
    }

    async fn remove(&self, key: &SealingKey) -> Result<(), KeyError> {
        let gone = key.clone();
        self.work(move |path| key_file::change(path, |keys| keys.retain(|key| **key != *gone))).await
    }
}

impl Service {
    /// Seals a secret of an account.
    pub(crate) async fn seal(&self, purpose: &str, account: AccountId, secret: &[u8]) -> ApiResult<Vec<u8>> {
        let ring = self.fresh_ring().await?;
        format::seal(ring.sealing(), purpose, account, &self.environment().bytes(), secret)
    }

    /// Opens what [`Service::seal`] made for the same purpose and account.
    pub(crate) async fn unseal(
        &self,
        purpose: &str,
        account: AccountId,
        sealed: &[u8],
    ) -> ApiResult<Zeroizing<Vec<u8>>> {
        let ring = self.ring().await?;
        let unreadable = || {
            tracing::error!(purpose, account = %account.0, "a sealed value cannot be opened");
            Problem::new(ErrorCode::SealingUnavailable)
        };
        let parts = Parts::read(sealed).ok_or_else(unreadable)?;
        let ring = match ring.key_of(&parts) {
            Some(_) => ring,
            // Another node seals with a newer key already.
            None => self.read_ring().await?,
        };
        let Some(key) = ring.key_of(&parts) else {
            let mark = ring.mark_of(&parts);
            tracing::error!(purpose, account = %account.0, key = mark, "the key a value was sealed with is missing");
            let detail = format!("The key {mark}, which this was sealed with, is not among the sealing keys here.");
            return Err(Problem::new(ErrorCode::SealingUnavailable).detail(detail));
        };
        format::open(key, purpose, account, &parts).ok_or_else(unreadable)
    }

    /// Whether there is a key.
    pub(crate) async fn sealing_ready(&self) -> ApiResult<()> {
        self.ring().await.map(drop)
    }

    async fn ring(&self) -> ApiResult<Arc<Ring>> {
        match self.shared.sealing.known() {
            Some(ring) => Ok(ring),
            None => self.read_ring().await,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let whole = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    whole.then(|| digits.chunks(2).map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::{Environment, Settings};

    async fn service(folder: &std::path::Path, keys: impl KeySource + 'static) -> Service {
        let environment = Environment { keys: Arc::new(keys), ..Environment::system() };
        Service::open(&folder.join("latchkey.db"), Settings::default(), environment).await.unwrap()
    }

    fn account(id: u128) -> AccountId {
        AccountId(Uuid::from_u128(id))
    }

    #[tokio::test]
    async fn what_is_sealed_opens_for_its_purpose_and_account_alone() {
        let folder = tempfile::tempdir().unwrap();
        let service = service(folder.path(), FixedKey([7; 32])).await;
        let sealed = service.seal("totp", account(1), b"secret").await.unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(&**service.unseal("totp", account(1), &sealed).await.unwrap(), b"secret");
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        for (purpose, owner, bytes) in [
            ("mail", 1, &sealed[..]),
            ("totp", 2, &sealed),
            ("totp", 1, &changed),
            ("totp", 1, &sealed[..20]),
            ("totp", 1, b""),
        ] {
            let refused = service.unseal(purpose, account(owner), bytes).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::SealingUnavailable);
        }
        let hash = service.keyed_hash("backup codes", &[b"a", b"bc"]).await.unwrap();
        assert_ne!(hash, service.keyed_hash("backup codes", &[b"ab", b"c"]).await.unwrap());
        assert_ne!(hash, service.keyed_hash("held names", &[b"a", b"bc"]).await.unwrap());
    }

    #[tokio::test]
    async fn a_key_file_is_made_once_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealing.key");
        let first = service(folder.path(), KeyFile(path.clone())).await;
        let sealed = first.seal("totp", account(1), b"secret").await.unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        first.close().await;
        let again = service(folder.path(), KeyFile(path.clone())).await;
        assert_eq!(&**again.unseal("totp", account(1), &sealed).await.unwrap(), b"secret");
        again.close().await;

        // Gone: no new one takes its place, and the words say which file.
        std::fs::rename(&path, folder.path().join("away")).unwrap();
        let without = service(folder.path(), KeyFile(path.clone())).await;
        let refused = without.unseal("totp", account(1), &sealed).await.unwrap_err();
        assert!(refused.body().detail.as_ref().unwrap().contains("sealing.key is gone"), "{refused}");
        assert!(!path.exists());
        // Put back, it works without a restart.
        std::fs::rename(folder.path().join("away"), &path).unwrap();
        assert!(without.unseal("totp", account(1), &sealed).await.is_ok());
        without.close().await;

        let open_to = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        open_to(0o640);
        let open = service(folder.path(), KeyFile(path.clone())).await;
        let refused = open.unseal("totp", account(1), &sealed).await.unwrap_err();
        assert!(refused.body().detail.as_ref().unwrap().contains("chmod 600"), "{refused}");
        open_to(0o600);
        assert!(open.unseal("totp", account(1), &sealed).await.is_ok(), "closed, it works without a restart");
        open.close().await;

        for (content, words) in [("", "is empty"), ("zz", "hexadecimal"), (&"0".repeat(63)[..], "hexadecimal")] {
            std::fs::write(&path, content).unwrap();
            let broken = service(folder.path(), KeyFile(path.clone())).await;
            let refused = broken.seal("totp", account(1), b"x").await.unwrap_err();
            assert!(refused.body().detail.as_ref().unwrap().contains(words), "{refused}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_that_need_the_first_key_at_once_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let service = service(folder.path(), KeyFile(folder.path().join("sealing.key"))).await;
        let sealing = (1..=32).map(|id| {
            let service = service.clone();
            tokio::spawn(async move { (id, service.seal("totp", account(id), b"secret").await) })
        });
        for sealed in sealing.collect::<Vec<_>>() {
            let (id, sealed) = sealed.await.unwrap();
            assert_eq!(&**service.unseal("totp", account(id), &sealed.unwrap()).await.unwrap(), b"secret");
        }
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".new")), "{left:?}");
    }

    #[tokio::test]
    async fn another_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let first = service(folder.path(), FixedKey([1; 32])).await;
        first.seal("totp", account(1), b"secret").await.unwrap();
        let second = service(folder.path(), FixedKey([2; 32])).await;
        let refused = second.seal("totp", account(1), b"secret").await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SealingUnavailable);
    }
}

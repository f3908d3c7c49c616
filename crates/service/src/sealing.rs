//! What is secret and must be read again is sealed with a key that is not in the database; what must only be recognised
//! is kept as a keyed hash.
//!
//! The one key (256 bits) comes from a [`KeySource`]: a file beside the service's data, or a keychain. From it one key is
//! derived for each purpose (HMAC-SHA-256 as a pseudo-random function, NIST SP 800-108). Sealing is XChaCha20-Poly1305
//! with a random nonce; purpose and account are authenticated with it, so that a sealed value cannot be moved to another
//! account. A sealed value is `1` (the version), 24 bytes of nonce, and the ciphertext with its tag.

mod key_file;

use std::path::PathBuf;

use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use hmac::{Hmac, Mac};
use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_store::AccountId;
use sha2::Sha256;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use crate::{error::problem, service::Service};

/// The key everything secret is sealed with.
pub type SealingKey = Zeroizing<[u8; 32]>;

/// Why there is no key, in a sentence for the person or administrator who can do something about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub String);

/// Keeps the key.
#[async_trait::async_trait]
pub trait KeySource: Send + Sync {
    /// The key. Where there is none and `new` is given, that one is kept and answered; of several callers all get the
    /// same. `new` is given only while nothing has been sealed yet.
    async fn key(&self, new: Option<SealingKey>) -> Result<SealingKey, KeyError>;
}

/// The key in a file that only its owner may read: 64 hexadecimal digits.
#[derive(Clone, Debug)]
pub struct KeyFile(pub PathBuf);

/// A key that was made before, for tests.
#[derive(Clone)]
pub struct FixedKey(pub [u8; 32]);

#[async_trait::async_trait]
impl KeySource for FixedKey {
    async fn key(&self, _: Option<SealingKey>) -> Result<SealingKey, KeyError> {
        Ok(Zeroizing::new(self.0))
    }
}

#[async_trait::async_trait]
impl KeySource for KeyFile {
    async fn key(&self, new: Option<SealingKey>) -> Result<SealingKey, KeyError> {
        let path = self.0.clone();
        let work = move || key_file::read_or_make(&path, new).map_err(|why| KeyError(why.to_string()));
        tokio::task::spawn_blocking(work).await.map_err(|error| KeyError(error.to_string()))?
    }
}

/// The name of the setting that tells which key this database is sealed with.
const MARK: &str = "sealing_key";

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// The key, once it was needed.
#[derive(Default)]
pub(crate) struct Sealing(OnceCell<SealingKey>);

impl Service {
    /// Seals a secret of an account.
    pub(crate) async fn seal(&self, purpose: &str, account: AccountId, secret: &[u8]) -> ApiResult<Vec<u8>> {
        let cipher = XChaCha20Poly1305::new(&(*derive(self.sealing_key().await?, purpose)).into());
        let nonce: [u8; NONCE] = self.environment().bytes();
        let bound = bound_to(purpose, account);
        let sealed = cipher.encrypt(&nonce.into(), Payload { msg: secret, aad: &bound });
        let sealed = sealed.map_err(|_| Problem::internal("sealing failed"))?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what [`Service::seal`] made for the same purpose and account.
    pub(crate) async fn unseal(
        &self,
        purpose: &str,
        account: AccountId,
        sealed: &[u8],
    ) -> ApiResult<Zeroizing<Vec<u8>>> {
        let cipher = XChaCha20Poly1305::new(&(*derive(self.sealing_key().await?, purpose)).into());
        let bound = bound_to(purpose, account);
        let opened = sealed
            .strip_prefix(&[VERSION])
            .and_then(|rest| rest.split_first_chunk::<NONCE>())
            .and_then(|(nonce, sealed)| cipher.decrypt(&(*nonce).into(), Payload { msg: sealed, aad: &bound }).ok());
        opened.map(Zeroizing::new).ok_or_else(|| {
            tracing::error!(purpose, account = %account.0, "a sealed value cannot be opened");
            Problem::new(ErrorCode::SealingUnavailable)
        })
    }

    /// A hash nobody can recompute, or guess from, without the key (HMAC-SHA-256).
    pub(crate) async fn keyed_hash(&self, purpose: &str, parts: &[&[u8]]) -> ApiResult<[u8; 32]> {
        let key = derive(self.sealing_key().await?, purpose);
        Ok(hmac(&*key, parts))
    }

    /// Whether there is a key.
    pub(crate) async fn sealing_ready(&self) -> ApiResult<()> {
        self.sealing_key().await.map(drop)
    }

    /// Whether anything in this database was ever sealed.
    pub(crate) async fn ever_sealed(&self) -> ApiResult<bool> {
        Ok(self.store().get_setting(MARK).await.map_err(problem)?.is_some())
    }

    /// The key. The first call that seals anything in this database decides which one it is; another one is refused
    /// from then on, instead of sealing half of the data with it.
    async fn sealing_key(&self) -> ApiResult<&SealingKey> {
        self.shared.sealing.0.get_or_try_init(async || self.find_sealing_key().await).await
    }

    async fn find_sealing_key(&self) -> ApiResult<SealingKey> {
        let known = self.store().get_setting(MARK).await.map_err(problem)?;
        let new = known.is_none().then(|| Zeroizing::new(self.environment().bytes()));
        let key = self.environment().keys.key(new).await.map_err(|error| {
            tracing::error!(%error, "there is no key to seal with");
            Problem::new(ErrorCode::SealingUnavailable).detail(error)
        })?;
        let mark = hex(&derive(&key, "mark")[..8]);
        if self.store().put_setting_if_absent(MARK, &mark).await.map_err(problem)? == mark {
            return Ok(key);
        }
        tracing::error!("the key is not the one this database was sealed with");
        let detail = "The key is not the one the account data was sealed with.";
        Err(Problem::new(ErrorCode::SealingUnavailable).detail(detail))
    }
}

fn derive(key: &SealingKey, purpose: &str) -> SealingKey {
    Zeroizing::new(hmac(&**key, &[b"latchkey", purpose.as_bytes()]))
}

/// Each part with its length, so that no two lists of parts read alike.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn bound_to(purpose: &str, account: AccountId) -> Vec<u8> {
    [purpose.as_bytes(), b"\0", account.0.as_bytes()].concat()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
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
        let hash = service.keyed_hash("codes", &[b"a", b"bc"]).await.unwrap();
        assert_ne!(hash, service.keyed_hash("codes", &[b"ab", b"c"]).await.unwrap());
        assert_ne!(hash, service.keyed_hash("names", &[b"a", b"bc"]).await.unwrap());
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

        for (content, words) in [("", "is empty"), ("zz", "hexadecimal"), (&"0".repeat(63)[..], "hexadecimal")] {
            std::fs::write(&path, content).unwrap();
            let broken = service(folder.path(), KeyFile(path.clone())).await;
            let refused = broken.seal("totp", account(1), b"x").await.unwrap_err();
            assert!(refused.body().detail.as_ref().unwrap().contains(words), "{refused}");
        }
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

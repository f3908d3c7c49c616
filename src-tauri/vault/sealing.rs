//! The key the service in this process seals with. It is in the system's keychain, and nowhere else.

use std::sync::Arc;

use latchkey_api::wire::Secret;
use latchkey_service::{KeyError, KeySource, SealingKey};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::{Vault, VaultError};
use crate::places::{AccountKey, LOCAL};

/// The name of the entry. No user name has a space in it.
const ENTRY: &str = "sealing key";

/// The sealing key in a keychain. Nothing is asked before something has to be sealed or opened.
pub struct KeychainKey {
    keychain: Arc<dyn Vault>,
    /// Of two callers who find no key, the second waits for what the first one keeps.
    one_at_a_time: Mutex<()>,
}

impl KeychainKey {
    /// The key in this keychain.
    pub fn new(keychain: Arc<dyn Vault>) -> Self {
        Self { keychain, one_at_a_time: Mutex::default() }
    }

    async fn read(&self) -> Result<Option<SealingKey>, KeyError> {
        match self.keychain.read(&entry()).await.map_err(|error| explain(&error))? {
            Some(text) => parse(&text).map(Some).ok_or_else(damaged),
            None => Ok(None),
        }
    }
}

#[async_trait::async_trait]
impl KeySource for KeychainKey {
    async fn keys(&self, new: Option<SealingKey>) -> Result<Vec<SealingKey>, KeyError> {
        let _alone = self.one_at_a_time.lock().await;
        if let Some(key) = self.read().await? {
            return Ok(vec![key]);
        }
        let new = new.ok_or_else(gone)?;
        self.keychain.write(&entry(), &text(&new)).await.map_err(|error| explain(&error))?;
        // What cannot be read again must not seal anything.
        self.read().await?.filter(|kept| **kept == *new).map(|key| vec![key]).ok_or_else(damaged)
    }
}

fn entry() -> AccountKey {
    AccountKey { place: LOCAL.into(), username: ENTRY.into() }
}

/// 64 hexadecimal digits.
pub(super) fn text(key: &SealingKey) -> Secret {
    use std::fmt::Write;
    Secret::new(key.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

pub(super) fn parse(text: &Secret) -> Option<SealingKey> {
    let digits = text.expose().as_bytes();
    let mut key = Zeroizing::new([0; 32]);
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        let [high, low] = [pair[0], pair[1]].map(|digit| char::from(digit).to_digit(16));
        *byte = u8::try_from(high? << 4 | low?).ok()?;
    }
    Some(key)
}

fn explain(error: &VaultError) -> KeyError {
    let advice = match error {
        VaultError::Absent | VaultError::Refused => {
            "Secrets of your account on this computer are sealed with a key in it."
        }
        VaultError::Locked | VaultError::Silent => "Unlock it and try again.",
    };
    KeyError(format!("{error} {advice}"))
}

fn gone() -> KeyError {
    KeyError(
        "The keychain of this computer has no key of Latchkey any more. What was sealed with it cannot be read.".into(),
    )
}

fn damaged() -> KeyError {
    KeyError("The key of Latchkey in the keychain of this computer is damaged.".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Memory;

    struct Broken(VaultError);

    #[async_trait::async_trait]
    impl Vault for Broken {
        async fn read(&self, _: &AccountKey) -> Result<Option<Secret>, VaultError> {
            Err(self.0.clone())
        }

        async fn write(&self, _: &AccountKey, _: &Secret) -> Result<(), VaultError> {
            Err(self.0.clone())
        }

        async fn forget(&self, _: &AccountKey) -> Result<(), VaultError> {
            Err(self.0.clone())
        }

        async fn names(&self, _: &str) -> Result<Vec<String>, VaultError> {
            Err(self.0.clone())
        }
    }

    fn new(byte: u8) -> SealingKey {
        Zeroizing::new([byte; 32])
    }

    #[tokio::test]
    async fn a_key_is_made_once_and_only_where_nothing_was_sealed_yet() {
        let keychain = Arc::new(Memory::default());
        let keys = KeychainKey::new(keychain.clone());
        assert!(keys.keys(None).await.unwrap_err().0.contains("no key of Latchkey any more"));
        assert_eq!(keychain.read(&entry()).await, Ok(None));
        let (one, two) = tokio::join!(keys.keys(Some(new(0xa5))), keys.keys(Some(new(7))));
        assert_eq!(*one.unwrap()[0], [0xa5; 32]);
        assert_eq!(*two.unwrap()[0], [0xa5; 32]);
        assert_eq!(*KeychainKey::new(keychain).keys(None).await.unwrap()[0], [0xa5; 32]);
    }

    #[tokio::test]
    async fn what_is_no_key_is_neither_used_nor_written_over() {
        let keychain = Arc::new(Memory::default());
        for text in ["", "zz", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            keychain.write(&entry(), &Secret::new(text)).await.unwrap();
            let refused = KeychainKey::new(keychain.clone()).keys(Some(new(1))).await.unwrap_err();
            assert!(refused.0.contains("damaged"), "{text}");
            assert_eq!(keychain.read(&entry()).await, Ok(Some(Secret::new(text))));
        }
    }

    #[tokio::test]
    async fn a_keychain_that_does_not_work_says_what_to_do() {
        for (trouble, words) in [
            (VaultError::Absent, "Secrets of your account on this computer are sealed with a key in it."),
            (VaultError::Locked, "locked. Unlock it and try again."),
        ] {
            let refused = KeychainKey::new(Arc::new(Broken(trouble))).keys(Some(new(1))).await.unwrap_err();
            assert!(refused.0.ends_with(words), "{refused}");
        }
    }
}

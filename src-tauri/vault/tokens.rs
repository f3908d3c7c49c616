//! The keychain first, memory where it fails.

use std::sync::{Arc, Mutex, PoisonError};

use latchkey_api::{desktop::Keychain, wire::Secret};

use tokio::sync::Mutex as AsyncMutex;

use super::{Memory, Vault, VaultError, credentials::forget_credentials};
use crate::places::AccountKey;

/// The session tokens of this computer.
///
/// A token the keychain does not take is kept in memory, and offered to the keychain again at every later use.
pub struct Tokens {
    keychain: Arc<dyn Vault>,
    memory: Memory,
    trouble: Mutex<Option<VaultError>>,
    /// Held by whatever changes a token: none is written between the look at the one before and its end.
    one_at_a_time: AsyncMutex<()>,
}

impl Tokens {
    /// Tokens in a keychain.
    pub fn new(keychain: Arc<dyn Vault>) -> Self {
        Self { keychain, memory: Memory::default(), trouble: Mutex::default(), one_at_a_time: AsyncMutex::default() }
    }

    /// Whether the keychain worked when it was used last, and if not, why.
    pub fn status(&self) -> Keychain {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        Keychain { available: trouble.is_none(), detail: trouble.as_ref().map(ToString::to_string) }
    }

    /// Asks the keychain for nothing in particular, so that [`Tokens::status`] is true before anybody signs in.
    pub async fn probe(&self) {
        let nobody = AccountKey { place: "probe".into(), username: "nobody".into() };
        let asked = self.keychain.read(&nobody).await;
        self.note(&asked);
    }

    /// Looks whether a keychain that was absent is there by now, and gives it what is in memory. True if
    /// [`Tokens::status`] changed.
    ///
    /// A locked one is left alone: asking it again would ask the person again.
    pub async fn look_again(&self) -> bool {
        if !self.is_absent() {
            return false;
        }
        if self.memory.all().is_empty() {
            self.probe().await;
        } else {
            self.move_to_keychain().await;
        }
        !self.is_absent()
    }

    /// The token of an account. An error means that the keychain may hold one and cannot say.
    pub async fn read(&self, key: &AccountKey) -> Result<Option<Secret>, VaultError> {
        if let Ok(Some(token)) = self.memory.read(key).await {
            self.move_to_keychain().await;
            return Ok(Some(token));
        }
        let read = self.keychain.read(key).await;
        self.note(&read);
        read
    }

    /// Keeps a token, in memory if need be.
    pub async fn write(&self, key: &AccountKey, token: &Secret) {
        let alone = self.one_at_a_time.lock().await;
        let written = self.keychain.write(key, token).await;
        self.note(&written);
        if written.is_ok() {
            self.memory.take(key);
            drop(alone);
            self.move_to_keychain().await;
        } else if let Err(never) = self.memory.write(key, token).await {
            tracing::error!(error = %never, "a token cannot be kept");
        }
    }

    /// Does what has to do with an account, an entry of the keychain say, while nobody lets go of its token. `None` where
    /// there is no token any more: then it is not done. A keychain that cannot say keeps nobody from it.
    pub async fn while_kept<T>(&self, key: &AccountKey, act: impl Future<Output = T>) -> Option<T> {
        let _alone = self.one_at_a_time.lock().await;
        if !matches!(self.memory.read(key).await, Ok(Some(_))) && self.keychain.read(key).await == Ok(None) {
            return None;
        }
        Some(act.await)
    }

    /// Does something while nobody lets go of a token, without asking the keychain for anything.
    pub async fn while_nobody_leaves<T>(&self, act: impl Future<Output = T>) -> T {
        let _alone = self.one_at_a_time.lock().await;
        act.await
    }

    /// Lets go of the token of an account, of its API key, of the key of its snapshot, and of the credentials of its tools.
    pub async fn forget(&self, key: &AccountKey) {
        let _alone = self.one_at_a_time.lock().await;
        self.memory.take(key);
        let (api_key, snapshot) = (key.api_key(), key.snapshot_key());
        let (forgotten, _, _) =
            tokio::join!(self.keychain.forget(key), self.keychain.forget(&api_key), self.keychain.forget(&snapshot));
        self.note(&forgotten);
        if forgotten.is_ok() {
            forget_credentials(&*self.keychain, key).await;
        }
    }

    /// Lets go of a token that the service refused, of what goes with it as in [`Tokens::forget`], and of what else does
    /// before another token is written. False if another one took its place meanwhile, which stays.
    pub async fn forget_this(&self, key: &AccountKey, token: &Secret, let_go: impl FnOnce()) -> bool {
        let _alone = self.one_at_a_time.lock().await;
        let forgotten = match self.memory.read(key).await {
            Ok(Some(other)) if other != *token => return false,
            // What the keychain holds then is older.
            Ok(Some(_)) => self.keychain.forget(key).await.map(|()| true),
            _ => self.keychain.forget_this(key, token).await,
        };
        self.note(&forgotten);
        if forgotten == Ok(false) {
            return false;
        }
        // What did not answer once is not waited for a second time.
        if forgotten.is_ok() {
            let _ = self.keychain.forget(&key.api_key()).await;
            let _ = self.keychain.forget(&key.snapshot_key()).await;
            forget_credentials(&*self.keychain, key).await;
        }
        self.memory.take(key);
        let_go();
        true
    }

    async fn move_to_keychain(&self) {
        let _alone = self.one_at_a_time.lock().await;
        for (key, token) in self.memory.all() {
            let written = self.keychain.write(&key, &token).await;
            self.note(&written);
            if written.is_err() {
                return;
            }
            self.memory.take(&key);
        }
    }

    fn is_absent(&self) -> bool {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) == Some(VaultError::Absent)
    }

    fn note<T>(&self, done: &Result<T, VaultError>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = done.as_ref().err().cloned();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// A keychain that can be taken away.
    #[derive(Default)]
    struct Fickle {
        inner: Memory,
        gone: AtomicBool,
    }

    impl Fickle {
        fn check(&self) -> Result<(), VaultError> {
            if self.gone.load(Ordering::SeqCst) { Err(VaultError::Absent) } else { Ok(()) }
        }
    }

    #[async_trait::async_trait]
    impl Vault for Fickle {
        async fn read(&self, key: &AccountKey) -> Result<Option<Secret>, VaultError> {
            self.check()?;
            self.inner.read(key).await
        }

        async fn write(&self, key: &AccountKey, token: &Secret) -> Result<(), VaultError> {
            self.check()?;
            self.inner.write(key, token).await
        }

        async fn forget(&self, key: &AccountKey) -> Result<(), VaultError> {
            self.check()?;
            self.inner.forget(key).await
        }

        async fn names(&self, place: &str) -> Result<Vec<String>, VaultError> {
            self.check()?;
            self.inner.names(place).await
        }
    }

    fn ada() -> AccountKey {
        AccountKey { place: "local".into(), username: "ada".into() }
    }

    #[tokio::test]
    async fn a_token_goes_to_the_keychain_and_not_to_memory() {
        let keychain = Arc::new(Fickle::default());
        let tokens = Tokens::new(keychain.clone());
        tokens.probe().await;
        assert!(tokens.status().available);
        tokens.write(&ada(), &Secret::new("lks_1")).await;
        assert_eq!(keychain.read(&ada()).await, Ok(Some(Secret::new("lks_1"))));
        assert!(tokens.memory.all().is_empty());
        tokens.forget(&ada()).await;
        assert_eq!(keychain.read(&ada()).await, Ok(None));
    }

    #[tokio::test]
    async fn without_a_keychain_tokens_end_with_the_app_and_that_is_said() {
        let keychain = Arc::new(Fickle::default());
        keychain.gone.store(true, Ordering::SeqCst);
        let tokens = Tokens::new(keychain.clone());
        tokens.probe().await;
        let status = tokens.status();
        assert!(!status.available && status.detail.unwrap().ends_with('.'));
        tokens.write(&ada(), &Secret::new("lks_1")).await;
        assert_eq!(tokens.read(&ada()).await, Ok(Some(Secret::new("lks_1"))));
        assert_eq!(Tokens::new(keychain).read(&ada()).await, Err(VaultError::Absent));
    }

    #[tokio::test]
    async fn a_keychain_that_comes_back_takes_over() {
        let keychain = Arc::new(Fickle::default());
        keychain.gone.store(true, Ordering::SeqCst);
        let tokens = Tokens::new(keychain.clone());
        tokens.write(&ada(), &Secret::new("lks_1")).await;
        keychain.gone.store(false, Ordering::SeqCst);
        tokens.read(&ada()).await.unwrap();
        assert!(tokens.status().available);
        assert!(tokens.memory.all().is_empty());
        assert_eq!(keychain.read(&ada()).await, Ok(Some(Secret::new("lks_1"))));
    }

    #[tokio::test]
    async fn an_older_token_in_the_keychain_goes_with_the_refused_one_in_memory() {
        let keychain = Arc::new(Fickle::default());
        let tokens = Tokens::new(keychain.clone());
        tokens.write(&ada(), &Secret::new("lks_1")).await;
        keychain.gone.store(true, Ordering::SeqCst);
        tokens.write(&ada(), &Secret::new("lks_2")).await;
        keychain.gone.store(false, Ordering::SeqCst);
        assert!(tokens.forget_this(&ada(), &Secret::new("lks_2"), || ()).await);
        assert_eq!(tokens.read(&ada()).await, Ok(None));
    }

    #[tokio::test]
    async fn a_refused_token_does_not_take_its_successor_along() {
        let tokens = Tokens::new(Arc::new(Fickle::default()));
        tokens.write(&ada(), &Secret::new("lks_2")).await;
        assert!(!tokens.forget_this(&ada(), &Secret::new("lks_1"), || panic!("another one is there")).await);
        assert_eq!(tokens.read(&ada()).await, Ok(Some(Secret::new("lks_2"))));
        let mut let_go = false;
        assert!(tokens.forget_this(&ada(), &Secret::new("lks_2"), || let_go = true).await);
        assert_eq!((tokens.read(&ada()).await, let_go), (Ok(None), true));
    }

    #[tokio::test]
    async fn the_api_key_goes_with_the_token_and_not_with_an_older_one() {
        let keychain = Arc::new(Fickle::default());
        let (tokens, keys) = (Tokens::new(keychain.clone()), crate::vault::Keys::new(keychain));
        let holds = async || keys.api_key(&ada()).await.is_some();
        for refused in [false, true] {
            tokens.write(&ada(), &Secret::new("lks_2")).await;
            assert!(keys.keep_api_key(&ada(), &Secret::new("lk_1")).await);
            tokens.forget_this(&ada(), &Secret::new("lks_1"), || ()).await;
            assert!(holds().await);
            if refused {
                tokens.forget_this(&ada(), &Secret::new("lks_2"), || ()).await;
            } else {
                tokens.forget(&ada()).await;
            }
            assert!(!holds().await);
        }
    }
}

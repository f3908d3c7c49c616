//! Hashing passwords: Argon2id off the async threads, on a bounded pool.
//!
//! The cost is OWASP's first choice (19 MiB, 2 passes, 1 lane): about 20 ms on a server core. The hash carries its
//! parameters (PHC string), so that raising the cost re-hashes each password at its next sign-in.

use std::{sync::Arc, time::Instant};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use latchkey_api::{
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_figures::{Counter, Histogram};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{environment::Environment, error::internal, figures::HashFigures};

/// Longest password in bytes; hashing a longer one would be work for nothing.
pub(crate) const MAX_BYTES: usize = 1024;

/// Callers that may wait for the pool. The next one is told to come back: memory and patience are bounded.
const QUEUE: usize = 128;

/// Bounds of the times that are told apart, in microseconds.
const TIMES: &[u64] =
    &[5_000, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000, 150_000, 250_000, 500_000, 1_000_000, 2_500_000];

/// What hashing a password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

/// A password within the length limit. It can be hashed and compared, and nothing else.
pub(crate) struct Password(Zeroizing<String>);

impl Password {
    /// `None` when it is longer than [`MAX_BYTES`]. Keyboards differ in how they compose letters: the password is
    /// normalised (NFC, as RFC 8265 section 4.2 asks).
    pub(crate) fn new(secret: &Secret) -> Option<Self> {
        (secret.expose().len() <= MAX_BYTES).then(|| Self(Zeroizing::new(secret.expose().nfc().collect())))
    }

    /// The text, for the strength rules.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// What comparing a password with a hash said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is another password.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and its hash was made at another cost.
    RightButOutdated,
}

/// The pool.
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    cost: HashCost,
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    limit: usize,
    refused: Counter,
    took: Arc<Histogram>,
    /// Compared with when there is no such account, so that the answer takes as long.
    decoy: String,
}

impl Hasher {
    pub(crate) fn new(cost: HashCost, environment: &Environment) -> Result<Self, argon2::Error> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Any hash of this cost will do: nobody knows the password it is of.
        let decoy = hash(&argon2, &environment.bytes::<32>(), &environment.bytes())
            .map_err(|_| argon2::Error::OutputTooShort)?;
        Ok(Self {
            argon2,
            cost,
            cores: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(QUEUE)),
            limit: cores,
            refused: Counter::default(),
            took: Arc::new(Histogram::new(TIMES)),
            decoy,
        })
    }

    /// What to show of the pool now.
    pub(crate) fn figures(&self) -> HashFigures {
        let running = self.limit.saturating_sub(self.cores.available_permits());
        let inside = QUEUE.saturating_sub(self.queue.available_permits());
        HashFigures {
            limit: self.limit as u64,
            running: running as u64,
            waiting: inside.saturating_sub(running) as u64,
            refused: self.refused.get(),
            took: self.took.distribution(),
        }
    }

    /// A PHC string for a new password.
    pub(crate) async fn hash(&self, password: Password, environment: &Environment) -> ApiResult<String> {
        let (argon2, salt) = (self.argon2.clone(), environment.bytes());
        self.run(move || hash(&argon2, password.0.as_bytes(), &salt)).await?.map_err(|error| internal(&error))
    }

    /// Compares a password with a PHC string; `None` does the same work in vain and answers [`Verdict::Wrong`].
    pub(crate) async fn verify(&self, password: Password, phc: Option<String>) -> ApiResult<Verdict> {
        let (argon2, cost) = (self.argon2.clone(), self.cost);
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.decoy.clone());
        let verdict = self.run(move || verify(&argon2, cost, &password, &phc)).await?;
        Ok(if known { verdict.map_err(|error| internal(&error))? } else { Verdict::Wrong })
    }

    /// Runs work on the pool. Answers `busy` when too many wait already.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
        let full = || Problem::new(ErrorCode::Busy).retry_after(2);
        let place = self.queue.clone().try_acquire_owned().map_err(|_| {
            self.refused.count();
            full()
        })?;
        let core = self.cores.clone().acquire_owned().await.map_err(|_| full())?;
        let (span, took) = (tracing::Span::current(), Arc::clone(&self.took));
        // The permits move along: a caller who gave up does not free a core that still works.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, core);
            let begun = Instant::now();
            let done = span.in_scope(work);
            took.observe(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
            done
        });
        done.await.map_err(|error| internal(&error))
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, argon2::password_hash::Error> {
    let hash: PasswordHash = argon2.hash_password_with_salt(password, salt)?;
    Ok(hash.to_string())
}

fn verify(
    argon2: &Argon2<'_>,
    cost: HashCost,
    password: &Password,
    phc: &str,
) -> Result<Verdict, argon2::password_hash::Error> {
    use argon2::password_hash::Error;
    let hash = PasswordHash::new(phc).map_err(|_| Error::Internal)?;
    match argon2.verify_password(password.0.as_bytes(), &hash) {
        Ok(()) => {}
        Err(Error::PasswordInvalid) => return Ok(Verdict::Wrong),
        Err(error) => return Err(error),
    }
    let params = Params::try_from(&hash).map_err(|_| Error::Internal)?;
    let current = (params.m_cost(), params.t_cost(), params.p_cost()) == (cost.memory_kib, cost.passes, cost.lanes);
    Ok(if current { Verdict::Right } else { Verdict::RightButOutdated })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(passes: u32) -> Hasher {
        Hasher::new(HashCost { memory_kib: 64, passes, lanes: 1 }, &Environment::system()).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::new(&Secret::new(text)).unwrap()
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_its_cost() {
        let (old, new) = (hasher(1), hasher(2));
        let phc = old.hash(password("tea at four"), &Environment::system()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{phc}");
        assert_eq!(old.verify(password("tea at four"), Some(phc.clone())).await, Ok(Verdict::Right));
        assert_eq!(old.verify(password("tea at five"), Some(phc.clone())).await, Ok(Verdict::Wrong));
        assert_eq!(new.verify(password("tea at four"), Some(phc)).await, Ok(Verdict::RightButOutdated));
        assert_eq!(new.verify(password("tea at four"), None).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn composed_and_decomposed_letters_are_one_password() {
        let hasher = hasher(1);
        let phc = hasher.hash(password("caf\u{e9} au lait"), &Environment::system()).await.unwrap();
        assert_eq!(hasher.verify(password("cafe\u{301} au lait"), Some(phc)).await, Ok(Verdict::Right));
    }

    #[test]
    fn an_endless_password_is_refused() {
        assert!(Password::new(&Secret::new("x".repeat(MAX_BYTES))).is_some());
        assert!(Password::new(&Secret::new("x".repeat(MAX_BYTES + 1))).is_none());
    }

    #[tokio::test]
    async fn a_full_queue_says_so() {
        let hasher = hasher(1);
        let _taken = hasher.queue.clone().try_acquire_many_owned(u32::try_from(QUEUE).unwrap()).unwrap();
        let refused = hasher.verify(password("x"), None).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Busy);
    }
}

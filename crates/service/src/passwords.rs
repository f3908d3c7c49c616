//! Hashing passwords: Argon2id off the async threads, on a bounded pool.
//!
//! The cost is OWASP's first choice (19 MiB, 2 passes, 1 lane): about 20 ms on a server core. The hash carries its
//! parameters (PHC string), so that raising the cost re-hashes each password at its next sign-in.

use std::{sync::Arc, time::Instant};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use latchkey_api::{
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_figures::{Counter, Histogram};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{
    environment::Environment,
    error::internal,
    figures::HashFigures,
    hash_pool::{HashPool, Memory},
};

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

/// Hashes and compares passwords.
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    cost: HashCost,
    pool: HashPool,
    queue: Arc<Semaphore>,
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
        // A hash of no password that anybody knows: made up, which no password has to be hashed for.
        let decoy = phc(&argon2, &environment.bytes(), &environment.bytes::<LENGTH>());
        let decoy = decoy.map_err(|_| argon2::Error::OutputTooShort)?;
        Ok(Self {
            argon2,
            cost,
            pool: HashPool::new(cores),
            queue: Arc::new(Semaphore::new(QUEUE)),
            refused: Counter::default(),
            took: Arc::new(Histogram::new(TIMES)),
            decoy,
        })
    }

    /// What to show of the pool now.
    pub(crate) fn figures(&self) -> HashFigures {
        let load = self.pool.load();
        HashFigures {
            limit: load.threads as u64,
            running: load.working as u64,
            waiting: load.waiting as u64,
            refused: self.refused.get(),
            took: self.took.distribution(),
        }
    }

    /// A PHC string for a new password.
    pub(crate) async fn hash(&self, password: Password, environment: &Environment) -> ApiResult<String> {
        let (argon2, salt) = (self.argon2.clone(), environment.bytes());
        let hashed = self.on_pool(move |memory| hash(&argon2, password.0.as_bytes(), &salt, memory)).await?;
        hashed.map_err(|error| internal(&error))
    }

    /// Compares a password with a PHC string; `None` does the same work in vain and answers [`Verdict::Wrong`].
    pub(crate) async fn verify(&self, password: Password, phc: Option<String>) -> ApiResult<Verdict> {
        let cost = self.cost;
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.decoy.clone());
        let verdict = self.on_pool(move |memory| verify(cost, &password, &phc, memory)).await?;
        Ok(if known { verdict.map_err(|error| internal(&error))? } else { Verdict::Wrong })
    }

    /// Runs other work that takes as long, in the same line. Answers `busy` when too many wait already.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
        self.on_pool(|_| work()).await
    }

    async fn on_pool<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> ApiResult<T> {
        let full = || Problem::new(ErrorCode::Busy).retry_after(2);
        let place = self.queue.clone().try_acquire_owned().map_err(|_| {
            self.refused.count();
            full()
        })?;
        let (span, took) = (tracing::Span::current(), Arc::clone(&self.took));
        // The permit moves along: a caller who gave up does not free a place that is still taken.
        let done = self.pool.run(move |memory| {
            let _held = place;
            let begun = Instant::now();
            let done = span.in_scope(|| work(memory));
            took.observe(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
            done
        });
        done.await.ok_or_else(|| internal(&std::io::Error::other("work on a password ended without an answer")))
    }
}

type Hashed<T> = Result<T, argon2::password_hash::Error>;

/// Bytes of a hash.
const LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

fn hash(argon2: &Argon2<'_>, password: &[u8], salt: &[u8; 16], memory: &mut Memory) -> Hashed<String> {
    let mut output = [0; LENGTH];
    hash_into(argon2, password, salt, &mut output, memory)?;
    phc(argon2, salt, &output)
}

/// The PHC string of a hash.
fn phc(argon2: &Argon2<'_>, salt: &[u8; 16], output: &[u8; LENGTH]) -> Hashed<String> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(output)?),
    };
    Ok(hash.to_string())
}

fn verify(cost: HashCost, password: &Password, phc: &str, memory: &mut Memory) -> Hashed<Verdict> {
    use argon2::password_hash::Error;
    let hash = PasswordHash::new(phc).map_err(|_| Error::Internal)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Err(Error::Internal) };
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from)?;
    let params = Params::try_from(&hash).map_err(|_| Error::Internal)?;
    let current = (params.m_cost(), params.t_cost(), params.p_cost()) == (cost.memory_kib, cost.passes, cost.lanes);
    let argon2 = Argon2::new(Algorithm::try_from(hash.algorithm.as_str())?, version, params);
    let mut buffer = [0; Output::MAX_LENGTH];
    let output = buffer.get_mut(..expected.len()).ok_or(Error::Internal)?;
    hash_into(&argon2, password.0.as_bytes(), salt, output, memory)?;
    // `Output` compares in constant time.
    if Output::new(output)? != *expected {
        return Ok(Verdict::Wrong);
    }
    Ok(if current { Verdict::Right } else { Verdict::RightButOutdated })
}

/// Argon2 in memory that was used before: what lies in it is written over before it is read. Blocks are read from all over
/// it, so the system is asked for large pages, whose addresses a core keeps in mind: it takes a tenth less.
fn hash_into(argon2: &Argon2<'_>, password: &[u8], salt: &[u8], output: &mut [u8], memory: &mut Memory) -> Hashed<()> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        // Asked before the pages are touched, which is when they are handed out.
        *memory = Memory::with_capacity(blocks);
        let room = memory.spare_capacity_mut();
        kevy_madvise::advise_hugepage(room.as_ptr().cast(), size_of_val(room));
        memory.resize(blocks, Block::new());
    }
    let memory = memory.get_mut(..blocks).ok_or(argon2::password_hash::Error::Internal)?;
    Ok(argon2.hash_password_into_with_memory(password, salt, output, memory)?)
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
    fn memory_that_was_used_before_gives_the_same_hashes() {
        use argon2::PasswordVerifier;
        let mut memory = Memory::new();
        for (memory_kib, passes) in [(64, 2), (128, 1), (32, 3), (64, 2)] {
            let argon2 =
                Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory_kib, passes, 1, None).unwrap());
            let phc = hash(&argon2, b"tea at four", &[7; 16], &mut memory).unwrap();
            argon2.verify_password(b"tea at four", phc.as_str()).unwrap();
            let cost = HashCost { memory_kib, passes, lanes: 1 };
            assert_eq!(verify(cost, &password("tea at four"), &phc, &mut memory).unwrap(), Verdict::Right);
            assert_eq!(verify(cost, &password("tea at five"), &phc, &mut memory).unwrap(), Verdict::Wrong);
        }
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

//! Time and randomness, as parameters.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use latchkey_store::Micros;
use uuid::{Builder, Uuid};

use crate::{
    mail::Mailer,
    no_network::NoNetwork,
    providers::SourceCodeProviders,
    registry_check::RegistryCheck,
    sealing::{KeyError, KeySource, SealingKey},
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// Gives random bytes that nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// When the operating system has no random numbers to give: nothing here is safe without them.
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random numbers");
    }
}

/// No key.
struct NoKey;

#[async_trait::async_trait]
impl KeySource for NoKey {
    async fn keys(&self, _: Option<SealingKey>) -> Result<Vec<SealingKey>, KeyError> {
        Err(KeyError("This service was started without a key.".into()))
    }
}

/// What a service takes from outside.
#[derive(Clone)]
pub struct Environment {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// Keeps the key that secrets are sealed with.
    pub keys: Arc<dyn KeySource>,
    /// Sends mail; without one the service sends none.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Asks providers of source code.
    pub providers: Arc<dyn SourceCodeProviders>,
    /// Asks container registries.
    pub registries: Arc<dyn RegistryCheck>,
}

impl Environment {
    /// The system's clock and random numbers, no key yet, no mail and no network: nothing can be sealed.
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(NoKey),
            mailer: None,
            providers: Arc::new(NoNetwork),
            registries: Arc::new(NoNetwork),
        }
    }

    pub(crate) fn now(&self) -> Micros {
        Micros(self.clock.now().timestamp_micros())
    }

    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut buffer = [0; N];
        self.entropy.fill(&mut buffer);
        buffer
    }

    /// A fresh `UUIDv7` (RFC 9562 section 5.7).
    pub(crate) fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid()
    }
}

/// A stored time as the wire shows it.
pub(crate) fn date_time(at: Micros) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.0).unwrap_or_default()
}

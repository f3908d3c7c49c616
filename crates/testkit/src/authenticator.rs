//! An authenticator app: what it reads off the QR code, and the codes it shows (RFC 6238).

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use latchkey_api::{two_factor::TwoFactorSetup, wire::Secret};
use latchkey_service::Clock;
use sha1::Sha1;
use url::Url;

use crate::clock::ManualClock;

/// Somebody's authenticator app, on a device with a clock of its own.
#[derive(Clone, Debug)]
pub struct Authenticator {
    secret: Vec<u8>,
    ahead: Duration,
}

impl Authenticator {
    /// Scans the QR code of a setup.
    ///
    /// # Panics
    /// When the URI is not one that authenticator apps know.
    pub fn scans(setup: &TwoFactorSetup) -> Self {
        let uri = Url::parse(setup.otpauth_uri.expose()).expect("a URI");
        assert_eq!((uri.scheme(), uri.host_str()), ("otpauth", Some("totp")));
        let of = |name: &str| uri.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!(of("secret").as_deref(), Some(setup.secret.expose()), "the QR code and the text are one secret");
        let form = ["algorithm", "digits", "period"].map(|name| of(name).unwrap_or_default());
        assert_eq!(form, ["SHA1", "6", "30"]);
        let secret = BASE32_NOPAD.decode(setup.secret.expose().as_bytes()).expect("base 32");
        assert_eq!(secret.len(), 20, "160 bits");
        Self { secret, ahead: Duration::zero() }
    }

    /// The same app on a device whose clock is ahead; negative where it is behind.
    #[must_use]
    pub fn ahead_by(&self, seconds: i64) -> Self {
        Self { ahead: Duration::seconds(seconds), ..self.clone() }
    }

    /// The code it shows.
    pub fn code(&self, clock: &ManualClock) -> Secret {
        self.code_at(clock.now())
    }

    /// Waits until it shows the next code, and reads it.
    pub fn next_code(&self, clock: &ManualClock) -> Secret {
        clock.advance(Duration::seconds(30));
        self.code(clock)
    }

    /// A code it does not show within an hour of now.
    pub fn wrong_code(&self, clock: &ManualClock) -> Secret {
        let near: Vec<_> = (-120..=120).map(|step| self.code_at(clock.now() + Duration::seconds(30 * step))).collect();
        let wrong = (0..1_000_000).map(|number| Secret::new(format!("{number:06}"))).find(|code| !near.contains(code));
        wrong.unwrap_or_else(|| Secret::new("none"))
    }

    fn code_at(&self, now: DateTime<Utc>) -> Secret {
        let counter = ((now + self.ahead).timestamp() / 30).to_be_bytes();
        let mac = Hmac::<Sha1>::new_from_slice(&self.secret).map(|mac| mac.chain_update(counter));
        let hash = mac.map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default();
        let offset = usize::from(hash[19] & 15);
        let word = hash[offset..offset + 4].iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        Secret::new(format!("{:06}", (word & 0x7fff_ffff) % 1_000_000))
    }
}

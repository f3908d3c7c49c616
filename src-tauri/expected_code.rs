//! What an authenticator app should show while it is set up. The code is made by the very function the service compares
//! with; nothing of it is kept or written to the log.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use latchkey_api::{desktop::ExpectedCode, wire::Secret};
use latchkey_service::totp_code;
use url::Url;
use zeroize::Zeroizing;

/// What a QR code of an authenticator app says, in the form Google Authenticator made common.
struct Form {
    secret: Zeroizing<Vec<u8>>,
    period: NonZeroU32,
    digits: u32,
}

impl Form {
    /// `None` where it is another URI, or codes are made in a way the service does not know.
    fn read(uri: &str) -> Option<Self> {
        let uri = Url::parse(uri).ok()?;
        if (uri.scheme(), uri.host_str()) != ("otpauth", Some("totp")) {
            return None;
        }
        let of = |name: &str| uri.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        if of("algorithm").is_some_and(|name| name != "SHA1") {
            return None;
        }
        let number = |name, usual: u32| of(name).map_or(Some(usual), |value| value.parse().ok());
        let secret = Zeroizing::new(BASE32_NOPAD.decode(of("secret")?.as_bytes()).ok()?);
        let period = number("period", 30).filter(|period| *period <= 300).and_then(NonZeroU32::new)?;
        let digits = number("digits", 6).filter(|digits| (6..=8).contains(digits))?;
        Some(Self { secret, period, digits })
    }
}

/// The code for what a QR code says. It is that of the service's time where that is known, since the service compares
/// with its own clock; `here` is this computer's time. `None` where the URI is not understood.
pub fn expected_code(uri: &Secret, here: DateTime<Utc>, service: Option<DateTime<Utc>>) -> Option<ExpectedCode> {
    let Form { secret, period, digits } = Form::read(uri.expose())?;
    let seconds = service.unwrap_or(here).timestamp();
    let left = i64::from(period.get()) - seconds.rem_euclid(i64::from(period.get()));
    // Clocks that are centuries apart are as far apart as can be said.
    let ahead = |service: DateTime<Utc>| {
        let seconds = here.timestamp().saturating_sub(service.timestamp());
        i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX })
    };
    Some(ExpectedCode {
        code: Secret::new(totp_code(&secret, seconds, period, digits).as_str()),
        seconds_left: u32::try_from(left).unwrap_or(1),
        clock_ahead: service.map(ahead),
    })
}

//! Time-based one-time passwords (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, 6 digits, steps of 30
//! seconds since 1970.

use std::num::NonZeroU32;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use latchkey_store::{Micros, STEPS_AHEAD};
use sha1::Sha1;
use zeroize::Zeroizing;

/// What secrets are sealed for.
pub(crate) const PURPOSE: &str = "totp";

/// Length of a secret in bytes: 160 bits, as long as the hash (RFC 4226 section 4, R6).
pub(crate) const SECRET_BYTES: usize = 20;

/// Seconds a code is shown.
const PERIOD: i64 = 30;

/// Steps before and after the current one whose codes are accepted: half a minute for a slow hand or a clock that is a
/// little off (RFC 6238 section 5.2).
const WINDOW: i64 = 1;

/// Steps that are looked at to tell somebody how far their clock is off: ten minutes each way. They are told only that,
/// and each try counts as a wrong one.
const SEARCH: i64 = 20;

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the code of this step, which was not accepted before.
    Right {
        /// To be stored as the last one.
        step: i64,
    },
    /// It is right, but it, or a later one, was accepted before.
    Used,
    /// It is wrong.
    Wrong {
        /// Seconds by which the clock it was made with is ahead, where that is why; negative where it is behind.
        clock_offset: Option<i32>,
    },
}

/// Compares a code, as it was typed, with those of a secret. `last_step` is the last one that was accepted, and means
/// nothing where a clock that was set back since accepted it.
pub(crate) fn check(secret: &[u8], typed: &str, last_step: i64, now: Micros) -> Verdict {
    let Some(code) = read(typed) else { return Verdict::Wrong { clock_offset: None } };
    let current = now.0.div_euclid(1_000_000 * PERIOD);
    let matches = |ahead: &i64| code_of(secret, current + ahead) == code;
    let mut fitting = (-WINDOW..=WINDOW).filter(matches).peekable();
    if fitting.peek().is_some() {
        let unused =
            fitting.map(|ahead| current + ahead).find(|step| !(*step..=step + STEPS_AHEAD).contains(&last_step));
        return unused.map_or(Verdict::Used, |step| Verdict::Right { step });
    }
    let nearest = (WINDOW + 1..=SEARCH).flat_map(|away| [away, -away]).find(matches);
    Verdict::Wrong { clock_offset: nearest.and_then(|ahead| i32::try_from(ahead * PERIOD).ok()) }
}

/// The step a code is of whose clock is ahead by so many seconds; `None` where it is not ahead.
pub(crate) fn step_to_come(now: Micros, clock_offset: i32) -> Option<i64> {
    (clock_offset > 0).then(|| now.0.div_euclid(1_000_000 * PERIOD) + i64::from(clock_offset) / PERIOD)
}

/// Six digits, with whatever spaces and hyphens somebody puts between them.
fn read(typed: &str) -> Option<u32> {
    let mut digits = Zeroizing::new(String::with_capacity(6));
    for character in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        if !character.is_ascii_digit() || digits.len() == 6 {
            return None;
        }
        digits.push(character);
    }
    if digits.len() == 6 { digits.parse().ok() } else { None }
}

/// What an authenticator app shows at so many seconds since 1970, with a secret, the seconds a code is shown and the
/// number of its digits.
pub fn totp_code(secret: &[u8], seconds: i64, period: NonZeroU32, digits: u32) -> Zeroizing<String> {
    let word = word_of(secret, seconds.div_euclid(i64::from(period.get())));
    let code = 10u32.checked_pow(digits).map_or(word, |above| word % above);
    Zeroizing::new(format!("{code:0width$}", width = digits as usize))
}

/// The code of a step, of six digits.
fn code_of(secret: &[u8], step: i64) -> u32 {
    word_of(secret, step) % 1_000_000
}

/// What the code of a step is the end of (RFC 4226 section 5.3).
fn word_of(secret: &[u8], step: i64) -> u32 {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(hash[19] & 0xf);
    let word = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
    word & 0x7fff_ffff
}

/// A secret as a person can type it (RFC 4648 section 6).
pub(crate) fn base32(secret: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(BASE32_NOPAD.encode(secret))
}

/// The URI an authenticator app reads off a QR code, in the form Google Authenticator made common.
pub(crate) fn uri(secret: &[u8], issuer: &str, username: &str) -> Zeroizing<String> {
    let (issuer, username, secret) = (escaped(issuer), escaped(username), base32(secret));
    let secret = secret.as_str();
    Zeroizing::new(format!(
        "otpauth://totp/{issuer}:{username}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={PERIOD}"
    ))
}

/// Everything but the unreserved characters of RFC 3986 section 2.3 as `%XX`.
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Micros {
        Micros(seconds * 1_000_000)
    }

    #[test]
    fn the_codes_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds / 30;
            assert_eq!(check(SECRET, code, 0, at(seconds)), Verdict::Right { step }, "{seconds}");
            assert_eq!(check(SECRET, code, step, at(seconds)), Verdict::Used, "{seconds}");
        }
    }

    #[test]
    fn longer_codes_and_other_periods() {
        let code =
            |seconds, period, digits| totp_code(SECRET, seconds, NonZeroU32::new(period).unwrap(), digits).to_string();
        assert_eq!(code(59, 30, 8), "94287082");
        assert_eq!(code(1_111_111_109, 30, 8), "07081804");
        assert_eq!((code(59, 30, 6), code(1_111_111_109, 30, 6)), ("287082".into(), "081804".into()));
        assert_eq!((code(119, 60, 6), code(120, 60, 6)), (code(59, 30, 6), code(60, 30, 6)));
    }

    #[test]
    fn a_step_that_a_wrong_clock_accepted_is_forgotten() {
        let (code, made) = ("005924", 1_234_567_890);
        let step = made / 30;
        for (last_step, verdict) in [
            (step - 1, Verdict::Right { step }),
            (step, Verdict::Used),
            (step + STEPS_AHEAD, Verdict::Used),
            (step + STEPS_AHEAD + 1, Verdict::Right { step }),
        ] {
            assert_eq!(check(SECRET, code, last_step, at(made)), verdict, "{last_step}");
        }
    }

    #[test]
    fn one_step_each_way_is_right_and_up_to_twenty_are_named() {
        let code = "005924";
        let made = 1_234_567_890;
        for (later, verdict) in [
            (-30, Verdict::Right { step: made / 30 }),
            (30, Verdict::Right { step: made / 30 }),
            (60, Verdict::Wrong { clock_offset: Some(-60) }),
            (-90, Verdict::Wrong { clock_offset: Some(90) }),
            (600, Verdict::Wrong { clock_offset: Some(-600) }),
            (630, Verdict::Wrong { clock_offset: None }),
        ] {
            assert_eq!(check(SECRET, code, 0, at(made + later)), verdict, "{later}");
        }
    }

    #[test]
    fn what_is_typed_between_the_digits_does_not_matter_and_all_else_is_wrong() {
        let now = at(1_234_567_890);
        for typed in ["005 924", " 005-924 ", "0 0 5 9 2 4"] {
            assert!(matches!(check(SECRET, typed, 0, now), Verdict::Right { .. }), "{typed}");
        }
        for typed in ["", "5924", "0005924", "00592٤", "005924x", "+05924"] {
            assert_eq!(check(SECRET, typed, 0, now), Verdict::Wrong { clock_offset: None }, "{typed}");
        }
    }

    #[test]
    fn a_name_cannot_break_out_of_the_uri() {
        let uri = uri(SECRET, "Ada & Söhne: x", "a?b/c");
        assert_eq!(
            uri.as_str(),
            "otpauth://totp/Ada%20%26%20S%C3%B6hne%3A%20x:a%3Fb%2Fc?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Ada%20%26%20S%C3%B6hne%3A%20x&algorithm=SHA1&digits=6&period=30"
        );
    }
}

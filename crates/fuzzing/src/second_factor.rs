//! Codes of authenticator apps and backup codes, as people type them.

use latchkey_service::fuzzing::{Code, backup_code, totp};

/// RFC 6238 appendix B.
const SECRET: &[u8] = b"12345678901234567890";

/// What people put between the characters of a code.
const BETWEEN: [&str; 4] = [" ", "-", "\u{a0}", " - "];

/// Seven bytes are a clock and the last code that was accepted; the rest is what was typed.
///
/// - White space and hyphens change nothing, and nothing else is passed over: what is right has six digits.
/// - A code is right at most one step away from now, once, and never before one that was accepted.
/// - A backup code is found by ten letters and digits that look like no others, however it was typed.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let Some((head, typed)) = data.split_first_chunk::<7>() else { return };
    let typed = String::from_utf8_lossy(typed);
    let seconds = i64::from(u32::from_le_bytes([head[0], head[1], head[2], head[3]]));
    let current = seconds / 30;
    let last_step = current + i64::from(i16::from_le_bytes([head[4], head[5]]));
    code(&typed, seconds, last_step);
    // The one that is right, typed as this is.
    if let Some(right) = shown(current + i64::from(head[6] % 5) - 2) {
        code(&right, seconds, last_step);
        code(&right, seconds, 0);
    }
    backup(&typed);
}

fn code(typed: &str, seconds: i64, last_step: i64) {
    let current = seconds / 30;
    let verdict = totp(SECRET, typed, last_step, seconds);
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let is_code = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
    for between in BETWEEN {
        let spaced: String = typed.chars().flat_map(|c| [c.to_string(), between.to_owned()]).collect();
        assert_eq!(totp(SECRET, &spaced, last_step, seconds), verdict, "{typed:?} and {spaced:?}");
    }
    match verdict {
        Code::Right(step) => {
            assert!(is_code && step.abs_diff(current) <= 1, "{typed:?}");
            assert!(step > last_step || last_step > step + 20, "a step is accepted once: {step} after {last_step}");
            assert_ne!(totp(SECRET, typed, step, seconds), Code::Right(step));
            assert_eq!(shown(step).as_deref(), Some(&*digits));
        }
        Code::Used => assert!(is_code && last_step + 1 >= current - 1),
        Code::Wrong(None) => {}
        Code::Wrong(Some(offset)) => {
            assert!(is_code && offset % 30 == 0 && (60..=600).contains(&offset.abs()), "{offset}");
            let then = seconds + i64::from(offset);
            assert!(matches!(totp(SECRET, typed, 0, then), Code::Right(_) | Code::Used), "it is right at that time");
        }
    }
}

/// The code of a step (RFC 4226 section 5.3), by another library.
fn shown(step: i64) -> Option<String> {
    use ring::hmac;
    let counter = step.to_be_bytes();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, SECRET);
    let tag = hmac::sign(&key, &counter);
    let at = usize::from(tag.as_ref().last()? & 15);
    let word = u32::from_be_bytes(tag.as_ref().get(at..at + 4)?.try_into().ok()?);
    Some(format!("{:06}", (word & 0x7fff_ffff) % 1_000_000))
}

fn backup(typed: &str) {
    let found = backup_code(typed);
    for between in BETWEEN {
        let spaced: String = typed.chars().flat_map(|c| [between.to_owned(), c.to_string()]).collect();
        assert_eq!(backup_code(&spaced), found, "{spaced:?}");
    }
    assert_eq!(backup_code(&typed.to_ascii_uppercase()), found);
    let Some(code) = found else { return };
    assert_eq!(code.len(), 10);
    assert!(code.bytes().all(|c| b"23456789abcdefghjkmnopqrstuvwxyz".contains(&c)), "{code}");
    assert_eq!(backup_code(&code), Some(code.clone()));
    let (one, two) = code.split_at(5);
    assert_eq!(backup_code(&format!("{one}-{two}")), Some(code.clone()));
    assert!(backup_code(&code[..9]).is_none() && backup_code(&format!("{code}2")).is_none());
}

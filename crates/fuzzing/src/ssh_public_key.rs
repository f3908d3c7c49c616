//! SSH keys as people paste them.

use latchkey_ssh::{COMMENT_LIMIT, PublicKey, RSA_BITS_MAX, RSA_BITS_MIN, Refusal, TEXT_LIMIT, fingerprint, read};
use sha2::{Digest, Sha256};
use ssh_key::HashAlg;

/// The bytes are what somebody pasted.
///
/// - A key that is taken is read again from its own line, with the same fingerprint, whatever comment stands behind it.
/// - Another library reads that line, and computes the same fingerprint.
/// - The line is one line; the comment is short and shows what it is.
/// - A refusal repeats nothing of the text but the name of an algorithm.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match read(&text) {
        Ok(key) => taken(&key, &text),
        Err(Refusal::UnknownAlgorithm(name)) => {
            assert!(name.len() <= 64 && name.is_ascii() && !name.contains(char::is_whitespace));
        }
        Err(Refusal::TooLarge) => assert!(text.len() > TEXT_LIMIT),
        Err(refusal) => assert!(refusal.to_string().len() < 200 && !refusal.code().is_empty()),
    }
}

fn taken(key: &PublicKey, text: &str) {
    assert!(text.len() <= TEXT_LIMIT);
    let line = key.line();
    assert!(!line.contains(['\n', '\r']) && line.is_ascii());
    let again = read(&line).expect("a key is read from its own line");
    assert_eq!((again.line(), again.fingerprint(), again.comment()), (line.clone(), key.fingerprint(), ""));
    for comment in [key.comment(), text, "ssh-ed25519 AAAA", "# \r\n\0\u{202e}x"] {
        let with = key.line_with(comment);
        assert_eq!(with.lines().count(), 1);
        match read(&with) {
            Ok(again) => assert_eq!(again.fingerprint_bytes(), key.fingerprint_bytes()),
            // A comment that is itself a key, or the beginning of a private one, is not written by this service: it says so.
            Err(refusal) => assert!(
                matches!(
                    refusal,
                    Refusal::Several | Refusal::PrivateKey | Refusal::TooLarge | Refusal::Rfc4716 | Refusal::Pem(_)
                ),
                "{refusal}"
            ),
        }
    }
    let comment = key.comment();
    assert!(comment.chars().count() <= COMMENT_LIMIT && !comment.chars().any(char::is_control));
    assert_eq!(comment, comment.trim());
    if key.kind() == "RSA" {
        assert!((RSA_BITS_MIN..=RSA_BITS_MAX).contains(&key.bits()));
    }
    let other = ssh_key::PublicKey::from_openssh(&line).expect("others read it");
    assert_eq!(other.fingerprint(HashAlg::Sha256).to_string(), key.fingerprint());
    assert_eq!(other.algorithm().as_str(), key.algorithm());
    let blob = other.to_bytes().expect("others write it");
    assert_eq!(<[u8; 32]>::from(Sha256::digest(blob)), key.fingerprint_bytes());
    assert_eq!(fingerprint::write(&key.fingerprint_bytes()), key.fingerprint());
}

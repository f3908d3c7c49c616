//! Private keys: those that are pasted by mistake, and those that are made.

use latchkey_ssh::{COMMENT_LIMIT, Refusal, generate, read};
use ssh_key::PrivateKey;

/// The first 32 bytes are the seed of a key, the rest is its comment, and what is pasted around it.
///
/// - The pair is what another library reads from its file: the same key, the same comment.
/// - Somebody who pastes the file, or its inside, whole or with anything around it, is told that it is a private key, and
///   nothing of it stands in the answer.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let Some((seed, rest)) = data.split_first_chunk::<32>() else { return };
    let text = String::from_utf8_lossy(rest);
    let pair = generate(&text, None, |buffer| {
        let taken = buffer.len().min(seed.len());
        buffer[..taken].copy_from_slice(&seed[..taken]);
    });
    let pair = pair.expect("a key without a passphrase is made");
    let comment = pair.public.comment();
    assert!(comment.chars().count() <= COMMENT_LIMIT && !comment.chars().any(char::is_control));

    let other = PrivateKey::from_openssh(pair.private.as_str()).expect("others read it");
    assert_eq!(other.public_key().to_openssh().ok().as_deref(), Some(pair.public.line_with(comment).as_str()));
    assert_eq!(other.key_data().ed25519().map(|pair| pair.private.to_bytes()), Some(*seed));
    // By whole lines of the file: the comment, which is shown, may be of any words.
    let shown = format!("{pair:?}");
    assert!(!pair.private.lines().any(|line| line.len() >= 32 && !line.starts_with("-----") && shown.contains(line)));

    let inside: String = pair.private.lines().filter(|line| !line.starts_with("-----")).collect();
    let around = text.get(..text.floor_char_boundary(2000)).unwrap_or_default();
    for pasted in [
        pair.private.to_string(),
        pair.private.replace('\n', "\r\n"),
        format!("{around}\n{}", pair.private.as_str()),
        format!("{}{around}", pair.private.as_str()),
        // The first line was lost.
        inside,
    ] {
        let refusal = read(&pasted).expect_err("it is no public key");
        assert_eq!(refusal, Refusal::PrivateKey);
    }
}

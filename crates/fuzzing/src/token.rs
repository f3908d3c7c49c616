//! Tokens: sessions, API keys and what else begins with `lk`.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use latchkey_service::{
    Entropy, Environment, TokenKind,
    fuzzing::{new_token, prefix, token},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const KINDS: [TokenKind; 5] = [
    TokenKind::Session,
    TokenKind::Transaction,
    TokenKind::PersonalApiKey,
    TokenKind::ApiKey,
    TokenKind::RegistryPassword,
];

/// Bytes that are known, over and over, and how many were drawn.
struct Known(Vec<u8>, AtomicUsize);

impl Entropy for Known {
    fn fill(&self, buffer: &mut [u8]) {
        // Every value is among them, and each draw goes on behind the one before: some are always usable, whatever is
        // thrown away.
        let drawn = self.1.fetch_add(buffer.len(), Ordering::Relaxed) % (self.0.len() + 256);
        let bytes = self.0.iter().copied().chain(0..=255).cycle().skip(drawn);
        buffer.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    }
}

/// The bytes are a text that somebody sends, and 17 of them are a kind and an account.
///
/// - A new token of any account reads back as what it is; with one character changed, missing or added it reads as nothing.
/// - What reads as a token is of one form only: letters, digits and two underscores, of one length for its kind. The same
///   text with anything around it is none.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some((kind, _, hash)) = token(&text) {
        let rest = text.strip_prefix(prefix(kind)).expect("it begins with what its kind begins with");
        assert_eq!(rest.len(), 22 + 30 + 1 + 6);
        assert!(rest.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).eq([b'_']), "{text}");
        assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(text.as_bytes())));
        for odd in [format!(" {text}"), format!("{text}\n"), text.to_lowercase() + "x", text[..text.len() - 1].into()] {
            assert!(token(&odd).is_none(), "{odd:?}");
        }
    }

    let Some((head, rest)) = data.split_first_chunk::<18>() else { return };
    let kind = KINDS[usize::from(head[0]) % KINDS.len()];
    let account = Uuid::from_bytes(std::array::from_fn(|at| head[at + 1]));
    let environment =
        Environment { entropy: Arc::new(Known(rest.into(), AtomicUsize::new(0))), ..Environment::system() };
    let made = new_token(kind, account, &environment);
    let text = made.expose();
    let (read_kind, read_account, hash) = token(text).expect("a new token reads back");
    assert_eq!((read_kind, read_account), (kind, account));
    assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(text.as_bytes())));
    let at = usize::from(head[17]) % text.len();
    let (before, after) = text.split_at(at);
    let other = if after.starts_with('0') { '1' } else { '0' };
    for odd in
        [format!("{before}{other}{}", &after[1..]), format!("{before}{}", &after[1..]), format!("{before}0{after}")]
    {
        let found = token(&odd);
        assert!(found.is_none(), "{text} with another character is {odd}");
    }
}

//! How a sealed value is written: a version, 24 bytes of nonce, the ciphertext with its tag (XChaCha20-Poly1305), and
//! from version 2 on the mark of its key (8 bytes). Version 1 is what the first key of a database seals while it is the
//! only one.
//!
//! A value that is sealed anew with another key keeps its nonce, which no key has served twice then: the nonce tells which
//! secret it is, whatever it is sealed with, and doing it twice comes to the same bytes.

use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use hmac::{Hmac, Mac};
use latchkey_api::problem::{ApiResult, Problem};
use latchkey_store::AccountId;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SealingKey;

const NONCE: usize = 24;
const MARK: usize = 8;

/// A key, and whether what it seals names it.
pub(super) struct Sealer<'a> {
    pub(super) key: &'a SealingKey,
    pub(super) named: bool,
}

/// What a sealed value is made of.
pub(super) struct Parts<'a> {
    /// Which key it is sealed with; none for the first one.
    pub(super) mark: Option<&'a [u8; MARK]>,
    pub(super) nonce: &'a [u8; NONCE],
    ciphertext: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn read(sealed: &'a [u8]) -> Option<Self> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        match version {
            1 => Some(Self { mark: None, nonce, ciphertext: rest }),
            2 => rest.split_last_chunk().map(|(ciphertext, mark)| Self { mark: Some(mark), nonce, ciphertext }),
            _ => None,
        }
    }
}

/// Whether two sealed values are the same secret, perhaps sealed with different keys.
pub(crate) fn same_secret(a: &[u8], b: &[u8]) -> bool {
    matches!((Parts::read(a), Parts::read(b)), (Some(a), Some(b)) if a.nonce == b.nonce)
}

pub(super) fn seal(
    Sealer { key, named }: Sealer<'_>,
    purpose: &str,
    account: AccountId,
    nonce: &[u8; NONCE],
    secret: &[u8],
) -> ApiResult<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(&(*derive(key, purpose)).into());
    let bound = bound_to(purpose, account);
    let sealed = cipher.encrypt(&(*nonce).into(), Payload { msg: secret, aad: &bound });
    let sealed = sealed.map_err(|_| Problem::internal("sealing failed"))?;
    let mark = mark(key);
    Ok(if named { [&[2][..], nonce, &sealed, &mark].concat() } else { [&[1][..], nonce, &sealed].concat() })
}

pub(super) fn open(
    key: &SealingKey,
    purpose: &str,
    account: AccountId,
    parts: &Parts<'_>,
) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = XChaCha20Poly1305::new(&(*derive(key, purpose)).into());
    let bound = bound_to(purpose, account);
    cipher.decrypt(&(*parts.nonce).into(), Payload { msg: parts.ciphertext, aad: &bound }).ok().map(Zeroizing::new)
}

/// What a key is told by; it says nothing of the key.
pub(super) fn mark(key: &SealingKey) -> [u8; MARK] {
    let mut mark = [0; MARK];
    mark.copy_from_slice(&derive(key, "mark")[..MARK]);
    mark
}

/// The key for one purpose.
pub(super) fn derive(key: &SealingKey, purpose: &str) -> SealingKey {
    Zeroizing::new(hmac(&**key, &[b"latchkey", purpose.as_bytes()]))
}

/// Each part with its length, so that no two lists of parts read alike.
pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn bound_to(purpose: &str, account: AccountId) -> Vec<u8> {
    [purpose.as_bytes(), b"\0", account.0.as_bytes()].concat()
}

//! How a snapshot is written: what it is and in which form, 24 random bytes of nonce, the ciphertext with its tag
//! (XChaCha20-Poly1305). The form and the account are authenticated with it, so that the file of one account is nothing
//! in the place of another's.

use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use zeroize::Zeroizing;

use crate::{places::AccountKey, vault::SnapshotKey};

/// What every file of this form begins with. What is in it, and what that means, may change with the last number alone.
const HEAD: &[u8] = b"latchkey snapshot 1\n";

const NONCE: usize = 24;

/// Seals the snapshot of an account. `None` where the system has no random numbers.
pub(super) fn seal(key: &SnapshotKey, account: &AccountKey, plain: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).ok()?;
    let cipher = XChaCha20Poly1305::new(&(**key).into());
    let sealed = cipher.encrypt(&nonce.into(), Payload { msg: plain, aad: &bound_to(account) }).ok()?;
    Some([HEAD, &nonce, &sealed].concat())
}

/// Opens what [`seal`] made for the same account.
pub(super) fn open(key: &SnapshotKey, account: &AccountKey, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, ciphertext) = sealed.strip_prefix(HEAD)?.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(&(**key).into());
    let payload = Payload { msg: ciphertext, aad: &bound_to(account) };
    cipher.decrypt(&(*nonce).into(), payload).ok().map(Zeroizing::new)
}

/// No place and no user name has a line end in it, so that no two accounts read alike.
fn bound_to(account: &AccountKey) -> Vec<u8> {
    [HEAD, account.place.as_bytes(), b"\n", account.username.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(place: &str, username: &str) -> AccountKey {
        AccountKey { place: place.into(), username: username.into() }
    }

    #[test]
    fn it_opens_with_its_key_for_its_account_and_as_it_was_written() {
        let (key, ada) = (Zeroizing::new([7; 32]), account("https://a.example", "ada"));
        let plain = br#"{"profile":null}"#;
        let sealed = seal(&key, &ada, plain).unwrap();
        assert_eq!(open(&key, &ada, &sealed).unwrap().as_slice(), plain);

        assert!(open(&Zeroizing::new([8; 32]), &ada, &sealed).is_none(), "another key");
        for other in [account("https://a.example", "bob"), account("https://b.example", "ada")] {
            assert!(open(&key, &other, &sealed).is_none(), "the file of another account: {other:?}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&key, &ada, &changed).is_none(), "byte {at} was changed");
            assert!(open(&key, &ada, &sealed[..at]).is_none(), "it ends at byte {at}");
        }
        assert!(open(&key, &ada, &[&sealed[..], &[0]].concat()).is_none(), "something was added");
    }

    #[test]
    fn no_two_writings_are_alike() {
        let (key, ada) = (Zeroizing::new([7; 32]), account("https://a.example", "ada"));
        assert_ne!(seal(&key, &ada, b"the same"), seal(&key, &ada, b"the same"));
    }
}

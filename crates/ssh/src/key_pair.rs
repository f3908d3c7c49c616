//! A new pair of keys.

use std::fmt;

use ssh_key::{Cipher, Kdf, LineEnding, PrivateKey, private::Ed25519Keypair};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{PublicKey, algorithm::Algorithm, comment};

/// The longest passphrase, in bytes: OpenSSH reads no more when it asks for one.
pub const PASSPHRASE_LIMIT: usize = 1023;
/// Rounds of bcrypt-pbkdf, as many as `ssh-keygen` does: some tenths of a second for each guess.
const ROUNDS: u32 = 24;

/// A private key in the form OpenSSH keeps it, and its public half.
pub struct KeyPair {
    /// The content of the private file: `-----BEGIN OPENSSH PRIVATE KEY-----`, lines ended by LF, the last one too.
    /// Wiped from memory when it is dropped.
    pub private: Zeroizing<String>,
    /// The public half, with the comment.
    pub public: PublicKey,
}

/// Says nothing of the private half.
impl fmt::Debug for KeyPair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeyPair").field("public", &self.public).finish_non_exhaustive()
    }
}

/// Why no pair was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// `Some("")`: whoever wants a key without a passphrase says `None`.
    #[error("The passphrase is empty. Enter one, or choose a key without a passphrase.")]
    EmptyPassphrase,
    /// Above [`PASSPHRASE_LIMIT`].
    #[error("The passphrase is too long. Enter at most {PASSPHRASE_LIMIT} bytes.")]
    LongPassphrase,
    /// A line break or another control character, which nobody could type when OpenSSH asks.
    #[error("The passphrase has a line break or another character that cannot be typed. Enter it without that.")]
    UntypablePassphrase,
    /// The formats' library refused what it was given; not known to happen.
    #[error("The key could not be made.")]
    Failed,
}

/// Makes an Ed25519 pair (RFC 8709). With a passphrase the private half is encrypted and authenticated with
/// `aes256-gcm@openssh.com` under a key from `bcrypt-pbkdf`, as `ssh-keygen -Z` does it; that takes some tenths of a second.
///
/// `fill` fills a buffer with random bytes nobody can guess, as the operating system's do: everything rests on them. It
/// is called for the seed (32 bytes) and, with a passphrase, for the salt (16) and the check number (4).
///
/// The comment is made safe as [`PublicKey::comment`] is, and stands in both halves.
pub fn generate(
    comment: &str,
    passphrase: Option<&str>,
    mut fill: impl FnMut(&mut [u8]),
) -> Result<KeyPair, GenerateError> {
    passphrase.map_or(Ok(()), check_passphrase)?;
    let comment = comment::safe(comment);

    let mut seed = Zeroizing::new([0; 32]);
    fill(seed.as_mut_slice());
    let pair = Ed25519Keypair::from_seed(&seed);
    let mut key = PrivateKey::new(pair.into(), comment.as_str()).map_err(|_| GenerateError::Failed)?;
    let blob = key.public_key().to_bytes().map_err(|_| GenerateError::Failed)?;
    if let Some(passphrase) = passphrase {
        let mut salt = vec![0; 16];
        fill(&mut salt);
        let mut check = [0; 4];
        fill(&mut check);
        let kdf = Kdf::Bcrypt { salt, rounds: ROUNDS };
        key = key
            .encrypt_with(Cipher::Aes256Gcm, kdf, u32::from_be_bytes(check), passphrase)
            .map_err(|_| GenerateError::Failed)?;
    }
    let private = key.to_openssh(LineEnding::LF).map_err(|_| GenerateError::Failed)?;
    let public = PublicKey::from_blob(Algorithm::Ed25519, blob).map_err(|_| GenerateError::Failed)?;
    Ok(KeyPair { private, public: public.commented(&comment) })
}

fn check_passphrase(passphrase: &str) -> Result<(), GenerateError> {
    if passphrase.is_empty() {
        Err(GenerateError::EmptyPassphrase)
    } else if passphrase.len() > PASSPHRASE_LIMIT {
        Err(GenerateError::LongPassphrase)
    } else if passphrase.chars().any(char::is_control) {
        Err(GenerateError::UntypablePassphrase)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, read};

    fn counted() -> impl FnMut(&mut [u8]) {
        let mut next = 0;
        move |buffer| {
            for byte in buffer {
                next += 1;
                *byte = next;
            }
        }
    }

    #[test]
    fn makes_what_the_random_bytes_say() {
        let pair = generate("ada\n@example.org", None, counted()).unwrap();
        assert_eq!(*pair.private, *generate("ada @example.org", None, counted()).unwrap().private);
        assert!(pair.private.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
        assert!(pair.private.ends_with("-----END OPENSSH PRIVATE KEY-----\n"));
        assert!(!pair.private.contains('\r'));
        assert_eq!(pair.public.comment(), "ada @example.org");
        assert_eq!(read(&pair.public.line_with(pair.public.comment())).as_ref(), Ok(&pair.public));
        assert_eq!(read(&pair.private), Err(Refusal::PrivateKey));
        assert!(!format!("{pair:?}").contains("BEGIN"));
    }

    #[test]
    fn encrypts_with_the_passphrase() {
        let pair = generate("", Some("correct horse"), counted()).unwrap();
        let key = PrivateKey::from_openssh(pair.private.as_str()).unwrap();
        assert_eq!(key.cipher(), Cipher::Aes256Gcm);
        assert!(key.kdf().is_bcrypt());
        assert!(key.decrypt("correct").is_err());
        let opened = key.decrypt("correct horse").unwrap();
        assert_eq!(opened.public_key().to_openssh().unwrap(), pair.public.line());
        assert_eq!(read(&pair.private), Err(Refusal::PrivateKey));
    }

    #[test]
    fn refuses_passphrases_nobody_could_type() {
        let refused = |passphrase: &str| generate("", Some(passphrase), counted()).unwrap_err();
        assert_eq!(refused(""), GenerateError::EmptyPassphrase);
        assert_eq!(refused("one\ntwo"), GenerateError::UntypablePassphrase);
        assert_eq!(refused(&"x".repeat(1024)), GenerateError::LongPassphrase);
    }
}

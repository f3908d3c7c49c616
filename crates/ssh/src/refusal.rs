//! Why a text was not taken as a public key, in one or two sentences a person can act on.

use thiserror::Error;

use crate::{RSA_BITS_MAX, RSA_BITS_MIN};

/// A text that was refused. `Display` is for the person; the field of [`Malformed`](Self::Malformed) is for the log.
///
/// Nothing of the text is kept but the name of an algorithm nobody here knows: it may be a private key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// White space and comments only.
    #[error("There is no key here. Paste the line of a .pub file.")]
    Empty,
    /// More than [`TEXT_LIMIT`](crate::TEXT_LIMIT) bytes; nothing was looked at.
    #[error("This is far too long for a public key. Paste the one line of a .pub file.")]
    TooLarge,
    /// A private key in any of the usual formats, whole or in part.
    #[error("That is a private key. Paste the .pub file instead.")]
    PrivateKey,
    /// `ssh-dss`.
    #[error("DSA keys are no longer safe, and OpenSSH refuses them. Make a new key with ssh-keygen -t ed25519.")]
    Dsa,
    /// An RSA key with fewer than [`RSA_BITS_MIN`] bits.
    #[error(
        "This RSA key has {bits} bits; at least {RSA_BITS_MIN} are needed. Make a new key with ssh-keygen -t ed25519."
    )]
    RsaTooShort {
        /// Bits of the modulus.
        bits: u32,
    },
    /// An RSA key with more than [`RSA_BITS_MAX`] bits.
    #[error(
        "This RSA key has {bits} bits; at most {RSA_BITS_MAX} are taken. Make a new key with ssh-keygen -t ed25519."
    )]
    RsaTooLong {
        /// Bits of the modulus.
        bits: u32,
    },
    /// An OpenSSH certificate.
    #[error("This is a certificate, not a public key. Paste the .pub file without -cert in its name.")]
    Certificate,
    /// Options of `authorized_keys`, or any other words, before the key. The field is where the key begins.
    #[error("There are options or other words in front of the key. Paste only the part that begins with {0}.")]
    OptionsInFront(&'static str),
    /// More than one key.
    #[error("There is more than one key here. Add them one at a time.")]
    Several,
    /// Further lines after a whole key.
    #[error("There are further lines after the key. Paste only the one line of the .pub file.")]
    TextAfter,
    /// `---- BEGIN SSH2 PUBLIC KEY ----`, the format of RFC 4716.
    #[error("This key is in the format of RFC 4716. Convert it with ssh-keygen -i -f FILE and paste what that prints.")]
    Rfc4716,
    /// A PEM public key. The field is what `ssh-keygen -m` calls its format.
    #[error("This key is in PEM format. Convert it with ssh-keygen -i -m {0} -f FILE and paste what that prints.")]
    Pem(&'static str),
    /// A key of an algorithm that is not taken. The field is its name: ASCII, at most 64 characters.
    #[error("Keys of the type {0} are not taken. Make a new key with ssh-keygen -t ed25519.")]
    UnknownAlgorithm(String),
    /// Nothing here looks like a public key.
    #[error("This is not an SSH public key. Paste the line of a .pub file; it begins with a word such as ssh-ed25519.")]
    NotAKey,
    /// The key ends early, contradicts itself or is none that anybody could use. The field says which.
    #[error("This key is damaged or incomplete. Copy the whole line of the .pub file again.")]
    Malformed(&'static str),
}

impl Refusal {
    /// A stable code for problem documents and message catalogues.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::PrivateKey => "private_key",
            Self::Dsa => "dsa",
            Self::RsaTooShort { .. } => "rsa_too_short",
            Self::RsaTooLong { .. } => "rsa_too_long",
            Self::Certificate => "certificate",
            Self::OptionsInFront(_) => "options_in_front",
            Self::Several => "several_keys",
            Self::TextAfter => "text_after_key",
            Self::Rfc4716 | Self::Pem(_) => "other_format",
            Self::UnknownAlgorithm(_) => "unknown_algorithm",
            Self::NotAKey => "not_a_key",
            Self::Malformed(_) => "malformed",
        }
    }
}

//! A public key that was read and checked.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{Refusal, algorithm::Algorithm, blob, comment, fingerprint, text};

/// A public key that is fit to be stored.
///
/// Two are equal when their comments are too; the same key under another comment has the same
/// [`fingerprint_bytes`](Self::fingerprint_bytes).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PublicKey {
    algorithm: Algorithm,
    bits: u32,
    fingerprint: [u8; 32],
    blob: Vec<u8>,
    comment: String,
}

/// Reads one public key as it stands in a `.pub` file: `algorithm base64 comment`.
///
/// White space and blank lines around it, Windows line ends, lines that begin with `#` and line breaks inside the
/// base64, as they come from a terminal that wrapped the line, do not matter. Taken are Ed25519 (RFC 8709), ECDSA over
/// the NIST curves (RFC 5656), both also from security keys (OpenSSH `PROTOCOL.u2f`), and RSA (RFC 4253 section 6.6)
/// with [`RSA_BITS_MIN`](crate::RSA_BITS_MIN) to [`RSA_BITS_MAX`](crate::RSA_BITS_MAX) bits and an odd exponent from 3
/// up to 64 bits. Points have to lie on their curve.
pub fn read(text: &str) -> Result<PublicKey, Refusal> {
    text::parse(text)
}

impl PublicKey {
    /// The key in `blob`, the bytes that stand behind the algorithm in base64. A refusal other than
    /// [`Refusal::Malformed`] means that the bytes are a whole key.
    pub(crate) fn from_blob(algorithm: Algorithm, blob: Vec<u8>) -> Result<Self, Refusal> {
        let blob::Checked { bits, fingerprint } = blob::check(algorithm, &blob)?;
        Ok(Self { algorithm, bits, fingerprint, blob, comment: String::new() })
    }

    pub(crate) fn commented(self, comment: &str) -> Self {
        Self { comment: comment::safe(comment), ..self }
    }

    /// The name of the algorithm on the wire, such as `ssh-ed25519`.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm.name()
    }

    /// The short name that `ssh-keygen -l` shows: `ED25519`, `ED25519-SK`, `ECDSA`, `ECDSA-SK` or `RSA`.
    pub fn kind(&self) -> &'static str {
        self.algorithm.kind()
    }

    /// The size in bits that `ssh-keygen -l` shows: of the modulus for RSA, of the curve for others.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The fingerprint as OpenSSH shows it: `SHA256:` and 43 characters of base64.
    pub fn fingerprint(&self) -> String {
        fingerprint::write(&self.fingerprint)
    }

    /// The SHA-256 of the key, the same for every comment.
    pub fn fingerprint_bytes(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// The comment, on one line, without control characters and with at most
    /// [`COMMENT_LIMIT`](crate::COMMENT_LIMIT) characters; often empty.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// `algorithm base64`, without comment and line end: the one spelling of this key.
    pub fn line(&self) -> String {
        format!("{} {}", self.algorithm(), STANDARD.encode(&self.blob))
    }

    /// [`line`](Self::line) with a comment behind it, which is made safe as [`comment`](Self::comment) is.
    pub fn line_with(&self, comment: &str) -> String {
        let mut line = self.line();
        let comment = comment::safe(comment);
        if !comment.is_empty() {
            line.push(' ');
            line.push_str(&comment);
        }
        line
    }
}

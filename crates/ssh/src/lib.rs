//! SSH keys: one that a person pastes is read and checked, a pair is generated, and a host is written into the
//! configuration of the OpenSSH client.
//!
//! [`read`] takes one public key as it stands in a `.pub` file and says what is wrong with anything else, in a sentence
//! the person can act on. The service checks with it before it stores a key; the app and the command line check with it
//! before they send one, so that a private key that was pasted by mistake never leaves the computer.
//!
//! The formats are those of RFC 4253 section 6.6 (RSA), RFC 5656 (ECDSA), RFC 8709 (Ed25519) and OpenSSH's
//! `PROTOCOL.u2f` (security keys) and `PROTOCOL.key` (private keys).
//!
//! Nothing here reads or writes a file, knows the time, or has randomness of its own. A call takes microseconds, but for
//! [`generate`] with a passphrase, which takes some tenths of a second: call that off the event loop.
//!
//! ```
//! use latchkey_ssh::{Refusal, read};
//!
//! let key = read(
//!     "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti ada@example.org\n",
//! )?;
//! assert_eq!(key.kind(), "ED25519");
//! assert_eq!(key.fingerprint(), "SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ");
//! assert_eq!(key.comment(), "ada@example.org");
//!
//! let refusal = read("-----BEGIN OPENSSH PRIVATE KEY-----\n").unwrap_err();
//! assert_eq!(refusal.to_string(), "That is a private key. Paste the .pub file instead.");
//! # Ok::<(), Refusal>(())
//! ```

mod algorithm;
mod blob;
mod comment;
pub mod config;
pub mod fingerprint;
mod key_pair;
mod public_key;
mod refusal;
mod text;

pub use comment::COMMENT_LIMIT;
pub use key_pair::{GenerateError, KeyPair, PASSPHRASE_LIMIT, generate};
pub use public_key::{PublicKey, read};
pub use refusal::Refusal;

/// The longest text [`read`] looks at, in bytes: several times the longest key that is taken.
pub const TEXT_LIMIT: usize = 16 * 1024;
/// The fewest bits of an RSA key that is taken; NIST SP 800-57 expects these to hold beyond 2030.
pub const RSA_BITS_MIN: u32 = 3072;
/// The most bits of an RSA key that is taken; OpenSSH reads no longer ones.
pub const RSA_BITS_MAX: u32 = 16_384;

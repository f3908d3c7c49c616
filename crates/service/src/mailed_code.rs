//! Codes that are mailed: made, recognised, and written so that a person can type them off.

use latchkey_api::{
    problem::{ApiResult, FieldCode, FieldError, Problem},
    wire::Secret,
};
use latchkey_store::AccountId;
use zeroize::Zeroizing;

use crate::service::Service;

/// Digits and letters without I, L, O and U (Crockford's base 32): five bits each, and what can be mistaken for one
/// another is read as the same.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a code is for, and how long it is.
pub(crate) struct Kind {
    purpose: &'static str,
    length: usize,
}

/// 40 bits: for somebody who is signed in.
pub(crate) const EMAIL_CHANGE: Kind = Kind { purpose: "email change", length: 8 };
/// 50 bits: for anybody.
pub(crate) const PASSWORD_RESET: Kind = Kind { purpose: "password reset", length: 10 };

/// A new code: as it is mailed, and as it is stored.
pub(crate) struct MailedCode {
    /// As in `7KQ2M-X9RWD`.
    pub(crate) shown: Zeroizing<String>,
    pub(crate) hash: [u8; 32],
}

impl Service {
    pub(crate) async fn new_code(&self, kind: &Kind, account: AccountId) -> ApiResult<MailedCode> {
        let bytes: Zeroizing<[u8; 16]> = Zeroizing::new(self.environment().bytes());
        let code: Zeroizing<String> = Zeroizing::new(
            bytes[..kind.length].iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect(),
        );
        let hash = self.code_hash(kind, account, &code).await?;
        let (left, right) = code.split_at(kind.length / 2);
        Ok(MailedCode { shown: Zeroizing::new(format!("{left}-{right}")), hash })
    }

    /// The keyed hash of a code that somebody entered. It is compared in constant time all the same.
    pub(crate) async fn entered_code(&self, kind: &Kind, account: AccountId, entered: &Secret) -> ApiResult<[u8; 32]> {
        self.code_hash(kind, account, &normal(entered.expose())).await
    }

    async fn code_hash(&self, kind: &Kind, account: AccountId, code: &str) -> ApiResult<[u8; 32]> {
        self.keyed_hash(kind.purpose, &[account.0.as_bytes(), code.as_bytes()]).await
    }
}

/// Whether two hashes are the same, in a time that says nothing of where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

/// The code is not the one that was mailed.
pub(crate) fn incorrect() -> Problem {
    let detail = "This is not the code. Check it letter by letter, or have a new one mailed.";
    Problem::fields(vec![FieldError { pointer: "/code".into(), code: FieldCode::Incorrect, detail: detail.into() }])
}

/// A code as it was made, however it was typed off.
fn normal(entered: &str) -> Zeroizing<String> {
    let character = |c: char| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c if c.is_whitespace() || c == '-' => None,
        c => Some(c),
    };
    // No code is longer; hashing the rest would be work for nothing.
    Zeroizing::new(entered.chars().filter_map(character).take(32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed_off() {
        for entered in ["7KQ2M-X9RW0", "7kq2mx9rwo", " 7kq2m x9rw0\n", "7 K Q 2 M X 9 R W O"] {
            assert_eq!(&*normal(entered), "7KQ2MX9RW0");
        }
        assert_eq!(&*normal("il1o0"), "11100");
        assert_eq!(normal(&"A".repeat(10_000)).len(), 32);
        assert!(ALPHABET.iter().all(|&c| *normal(&char::from(c).to_string()) == *char::from(c).to_string()));
    }

    #[test]
    fn hashes_are_the_same_or_not() {
        assert!(same(&[1; 32], &[1; 32]));
        assert!(!same(&[1; 32], &[2; 32]) && !same(&[1; 31], &[1; 32]));
    }
}

//! Backup codes: ten of the form `xxxxx-xxxxx`, 50 bits each, kept as keyed hashes. Each works once.

use latchkey_api::{
    problem::ApiResult,
    two_factor::{BACKUP_CODES, BACKUP_CODES_LOW},
    wire::Secret,
};
use latchkey_store::AccountId;
use zeroize::Zeroizing;

use crate::{environment::Environment, service::Service};

/// 32 letters and digits that nobody takes for each other: no 0, O, 1, l and i. Five bits each.
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnopqrstuvwxyz";

/// Letters and digits of a code.
const LENGTH: usize = 10;

/// A new set, as it is shown this once.
pub(crate) fn generate(environment: &Environment) -> Vec<Secret> {
    (0..BACKUP_CODES).map(|_| generate_one(environment)).collect()
}

fn generate_one(environment: &Environment) -> Secret {
    // 32 divides 256: the lower five bits of a random byte are without bias.
    let letters =
        Zeroizing::new(environment.bytes::<LENGTH>()).map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let (one, two) = letters.split_at(LENGTH / 2);
    Secret::new(format!("{}-{}", String::from_iter(one), String::from_iter(two)))
}

/// A code as it was typed, in the form it is hashed in; `None` where it cannot be one. Case, spaces and hyphens do not
/// matter, and a zero can only be meant as an `o`.
pub(crate) fn normalised(typed: &str) -> Option<Zeroizing<String>> {
    let mut code = Zeroizing::new(String::with_capacity(LENGTH));
    for character in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let character = if character == '0' { 'o' } else { character.to_ascii_lowercase() };
        if code.len() == LENGTH || !u8::try_from(character).is_ok_and(|byte| ALPHABET.contains(&byte)) {
            return None;
        }
        code.push(character);
    }
    (code.len() == LENGTH).then_some(code)
}

/// Whether it is time to make new ones.
pub(crate) fn are_low(remaining: u32) -> bool {
    remaining <= BACKUP_CODES_LOW
}

impl Service {
    /// What a code is stored as and found by; `None` where the text cannot be a code.
    pub(crate) async fn backup_code_hash(&self, account: AccountId, typed: &Secret) -> ApiResult<Option<[u8; 32]>> {
        let Some(code) = normalised(typed.expose()) else { return Ok(None) };
        self.keyed_hash("backup codes", &[account.0.as_bytes(), code.as_bytes()]).await.map(Some)
    }

    /// What new codes are stored as.
    pub(crate) async fn backup_code_hashes(&self, account: AccountId, codes: &[Secret]) -> ApiResult<Vec<[u8; 32]>> {
        let mut hashes = Vec::with_capacity(codes.len());
        for code in codes {
            hashes.extend(self.backup_code_hash(account, code).await?);
        }
        Ok(hashes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn codes_are_ten_of_fifty_bits_without_bias() {
        let environment = Environment::system();
        let (mut seen, mut letters) = (BTreeSet::new(), BTreeMap::<char, u32>::new());
        for _ in 0..800 {
            let codes = generate(&environment);
            assert_eq!(codes.len(), 10);
            for code in codes {
                let text = code.expose().to_owned();
                assert_eq!((text.len(), text.find('-')), (11, Some(5)), "{text}");
                assert_eq!(normalised(&text).unwrap().as_str(), text.replace('-', ""));
                for letter in text.chars().filter(|c| *c != '-') {
                    assert!(!"0O1li".contains(letter));
                    *letters.entry(letter).or_default() += 1;
                }
                assert!(seen.insert(text));
            }
        }
        // 80,000 letters, 2,500 of each expected, with a standard deviation of 49.
        assert_eq!(letters.len(), 32);
        assert!(letters.values().all(|count| (2200..2800).contains(count)), "{letters:?}");
    }

    #[test]
    fn however_it_is_typed_it_is_the_same_code() {
        for typed in ["abcde-fgh2o", " ABCDE FGH20 ", "abcdefgh2o", "a-b-c-d-e f-g-h-2-O"] {
            assert_eq!(normalised(typed).unwrap().as_str(), "abcdefgh2o", "{typed}");
        }
        for typed in ["", "abcde-fgh2", "abcde-fgh2oo", "abcde-fgh2l", "abcde-fgh2é", "123456"] {
            assert!(normalised(typed).is_none(), "{typed}");
        }
    }
}

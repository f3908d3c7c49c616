//! Bearer tokens: `prefix_` + account in 22 base-62 digits + 30 random digits + `_` + CRC-32 in 6 digits.
//!
//! The account stands in the token, so that checking one is a single read inside one account. The checksum refuses a
//! mistyped or invented token without a read. 30 digits are 178 bits; only their SHA-256 is kept.

use latchkey_store::AccountId;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{base62, environment::Environment};

const ACCOUNT_DIGITS: usize = 22;
const RANDOM_DIGITS: usize = 30;
const CHECK_DIGITS: usize = 6;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A session: `lks_`.
    Session,
    /// A sign-in that waits for its second factor: `lkx_`.
    Transaction,
    /// A personal API key: `lk_`.
    PersonalApiKey,
    /// A named API key: `lkt_`.
    ApiKey,
    /// A password for the service's own registry: `lkr_`.
    RegistryPassword,
}

impl TokenKind {
    const ALL: [Self; 5] =
        [Self::Session, Self::Transaction, Self::PersonalApiKey, Self::ApiKey, Self::RegistryPassword];

    /// What a token of this kind begins with. None is the beginning of another.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "lks_",
            Self::Transaction => "lkx_",
            Self::PersonalApiKey => "lk_",
            Self::ApiKey => "lkt_",
            Self::RegistryPassword => "lkr_",
        }
    }
}

/// A token in the clear, as it is shown once. It has no `Debug`.
pub struct Token(Zeroizing<String>);

/// A token as a request brought it: well-formed, and nothing more is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PresentedToken {
    pub(crate) kind: TokenKind,
    pub(crate) account: AccountId,
    pub(crate) hash: [u8; 32],
}

impl Token {
    pub(crate) fn generate(kind: TokenKind, account: AccountId, environment: &Environment) -> Self {
        let account = base62::encode::<ACCOUNT_DIGITS>(account.0.as_u128());
        let random = Zeroizing::new(base62::random(RANDOM_DIGITS, |buffer| environment.entropy.fill(buffer)));
        let mut text = Zeroizing::new(String::with_capacity(64));
        text.push_str(kind.prefix());
        text.extend(account.map(char::from));
        text.push_str(&random);
        let check = checksum(text.as_bytes());
        text.push('_');
        text.extend(check.map(char::from));
        Self(text)
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The last four characters, by which a person tells keys apart. They are of the checksum, and tell next to nothing
    /// of what is random.
    pub(crate) fn last_four(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

/// Reads a token; `None` when it is malformed or its checksum is wrong.
pub(crate) fn present(text: &str) -> Option<PresentedToken> {
    let kind = TokenKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
    let (body, check) = text.rsplit_once('_')?;
    let digits = body.strip_prefix(kind.prefix())?.as_bytes();
    if digits.len() != ACCOUNT_DIGITS + RANDOM_DIGITS || check.as_bytes() != checksum(body.as_bytes()) {
        return None;
    }
    let account = AccountId(Uuid::from_u128(base62::decode(&digits[..ACCOUNT_DIGITS])?));
    Some(PresentedToken { kind, account, hash: Sha256::digest(text.as_bytes()).into() })
}

fn checksum(body: &[u8]) -> [u8; CHECK_DIGITS] {
    base62::encode(u128::from(crc32fast::hash(body)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(kind: TokenKind, account: u128) -> Token {
        Token::generate(kind, AccountId(Uuid::from_u128(account)), &Environment::system())
    }

    fn any_kind() -> impl Strategy<Value = TokenKind> {
        prop::sample::select(&TokenKind::ALL[..])
    }

    #[test]
    fn a_token_reads_back_as_what_it_is() {
        for kind in TokenKind::ALL {
            let token = token(kind, 7);
            let text = token.expose();
            assert_eq!(text.len(), kind.prefix().len() + 22 + 30 + 1 + 6);
            assert!(text.ends_with(token.last_four()) && token.last_four().len() == 4);
            let presented = present(text).unwrap();
            assert_eq!((presented.kind, presented.account), (kind, AccountId(Uuid::from_u128(7))));
            assert_eq!(presented.hash, token.hash());
        }
    }

    #[test]
    fn a_token_of_one_kind_is_none_of_another() {
        for (kind, other) in
            TokenKind::ALL.iter().flat_map(|kind| TokenKind::ALL.iter().map(move |other| (kind, other)))
        {
            let text = token(*kind, 7).expose().replacen(kind.prefix(), other.prefix(), 1);
            assert_eq!(present(&text).is_some(), kind == other, "{kind:?} as {other:?}");
        }
    }

    proptest! {
        #[test]
        fn a_token_of_any_account_reads_back(kind in any_kind(), account: u128) {
            let token = token(kind, account);
            let presented = present(token.expose()).unwrap();
            prop_assert_eq!(presented.kind, kind);
            prop_assert_eq!(presented.account, AccountId(Uuid::from_u128(account)));
            prop_assert_eq!(presented.hash, token.hash());
        }

        #[test]
        fn one_wrong_character_is_noticed(kind in any_kind(), account: u128, at in 0usize..59, by in 1u8..60) {
            let token = token(kind, account);
            let at = at + kind.prefix().len();
            let mut bytes = token.expose().as_bytes().to_vec();
            let digit = base62::decode(&bytes[at..=at]).unwrap_or_default();
            let other = base62::encode::<1>((digit + u128::from(by)) % 62)[0];
            prop_assume!(other != bytes[at]);
            bytes[at] = other;
            prop_assert!(present(std::str::from_utf8(&bytes).unwrap()).is_none());
        }

        #[test]
        fn nothing_else_is_a_token(text in ".{0,80}") {
            prop_assert!(present(&text).is_none());
        }
    }
}

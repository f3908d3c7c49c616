//! Tokens as a provider answers them (RFC 6749 section 5.1).

use latchkey_api::{instance::Provider, wire::Secret};
use latchkey_service::{ProviderError, Tokens};
use serde::Deserialize;

use crate::provider_errors::strange;

/// The longest token that is kept, in bytes. GitLab's may be JSON web tokens of some thousand.
const LONGEST: usize = 16 * 1024;

/// The most scopes that are kept.
const SCOPES: usize = 100;

/// What came. A member of another type than these is no token answer.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: Secret,
    token_type: String,
    refresh_token: Option<Secret>,
    expires_in: Option<u64>,
    scope: Option<String>,
}

impl TokenAnswer {
    /// What was granted, where it can be used.
    pub(crate) fn check(self, provider: Provider) -> Result<Tokens, ProviderError> {
        let refresh_token = self.refresh_token.filter(|token| !token.expose().is_empty());
        let usable = |token: &Secret| is_token(token.expose());
        if !self.token_type.eq_ignore_ascii_case("bearer")
            || !usable(&self.access_token)
            || !refresh_token.as_ref().is_none_or(usable)
        {
            return Err(strange());
        }
        Ok(Tokens {
            access_token: self.access_token,
            refresh_token,
            expires_in: self.expires_in.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
            scopes: self.scope.map(|scope| scopes(&scope, provider)),
        })
    }
}

/// Whether a text can stand in a header, and in the lines that git's credential helper writes.
pub(crate) fn is_token(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Scopes are parted by spaces (RFC 6749 section 3.3); by commas at GitHub.
pub(crate) fn scopes(text: &str, provider: Provider) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || provider == Provider::Github && c == ',');
    let good = |part: &&str| (1..=100).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_graphic());
    parts.filter(good).take(SCOPES).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> Result<Tokens, ProviderError> {
        let answer: TokenAnswer = serde_json::from_str(json).map_err(|_| strange())?;
        answer.check(Provider::Github)
    }

    #[test]
    fn tokens_are_read() {
        let tokens = check(
            r#"{"access_token":"gho_a","token_type":"Bearer","scope":"repo,gist","expires_in":7200,"refresh_token":"ghr_b","x":1}"#,
        )
        .unwrap();
        assert_eq!(tokens.access_token.expose(), "gho_a");
        assert_eq!(tokens.refresh_token.unwrap().expose(), "ghr_b");
        assert_eq!(tokens.expires_in, Some(7200));
        assert_eq!(tokens.scopes.unwrap(), ["repo", "gist"]);
        let tokens = check(r#"{"access_token":"a","token_type":"bearer","scope":"","refresh_token":""}"#).unwrap();
        assert!(tokens.refresh_token.is_none() && tokens.expires_in.is_none());
        assert_eq!(tokens.scopes, Some(Vec::new()));
    }

    #[test]
    fn what_is_no_token_answer_is_refused() {
        for json in [
            "{}",
            "[]",
            r#"{"access_token":"a"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
            r#"{"access_token":"","token_type":"bearer"}"#,
            r#"{"access_token":"a b","token_type":"bearer"}"#,
            r#"{"access_token":"a\nhost=evil.example.org","token_type":"bearer"}"#,
            r#"{"access_token":7,"token_type":"bearer"}"#,
            r#"{"access_token":"a","token_type":"bearer","refresh_token":"b\r\nc"}"#,
            r#"{"access_token":"a","token_type":"bearer","expires_in":-1}"#,
        ] {
            assert!(check(json).is_err(), "{json}");
        }
        let long = format!(r#"{{"access_token":"{}","token_type":"bearer"}}"#, "a".repeat(LONGEST + 1));
        assert!(check(&long).is_err());
    }

    #[test]
    fn scopes_are_parted_as_the_provider_does() {
        assert_eq!(scopes("repo, read:org gist", Provider::Github), ["repo", "read:org", "gist"]);
        assert_eq!(scopes("read_api  read_repository", Provider::Gitlab), ["read_api", "read_repository"]);
        assert_eq!(scopes("a,b", Provider::Gitlab), ["a,b"]);
    }
}

//! Tokens as providers of source code answer them.

use http::StatusCode;
use latchkey_api::{instance::Provider, wire::Secret};
use latchkey_outbound::fuzzing::{scopes as read_scopes, tokens as read};
use latchkey_service::ProviderError;

/// The first byte chooses the provider and the status, the rest is the body.
///
/// - A token that is kept can stand in a header and in a line of git's, and came in the answer.
/// - An answer that is no success gives none.
/// - What is not understood is refused in words of this program: nothing of the answer is repeated but an error code.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let Some((choice, body)) = data.split_first() else { return };
    let provider = if choice & 1 == 0 { Provider::Github } else { Provider::Gitlab };
    let status = [200, 201, 400, 401, 403, 429, 500, 302][usize::from(choice >> 1) % 8];
    let status = StatusCode::from_u16(status).unwrap_or_default();
    match read(status, body, provider) {
        Ok(tokens) => {
            assert!(status.is_success());
            for token in [Some(&tokens.access_token), tokens.refresh_token.as_ref()].into_iter().flatten() {
                let token = token.expose();
                assert!((1..=16 * 1024).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic()));
            }
            let scopes = tokens.scopes.unwrap_or_default();
            assert!(scopes.len() <= 100);
            let joined = scopes.join(if provider == Provider::Github { "," } else { " " });
            assert!(scopes.iter().all(|scope| (1..=100).contains(&scope.len())));
            assert_eq!(read_scopes(&joined, provider), scopes, "they read back as the same");
            let again = serde_json::json!({
                "access_token": tokens.access_token.expose(),
                "token_type": "Bearer",
                "refresh_token": tokens.refresh_token.as_ref().map(Secret::expose),
                "expires_in": tokens.expires_in,
                "scope": joined,
            });
            let again = read(StatusCode::OK, again.to_string().as_bytes(), provider);
            let again = again.expect("what was kept is an answer");
            assert_eq!(again.access_token, tokens.access_token);
            assert_eq!((again.refresh_token, again.expires_in), (tokens.refresh_token, tokens.expires_in));
        }
        Err(error) => {
            let (ProviderError::Revoked(said) | ProviderError::Refused(said) | ProviderError::Unreachable(said)) =
                &error
            else {
                return;
            };
            let is_code = said.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && said.len() <= 64;
            let is_ours = ["what answers is not such a provider", "an error without a code"].contains(&&**said)
                || said.strip_prefix("status ").is_some_and(|rest| rest == status.as_str());
            assert!(is_code || is_ours, "{said}");
        }
    }
}

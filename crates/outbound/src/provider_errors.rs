//! What a provider's refusals mean.

use chrono::DateTime;
use http::{HeaderMap, StatusCode, header};
use latchkey_service::ProviderError;

use crate::trouble::Trouble;

/// The longest a provider is believed when it asks for patience, in seconds.
const LONGEST: i64 = 3600;

impl From<Trouble> for ProviderError {
    fn from(trouble: Trouble) -> Self {
        Self::Unreachable(trouble.to_string())
    }
}

/// It answered, and not as a provider does.
pub(crate) fn strange() -> ProviderError {
    ProviderError::Unreachable("what answers is not such a provider".into())
}

/// An OAuth error code (RFC 6749 section 5.2), as it came. Codes are words; anything else is not repeated.
pub(crate) fn refusal(code: &str) -> ProviderError {
    match code {
        // GitHub has words of its own for `invalid_grant`.
        "invalid_grant"
        | "bad_refresh_token"
        | "bad_verification_code"
        | "incorrect_device_code"
        | "expired_token"
        | "access_denied" => ProviderError::Revoked(code.into()),
        "slow_down" => ProviderError::TooOften { retry_after: None },
        "temporarily_unavailable" | "server_error" => ProviderError::Unreachable(code.into()),
        _ if is_code(code) => ProviderError::Refused(code.into()),
        _ => ProviderError::Refused("an error without a code".into()),
    }
}

pub(crate) fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// A status that is no success.
pub(crate) fn status(status: StatusCode, headers: &HeaderMap) -> ProviderError {
    let said = || format!("status {}", status.as_u16());
    match status.as_u16() {
        401 => ProviderError::Revoked(said()),
        403 if is_limit(headers) => ProviderError::TooOften { retry_after: retry_after(headers) },
        429 => ProviderError::TooOften { retry_after: retry_after(headers) },
        300..=399 | 500.. => ProviderError::Unreachable(said()),
        _ => ProviderError::Refused(said()),
    }
}

/// GitHub says 403 where others say 429.
fn is_limit(headers: &HeaderMap) -> bool {
    headers.contains_key(header::RETRY_AFTER)
        || headers.get("x-ratelimit-remaining").is_some_and(|left| left.as_bytes() == b"0")
}

/// Seconds until it answers again: as `Retry-After` says, or until the limit begins anew by the provider's own clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let number = |name: &str| text(name)?.trim().parse::<i64>().ok();
    let anew = || {
        let reset = number("x-ratelimit-reset").or_else(|| number("ratelimit-reset"))?;
        let now = DateTime::parse_from_rfc2822(text("date")?).ok()?;
        Some(reset.saturating_sub(now.timestamp()))
    };
    let seconds = number("retry-after").or_else(anew)?;
    u32::try_from(seconds.clamp(1, LONGEST)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_provider_that_is_asked_too_often_says_for_how_long() {
        for (status, fields, wait) in [
            (429, vec![("retry-after", "17")], Some(17)),
            (403, vec![("retry-after", "60")], Some(60)),
            (
                403,
                vec![
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1700000090"),
                    ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
                ],
                Some(90),
            ),
            (429, vec![("retry-after", "99999999999")], Some(3600)),
            (429, vec![("retry-after", "-5")], Some(1)),
            (429, vec![("retry-after", "Tue, 14 Nov 2023 22:13:20 GMT")], None),
            (429, vec![], None),
        ] {
            let said = super::status(StatusCode::from_u16(status).unwrap(), &headers(&fields));
            assert_eq!(said, ProviderError::TooOften { retry_after: wait }, "{fields:?}");
        }
    }

    #[test]
    fn other_statuses_are_told_apart() {
        let none = HeaderMap::new();
        let said = |code| super::status(StatusCode::from_u16(code).unwrap(), &none);
        assert_eq!(said(401), ProviderError::Revoked("status 401".into()));
        assert_eq!(said(403), ProviderError::Refused("status 403".into()));
        assert_eq!(said(404), ProviderError::Refused("status 404".into()));
        assert_eq!(said(302), ProviderError::Unreachable("status 302".into()));
        assert_eq!(said(502), ProviderError::Unreachable("status 502".into()));
    }

    #[test]
    fn what_is_no_code_is_not_repeated() {
        assert_eq!(refusal("invalid_client"), ProviderError::Refused("invalid_client".into()));
        for text in ["", "Not Found", "gho_16C7e42F292c6912E7710c838347Ae178B4a", "a\nb", &"a".repeat(65)] {
            assert_eq!(refusal(text), ProviderError::Refused("an error without a code".into()), "{text}");
        }
    }
}

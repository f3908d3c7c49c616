//! Why a connection did not serve, and what people are told about it.

use latchkey_api::{
    instance::Provider,
    integrations::IntegrationFailure,
    problem::{ErrorCode, Problem},
};

use crate::{integration_providers::called, providers::ProviderError};

/// Why a connection did not serve.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// For a reason that can be shown with it.
    Failure(IntegrationFailure),
    /// The provider asks to be asked less often.
    TooOften(Option<u32>),
    /// The connection is gone.
    Gone,
    /// For a reason that has nothing to do with it.
    Ours(Problem),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Ours(problem)
    }
}

impl From<ProviderError> for Trouble {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Unreachable(_) => Self::Failure(IntegrationFailure::Unreachable),
            ProviderError::Revoked(_) => Self::Failure(IntegrationFailure::Revoked),
            ProviderError::Refused(_) => Self::Failure(IntegrationFailure::Refused),
            ProviderError::TooOften { retry_after } => Self::TooOften(retry_after),
        }
    }
}

impl Trouble {
    /// As it is answered to somebody who wanted to use the connection.
    pub(crate) fn problem(self, provider: Provider, host: &str) -> Problem {
        match self {
            Self::Failure(IntegrationFailure::Unreachable) => unavailable(provider, host),
            Self::Failure(failure) => Problem::new(ErrorCode::ConnectionBroken).detail(detail(failure, provider, host)),
            Self::TooOften(retry_after) => too_often(provider, host, retry_after),
            Self::Gone => Problem::new(ErrorCode::NotFound),
            Self::Ours(problem) => problem,
        }
    }
}

/// A failure as it is stored.
pub(crate) const fn word(failure: IntegrationFailure) -> &'static str {
    match failure {
        IntegrationFailure::Revoked => "revoked",
        IntegrationFailure::Refused => "refused",
        IntegrationFailure::Unreachable => "unreachable",
        IntegrationFailure::NotConfigured => "not_configured",
        IntegrationFailure::Unreadable => "unreadable",
    }
}

/// The failure of a stored word. One of a later version of the service is a refusal.
pub(crate) fn failure_of(word: &str) -> IntegrationFailure {
    use IntegrationFailure::{NotConfigured, Refused, Revoked, Unreachable, Unreadable};
    let known = [Revoked, Refused, Unreachable, NotConfigured, Unreadable];
    known.into_iter().find(|failure| self::word(*failure) == word).unwrap_or(Refused)
}

/// A sentence or two about a failure, which say what to do.
pub(crate) fn detail(failure: IntegrationFailure, provider: Provider, host: &str) -> String {
    let name = called(provider, host);
    match failure {
        IntegrationFailure::Revoked => format!("{name} no longer accepts this connection. Connect it again."),
        IntegrationFailure::Refused => {
            format!("{name} refused this connection. Look whether the account there is blocked, or connect it again.")
        }
        IntegrationFailure::Unreachable => {
            format!("{name} could not be reached. The connection may be in order; look again later.")
        }
        IntegrationFailure::NotConfigured => {
            format!("The System Administrator has taken {name} away. All you can do is to disconnect it.")
        }
        IntegrationFailure::Unreadable => {
            "What was kept of this connection cannot be opened. Connect it again.".to_owned()
        }
    }
}

/// The provider cannot be reached.
pub(crate) fn unavailable(provider: Provider, host: &str) -> Problem {
    let detail = format!("{} could not be reached. Try again later.", called(provider, host));
    Problem::new(ErrorCode::ProviderUnavailable).detail(detail)
}

/// The provider asks to be asked less often.
pub(crate) fn too_often(provider: Provider, host: &str, retry_after: Option<u32>) -> Problem {
    let detail = format!("{} was asked too often. Try again later.", called(provider, host));
    Problem::new(ErrorCode::TooManyRequests).detail(detail).retry_after(retry_after.unwrap_or(60))
}

/// What a provider said, fit to be shown: a short word such as `device_flow_disabled`, and nothing that could be words of
/// somebody else.
pub(crate) fn reason(said: &str) -> String {
    let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
    let word: String = said.chars().filter(kept).take(60).collect();
    let word = word.trim();
    if word.is_empty() { "it did not say why".into() } else { word.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_its_word_and_its_sentence() {
        use IntegrationFailure::{NotConfigured, Refused, Revoked, Unreachable, Unreadable};
        for failure in [Revoked, Refused, Unreachable, NotConfigured, Unreadable] {
            assert_eq!(failure_of(word(failure)), failure);
            let detail = detail(failure, Provider::Gitlab, "git.example.com");
            assert!(detail.ends_with('.') && !detail.contains('!'), "{detail}");
        }
        assert_eq!(failure_of("of a later version"), Refused);
    }

    #[test]
    fn what_a_provider_says_is_shown_as_a_word() {
        assert_eq!(reason("device_flow_disabled"), "device_flow_disabled");
        assert_eq!(reason("<script>alert(1)</script>"), "scriptalert1script");
        assert_eq!(reason("\u{202e}"), "it did not say why");
        assert_eq!(reason(&"x".repeat(500)).len(), 60);
    }
}

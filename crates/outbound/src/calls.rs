//! How calls to others ended, for whoever watches the service. Hosts are not told apart: people name them.

use latchkey_api::{container_registries::RegistryFailure, instance::Provider};
use latchkey_figures::Counter;
use latchkey_service::{ProviderError, RegistryRefusal};
use tracing::Instrument;

use crate::outbound::Outbound;

/// Whom calls go to.
const CALLED: [&str; 3] = ["github", "gitlab", "registry"];

/// How they end.
const OUTCOMES: [&str; 5] = ["ok", "refused", "revoked", "too_often", "unreachable"];

/// How often each ended how.
#[derive(Default)]
pub(crate) struct Calls([[Counter; OUTCOMES.len()]; CALLED.len()]);

/// Calls of one kind that ended in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallFigures {
    /// `github`, `gitlab` or `registry`.
    pub called: &'static str,
    /// `ok`, `refused`, `revoked` (the token or grant is good no more), `too_often` or `unreachable`.
    pub outcome: &'static str,
    /// How often.
    pub number: u64,
}

impl Calls {
    fn count(&self, called: &str, outcome: &str) {
        let place = |words: &[&str], word| words.iter().position(|known| *known == word);
        if let (Some(called), Some(outcome)) = (place(&CALLED, called), place(&OUTCOMES, outcome)) {
            self.0[called][outcome].count();
        }
    }
}

impl Outbound {
    /// How calls ended since the program began.
    pub fn calls(&self) -> Vec<CallFigures> {
        let rows = CALLED.into_iter().zip(&self.calls.0);
        let row = |(called, counters): (&'static str, &[Counter; OUTCOMES.len()])| {
            let counted = OUTCOMES.into_iter().zip(counters);
            let figures = counted.map(|(outcome, number)| CallFigures { called, outcome, number: number.get() });
            figures.collect::<Vec<_>>()
        };
        rows.flat_map(row).collect()
    }

    /// A call to a provider of source code, counted by how it ends.
    pub(crate) async fn counted<T>(
        &self,
        provider: Provider,
        what: &'static str,
        call: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let called = match provider {
            Provider::Github => "github",
            Provider::Gitlab => "gitlab",
        };
        let result = call.instrument(tracing::debug_span!("outbound", called, what)).await;
        let outcome = match &result {
            Ok(_) => "ok",
            Err(ProviderError::Unreachable(_)) => "unreachable",
            Err(ProviderError::Revoked(_)) => "revoked",
            Err(ProviderError::TooOften { .. }) => "too_often",
            Err(_) => "refused",
        };
        self.calls.count(called, outcome);
        result
    }

    /// Credentials that are tried at a container registry, counted likewise.
    pub(crate) async fn counted_check(
        &self,
        check: impl Future<Output = Result<(), RegistryRefusal>>,
    ) -> Result<(), RegistryRefusal> {
        let result = check.instrument(tracing::debug_span!("outbound", called = "registry", what = "check")).await;
        let outcome = match &result {
            Ok(()) => "ok",
            Err(refusal) if refusal.failure == RegistryFailure::CredentialsRefused => "refused",
            Err(_) => "unreachable",
        };
        self.calls.count("registry", outcome);
        result
    }
}

//! The one HTTP client of the service, made when it is first used.

use std::{fmt, sync::Arc};

use http::HeaderValue;
use latchkey_service::ProviderSettings;
use reqwest::Request;
use tokio::{sync::OnceCell, time::timeout};
use url::Url;

use crate::{
    addresses::Place,
    calls::Calls,
    http_client::{Answer, HttpClient, Patience, Plan},
    resolver::SystemNames,
    settings::OutboundSection,
    tls,
    trouble::Trouble,
};

/// Asks providers of source code and container registries.
pub struct Outbound {
    plan: Plan,
    client: OnceCell<HttpClient>,
    pub(crate) calls: Calls,
}

/// Why nobody can be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The file of certificates cannot be used: which one, and why.
    #[error("{0}")]
    Certificates(String),
    /// The user agent has characters that do not fit in a header.
    #[error("the name of this program does not fit in a header")]
    UserAgent,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("private_networks", &self.plan.private_networks).finish_non_exhaustive()
    }
}

impl Outbound {
    /// A client that calls itself `user_agent`. The computer's trust store is read at the first call.
    pub fn new(section: &OutboundSection, user_agent: &str) -> Result<Self, OutboundError> {
        let extra = match &section.extra_ca {
            Some(path) => tls::read_certificates(path).map_err(OutboundError::Certificates)?,
            None => Vec::new(),
        };
        let user_agent = HeaderValue::from_str(user_agent).map_err(|_| OutboundError::UserAgent)?;
        Ok(Self::with(Plan {
            user_agent,
            private_networks: section.private_networks.unwrap_or_default(),
            configured: Vec::new(),
            extra,
            names: Arc::new(SystemNames),
            patience: Patience::default(),
            proxies: true,
        }))
    }

    /// Connects to these wherever they are: an administrator has named them, not somebody who signed up.
    #[must_use]
    pub fn trusting(mut self, providers: &[ProviderSettings]) -> Self {
        let places = providers.iter().filter_map(|provider| Place::of(&Url::parse(&provider.url).ok()?));
        self.plan.configured = places.collect();
        self
    }

    pub(crate) fn with(plan: Plan) -> Self {
        Self { plan, client: OnceCell::new(), calls: Calls::default() }
    }

    /// Waits for what takes several calls, as long as all of it may take.
    pub(crate) async fn within<T>(&self, calls: impl Future<Output = T>) -> Result<T, Trouble> {
        timeout(self.plan.patience.whole, calls).await.map_err(|_| Trouble::TimedOut)
    }

    /// Sends a request and reads up to `most` bytes of the answer's body.
    pub(crate) async fn send(&self, request: Request, most: usize) -> Result<Answer, Trouble> {
        let client = self.client.get_or_try_init(|| async {
            let plan = self.plan.clone();
            let made = tokio::task::spawn_blocking(move || HttpClient::new(&plan)).await;
            made.map_err(|error| Trouble::Broken(error.to_string()))?
        });
        client.await?.send(request, most).await
    }
}

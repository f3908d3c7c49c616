//! A service that was started without a way to reach others.

use latchkey_api::{container_registries::RegistryFailure, wire::Secret};

use crate::{
    providers::*,
    registry_check::{RegistryCheck, RegistryCredentials, RegistryRefusal},
};

/// Reaches nobody.
pub(crate) struct NoNetwork;

fn alone<T>() -> Result<T, ProviderError> {
    Err(ProviderError::Unreachable("this service was started without a network".into()))
}

#[async_trait::async_trait]
impl SourceCodeProviders for NoNetwork {
    async fn start_device(&self, _: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        alone()
    }

    async fn poll_device(&self, _: &ProviderSettings, _: &Secret) -> Result<DeviceAnswer, ProviderError> {
        alone()
    }

    fn authorization_url(&self, at: &ProviderSettings, _: &AuthorizationRequest<'_>) -> String {
        at.url.clone()
    }

    async fn exchange_code(
        &self,
        _: &ProviderSettings,
        _: &Secret,
        _: &Secret,
        _: &str,
    ) -> Result<Tokens, ProviderError> {
        alone()
    }

    async fn refresh(&self, _: &ProviderSettings, _: &Secret) -> Result<Tokens, ProviderError> {
        alone()
    }

    async fn revoke(&self, _: &ProviderSettings, _: &Secret, _: Option<&Secret>) -> Result<bool, ProviderError> {
        alone()
    }

    async fn user(&self, _: &ProviderSettings, _: &Secret) -> Result<ProviderUser, ProviderError> {
        alone()
    }

    async fn repositories(
        &self,
        _: &ProviderSettings,
        _: &Secret,
        _: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        alone()
    }
}

#[async_trait::async_trait]
impl RegistryCheck for NoNetwork {
    async fn check(&self, credentials: &RegistryCredentials<'_>) -> Result<(), RegistryRefusal> {
        let detail = format!("{} cannot be reached: this service was started without a network.", credentials.host);
        Err(RegistryRefusal { failure: RegistryFailure::Unreachable, detail })
    }
}

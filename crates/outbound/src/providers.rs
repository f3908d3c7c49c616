//! Providers of source code, by their kind.

use latchkey_api::{instance::Provider, wire::Secret};
use latchkey_service::{
    AuthorizationRequest, DeviceAnswer, DeviceGrant, ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked,
    RepositoryPage, SourceCodeProviders, Tokens,
};

use crate::{oauth, outbound::Outbound};

#[async_trait::async_trait]
impl SourceCodeProviders for Outbound {
    async fn start_device(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        self.counted(at.provider, "start_device", self.device_grant(at)).await
    }

    async fn poll_device(&self, at: &ProviderSettings, device_code: &Secret) -> Result<DeviceAnswer, ProviderError> {
        self.counted(at.provider, "poll_device", self.device_answer(at, device_code)).await
    }

    fn authorization_url(&self, at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String {
        oauth::authorization_url(at, request)
    }

    async fn exchange_code(
        &self,
        at: &ProviderSettings,
        code: &Secret,
        code_verifier: &Secret,
        redirect_uri: &str,
    ) -> Result<Tokens, ProviderError> {
        let tokens = self.code_tokens(at, code, code_verifier, redirect_uri);
        self.counted(at.provider, "exchange_code", tokens).await
    }

    async fn refresh(&self, at: &ProviderSettings, refresh_token: &Secret) -> Result<Tokens, ProviderError> {
        self.counted(at.provider, "refresh", self.fresh_tokens(at, refresh_token)).await
    }

    async fn revoke(
        &self,
        at: &ProviderSettings,
        access_token: &Secret,
        refresh_token: Option<&Secret>,
    ) -> Result<bool, ProviderError> {
        let revoking = async {
            match at.provider {
                Provider::Github => self.github_revoke(at, access_token).await,
                Provider::Gitlab => self.gitlab_revoke(at, access_token, refresh_token).await,
            }
        };
        self.counted(at.provider, "revoke", async { self.within(revoking).await? }).await
    }

    async fn user(&self, at: &ProviderSettings, access_token: &Secret) -> Result<ProviderUser, ProviderError> {
        let asking = async {
            match at.provider {
                Provider::Github => self.github_user(at, access_token).await,
                Provider::Gitlab => self.gitlab_user(at, access_token).await,
            }
        };
        self.counted(at.provider, "user", asking).await
    }

    async fn repositories(
        &self,
        at: &ProviderSettings,
        access_token: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        let reading = async {
            match at.provider {
                Provider::Github => self.github_repositories(at, access_token, asked).await,
                Provider::Gitlab => self.gitlab_repositories(at, access_token, asked).await,
            }
        };
        self.counted(at.provider, "repositories", async { self.within(reading).await? }).await
    }
}

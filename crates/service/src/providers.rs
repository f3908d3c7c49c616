//! What the service asks of a provider of source code, and what it is told. Who speaks HTTP is given to it.

use latchkey_api::{instance::Provider, integrations::Repository, wire::Secret};

/// A provider the administrator has configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Which kind.
    pub provider: Provider,
    /// Its web address without a slash at the end, as in `https://github.com`. `https`, or `http` on this computer.
    pub url: String,
    /// The client id it gave the service.
    pub client_id: String,
    /// The client secret, where it gave one.
    pub client_secret: Option<Secret>,
    /// What is asked for.
    pub scopes: Vec<String>,
}

/// A device authorisation that has begun (RFC 8628 section 3.2).
#[derive(Clone, Debug)]
pub struct DeviceGrant {
    /// What the provider is asked about it with.
    pub device_code: Secret,
    /// What the person types.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: Option<String>,
    /// Seconds until it ends.
    pub expires_in: u32,
    /// Seconds between two questions.
    pub interval: u32,
}

/// What a provider says about a device authorisation (RFC 8628 section 3.5).
#[derive(Clone, Debug)]
pub enum DeviceAnswer {
    /// The person has not decided yet.
    Pending,
    /// The same, and it was asked too often: wait five seconds longer from now on.
    SlowDown,
    /// They agreed.
    Granted(Tokens),
    /// They said no.
    Denied,
    /// It took too long.
    Expired,
}

/// Tokens of an account at a provider (RFC 6749 section 5.1).
#[derive(Clone, Debug)]
pub struct Tokens {
    /// What requests are made with.
    pub access_token: Secret,
    /// What new ones are got with.
    pub refresh_token: Option<Secret>,
    /// Seconds until the access token ends; `None` is never.
    pub expires_in: Option<u32>,
    /// What was granted, where the provider says so.
    pub scopes: Option<Vec<String>>,
}

/// An authorisation request (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
#[derive(Clone, Debug)]
pub struct AuthorizationRequest<'a> {
    /// Where the browser is sent back to.
    pub redirect_uri: &'a str,
    /// `state`
    pub state: &'a str,
    /// `code_challenge`, by `S256`.
    pub code_challenge: &'a str,
}

/// Who a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderUser {
    /// The account's id there. It stays when the name changes.
    pub subject: String,
    /// Its name there.
    pub login: String,
    /// What was granted, where the provider says so with each answer.
    pub scopes: Option<Vec<String>>,
}

/// Which repositories.
#[derive(Clone, Debug)]
pub struct RepositoriesAsked<'a> {
    /// Only those with this in their name.
    pub search: Option<&'a str>,
    /// Which page, from 1 on.
    pub page: u32,
    /// Rows a page, 1 to 100.
    pub rows: u8,
}

/// A page of repositories.
#[derive(Clone, Debug)]
pub struct RepositoryPage {
    /// The rows.
    pub items: Vec<Repository>,
    /// Whether there is another page.
    pub more: bool,
}

/// What a provider did not do. The texts are for a log; none holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It could not be reached, did not answer in time, or not as a provider does; or, asked for tokens, it does not take
    /// the service as a client, which is the administrator's to mend.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// The token is not, or no longer, good (401), or the grant is not (`invalid_grant`).
    #[error("the token or grant is not good: {0}")]
    Revoked(String),
    /// It asks to be asked less often.
    #[error("asked too often")]
    TooOften {
        /// Seconds until it answers again, where it says so.
        retry_after: Option<u32>,
    },
    /// It refused for another reason: an OAuth error code (RFC 6749 section 5.2), or a status.
    #[error("refused: {0}")]
    Refused(String),
}

/// Asks providers of source code. Each call asks once, is bounded in time and size, and follows no redirection. Only a
/// search may read several pages.
#[async_trait::async_trait]
pub trait SourceCodeProviders: Send + Sync {
    /// Begins a device authorisation.
    async fn start_device(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError>;

    /// Asks once how a device authorisation stands.
    async fn poll_device(&self, at: &ProviderSettings, device_code: &Secret) -> Result<DeviceAnswer, ProviderError>;

    /// Where to send the browser.
    fn authorization_url(&self, at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String;

    /// Exchanges an authorisation code. `invalid_grant` is [`ProviderError::Revoked`].
    async fn exchange_code(
        &self,
        at: &ProviderSettings,
        code: &Secret,
        code_verifier: &Secret,
        redirect_uri: &str,
    ) -> Result<Tokens, ProviderError>;

    /// Gets new tokens. `invalid_grant` is [`ProviderError::Revoked`].
    async fn refresh(&self, at: &ProviderSettings, refresh_token: &Secret) -> Result<Tokens, ProviderError>;

    /// Has the provider forget tokens. `Ok(false)` where it cannot be asked to.
    async fn revoke(
        &self,
        at: &ProviderSettings,
        access_token: &Secret,
        refresh_token: Option<&Secret>,
    ) -> Result<bool, ProviderError>;

    /// Who a token stands for.
    async fn user(&self, at: &ProviderSettings, access_token: &Secret) -> Result<ProviderUser, ProviderError>;

    /// Lists what a token reaches.
    async fn repositories(
        &self,
        at: &ProviderSettings,
        access_token: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError>;
}

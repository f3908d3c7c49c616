//! A provider of source code by a script, in the place of those of other people.

use std::sync::{Mutex, MutexGuard, PoisonError};

use latchkey_api::{
    instance::Provider,
    integrations::{Repository, Visibility},
    wire::Secret,
};
use latchkey_service::{
    AuthorizationRequest, DeviceAnswer, DeviceGrant, ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked,
    RepositoryPage, SourceCodeProviders, Tokens,
};

/// What the provider is called here.
pub const SOURCE_CODE_HOST: &str = "git.example.com";

/// A provider whose person agrees, or not yet. Each token it gives is another one, lasts two hours, and can be replaced
/// once.
#[derive(Default)]
pub struct SourceCode {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    agrees: bool,
    given: u32,
    revoked: Vec<u32>,
    away: bool,
}

impl SourceCode {
    /// As an administrator configures it.
    pub fn settings() -> ProviderSettings {
        ProviderSettings {
            provider: Provider::Gitlab,
            url: format!("https://{SOURCE_CODE_HOST}"),
            client_id: "latchkey".into(),
            client_secret: None,
            scopes: vec!["read_api".into(), "read_repository".into()],
        }
    }

    /// From now on the person agrees to whatever is asked.
    pub fn agrees(&self) {
        self.state().agrees = true;
    }

    /// Whether it cannot be reached.
    pub fn is_away(&self, away: bool) {
        self.state().away = away;
    }

    /// The person takes back what they granted.
    pub fn takes_back(&self) {
        let mut state = self.state();
        state.revoked = (1..=state.given).collect();
    }

    /// Which of the tokens, counted from 1, are worth nothing any more.
    pub fn revoked(&self) -> Vec<u32> {
        self.state().revoked.clone()
    }

    /// The access token it gave as this one, counted from 1.
    pub fn access_token(number: u32) -> String {
        format!("zucchini-access-token-{number}")
    }

    fn refresh_token(number: u32) -> String {
        format!("zucchini-refresh-token-{number}")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reached(&self) -> Result<MutexGuard<'_, State>, ProviderError> {
        let state = self.state();
        if state.away { Err(ProviderError::Unreachable("away".into())) } else { Ok(state) }
    }

    fn give(state: &mut State) -> Tokens {
        state.given += 1;
        Tokens {
            access_token: Secret::new(Self::access_token(state.given)),
            refresh_token: Some(Secret::new(Self::refresh_token(state.given))),
            expires_in: Some(7200),
            scopes: Some(vec!["read_api".into(), "read_repository".into()]),
        }
    }

    /// Reached with a token that is good.
    fn with(&self, token: &Secret) -> Result<(), ProviderError> {
        let state = self.reached()?;
        let good = (1..=state.given).find(|number| Self::access_token(*number) == token.expose());
        match good {
            Some(number) if !state.revoked.contains(&number) => Ok(()),
            _ => Err(ProviderError::Revoked("401".into())),
        }
    }
}

#[async_trait::async_trait]
impl SourceCodeProviders for SourceCode {
    async fn start_device(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        drop(self.reached()?);
        Ok(DeviceGrant {
            device_code: Secret::new("zucchini-device-code"),
            user_code: "WDJB-MJHT".into(),
            verification_uri: format!("{}/oauth/device", at.url),
            verification_uri_complete: None,
            expires_in: 900,
            interval: 5,
        })
    }

    async fn poll_device(&self, _: &ProviderSettings, _: &Secret) -> Result<DeviceAnswer, ProviderError> {
        let mut state = self.reached()?;
        Ok(if state.agrees { DeviceAnswer::Granted(Self::give(&mut state)) } else { DeviceAnswer::Pending })
    }

    fn authorization_url(&self, at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String {
        format!("{}/oauth/authorize?state={}&code_challenge={}", at.url, request.state, request.code_challenge)
    }

    async fn exchange_code(
        &self,
        _: &ProviderSettings,
        _: &Secret,
        _: &Secret,
        _: &str,
    ) -> Result<Tokens, ProviderError> {
        Ok(Self::give(&mut *self.reached()?))
    }

    async fn refresh(&self, _: &ProviderSettings, refresh_token: &Secret) -> Result<Tokens, ProviderError> {
        let mut state = self.reached()?;
        let number = state.given;
        if Self::refresh_token(number) != refresh_token.expose() || state.revoked.contains(&number) {
            return Err(ProviderError::Revoked("invalid_grant".into()));
        }
        Ok(Self::give(&mut state))
    }

    async fn revoke(
        &self,
        _: &ProviderSettings,
        access_token: &Secret,
        _: Option<&Secret>,
    ) -> Result<bool, ProviderError> {
        let mut state = self.reached()?;
        let number = (1..=state.given).find(|number| Self::access_token(*number) == access_token.expose());
        state.revoked.extend(number);
        Ok(number.is_some())
    }

    async fn user(&self, _: &ProviderSettings, access_token: &Secret) -> Result<ProviderUser, ProviderError> {
        self.with(access_token)?;
        Ok(ProviderUser { subject: "42".into(), login: "maren".into(), scopes: None })
    }

    async fn repositories(
        &self,
        at: &ProviderSettings,
        access_token: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        self.with(access_token)?;
        let repository = |name: &str| Repository {
            name: format!("northwind/{name}"),
            description: None,
            visibility: Visibility::Private,
            default_branch: Some("main".into()),
            clone_url: format!("{}/northwind/{name}.git", at.url),
            web_url: format!("{}/northwind/{name}", at.url),
        };
        let all =
            ["tools", "site", "toolbox"].iter().filter(|name| asked.search.is_none_or(|part| name.contains(part)));
        let rows = usize::from(asked.rows);
        let mut rest = all.skip(rows * (asked.page.max(1) as usize - 1)).map(|name| repository(name));
        let items = rest.by_ref().take(rows).collect();
        Ok(RepositoryPage { items, more: rest.next().is_some() })
    }
}

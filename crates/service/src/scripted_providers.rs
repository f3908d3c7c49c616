//! Providers that answer as a test says, remember what they were asked, and replace refresh tokens as real ones do.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};

use latchkey_api::wire::Secret;
use tokio::sync::{Notify, Semaphore};

use crate::{
    AuthorizationRequest, DeviceAnswer, DeviceGrant, ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked,
    RepositoryPage, SourceCodeProviders, Tokens,
};

/// What a test says. Where a queue is empty, the answer is the usual one.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) polls: VecDeque<Result<DeviceAnswer, ProviderError>>,
    pub(crate) exchanges: VecDeque<Result<Tokens, ProviderError>>,
    pub(crate) refreshes: VecDeque<Result<Tokens, ProviderError>>,
    pub(crate) users: VecDeque<Result<ProviderUser, ProviderError>>,
    pub(crate) pages: VecDeque<Result<RepositoryPage, ProviderError>>,
    pub(crate) revocations: VecDeque<Result<bool, ProviderError>>,
    /// Each call with what it brought along.
    pub(crate) calls: Vec<String>,
    /// Tokens that were given so far.
    given: u32,
    /// The refresh token that is good.
    current: Option<String>,
}

/// Providers after a script. While the gate is shut, whoever asks has to wait there.
pub(crate) struct Scripted {
    script: Mutex<Script>,
    /// A permit for each answer that may be given.
    gate: Semaphore,
    asked: Notify,
}

/// Answers that nobody counts.
const PLENTY: usize = 1 << 20;

impl Default for Scripted {
    fn default() -> Self {
        Self { script: Mutex::default(), gate: Semaphore::new(PLENTY), asked: Notify::default() }
    }
}

impl Scripted {
    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// How often something was asked whose record begins so.
    pub(crate) fn asked(&self, what: &str) -> usize {
        self.script().calls.iter().filter(|call| call.starts_with(what)).count()
    }

    /// Waits until it was asked so often.
    pub(crate) async fn wait_for(&self, what: &str, times: usize) {
        let asked = async {
            loop {
                let more = self.asked.notified();
                if self.asked(what) >= times {
                    return;
                }
                more.await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), asked).await.expect("it is asked");
    }

    /// Nobody gets an answer from now on.
    pub(crate) fn shut(&self) {
        self.gate.forget_permits(usize::MAX);
    }

    /// Everybody gets one again.
    pub(crate) fn open(&self) {
        self.gate.add_permits(PLENTY);
    }

    /// One gets an answer.
    pub(crate) fn open_once(&self) {
        self.gate.add_permits(1);
    }

    async fn note(&self, call: String) {
        self.script().calls.push(call);
        self.asked.notify_waiters();
        self.gate.acquire().await.unwrap().forget();
    }

    /// The next tokens: they last an hour, and replace the refresh token before.
    pub(crate) fn tokens(&self) -> Tokens {
        let mut script = self.script();
        script.given += 1;
        let refresh = format!("refresh-secret-{}", script.given);
        script.current = Some(refresh.clone());
        Tokens {
            access_token: Secret::new(format!("access-secret-{}", script.given)),
            refresh_token: Some(Secret::new(refresh)),
            expires_in: Some(3600),
            scopes: Some(vec!["read_api".into(), "read_repository".into()]),
        }
    }
}

pub(crate) fn user(subject: &str, login: &str) -> ProviderUser {
    ProviderUser { subject: subject.into(), login: login.into(), scopes: None }
}

pub(crate) fn unreachable<T>() -> Result<T, ProviderError> {
    Err(ProviderError::Unreachable("no route".into()))
}

pub(crate) fn revoked<T>() -> Result<T, ProviderError> {
    Err(ProviderError::Revoked("invalid_grant".into()))
}

pub(crate) fn refused<T>() -> Result<T, ProviderError> {
    Err(ProviderError::Refused("account_blocked".into()))
}

#[async_trait::async_trait]
impl SourceCodeProviders for Scripted {
    async fn start_device(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        self.note(format!("start {}", at.host())).await;
        Ok(DeviceGrant {
            device_code: Secret::new("device-secret"),
            user_code: "WDJB-MJHT".into(),
            verification_uri: format!("{}/login/device", at.url),
            verification_uri_complete: None,
            expires_in: 900,
            interval: 5,
        })
    }

    async fn poll_device(&self, _: &ProviderSettings, device_code: &Secret) -> Result<DeviceAnswer, ProviderError> {
        self.note(format!("poll {}", device_code.expose())).await;
        let said = self.script().polls.pop_front();
        said.unwrap_or(Ok(DeviceAnswer::Pending))
    }

    fn authorization_url(&self, at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String {
        format!("{}?{}&{}&{}", at.url, request.state, request.code_challenge, request.redirect_uri)
    }

    async fn exchange_code(
        &self,
        _: &ProviderSettings,
        code: &Secret,
        code_verifier: &Secret,
        redirect_uri: &str,
    ) -> Result<Tokens, ProviderError> {
        self.note(format!("exchange {} {} {redirect_uri}", code.expose(), code_verifier.expose())).await;
        let said = self.script().exchanges.pop_front();
        said.unwrap_or_else(|| Ok(self.tokens()))
    }

    async fn refresh(&self, _: &ProviderSettings, refresh_token: &Secret) -> Result<Tokens, ProviderError> {
        self.note(format!("refresh {}", refresh_token.expose())).await;
        let said = self.script().refreshes.pop_front();
        if let Some(said) = said {
            return said;
        }
        if self.script().current.as_deref() != Some(refresh_token.expose()) {
            return revoked();
        }
        Ok(self.tokens())
    }

    async fn revoke(
        &self,
        _: &ProviderSettings,
        access_token: &Secret,
        refresh_token: Option<&Secret>,
    ) -> Result<bool, ProviderError> {
        let refresh_token = refresh_token.map(Secret::expose).unwrap_or_default();
        self.note(format!("revoke {} {refresh_token}", access_token.expose())).await;
        let said = self.script().revocations.pop_front();
        said.unwrap_or(Ok(true))
    }

    async fn user(&self, _: &ProviderSettings, access_token: &Secret) -> Result<ProviderUser, ProviderError> {
        self.note(format!("user {}", access_token.expose())).await;
        let said = self.script().users.pop_front();
        said.unwrap_or_else(|| Ok(user("42", "maren")))
    }

    async fn repositories(
        &self,
        _: &ProviderSettings,
        access_token: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        let RepositoriesAsked { search, page, rows } = asked;
        self.note(format!("repositories {} {search:?} {page} {rows}", access_token.expose())).await;
        let said = self.script().pages.pop_front();
        said.unwrap_or_else(|| Ok(RepositoryPage { items: Vec::new(), more: false }))
    }
}

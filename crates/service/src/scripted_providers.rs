//! Providers that answer as a test says, remember what they were asked, and replace refresh tokens as real ones do; and a
//! service that has them.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Duration, Utc};
use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    instance::Provider,
    integrations::*,
    password::{PasswordApi, Reauthentication},
    sessions::{SessionsApi, SignIn},
    wire::Secret,
};
use latchkey_store::{AccountId, Chain, SessionId};
use tempfile::TempDir;
use tokio::sync::{Notify, Semaphore};

use crate::{
    Clock, DeviceAnswer, DeviceGrant, Environment, FixedKey, HashCost, ProviderError, ProviderSettings, ProviderUser,
    RepositoriesAsked, RepositoryPage, Service, Settings, SourceCodeProviders, Tokens,
};

pub(crate) const PASSWORD: &str = "seven small otters dance";

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

    fn authorization_url(&self, at: &ProviderSettings, request: &crate::AuthorizationRequest<'_>) -> String {
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

pub(crate) struct Hands(Mutex<DateTime<Utc>>);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Ada, in a session, at a service with two providers.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) providers: Arc<Scripted>,
    pub(crate) clock: Arc<Hands>,
    pub(crate) account: AccountId,
    pub(crate) ada: Caller,
    pub(crate) session: SessionId,
    pub(crate) folder: TempDir,
}

/// GitHub without a client secret, and a GitLab of one's own.
pub(crate) fn configured() -> Vec<ProviderSettings> {
    let settings = |provider, url: &str, scopes: &[&str]| ProviderSettings {
        provider,
        url: url.into(),
        client_id: "client".into(),
        client_secret: None,
        scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
    };
    vec![
        settings(Provider::Github, "https://github.com", &["repo"]),
        settings(Provider::Gitlab, "https://git.example.com", &["read_api", "read_repository"]),
    ]
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(configured(), false).await
    }

    pub(crate) async fn with(integrations: Vec<ProviderSettings>, throttles: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hands(Mutex::new(DateTime::from_timestamp(1_768_219_200, 0).unwrap())));
        let providers = Arc::new(Scripted::default());
        let service = open(folder.path(), &clock, &providers, integrations, throttles).await;
        let [username, name] = ["ada", "Ada"].map(str::to_owned);
        let ada = SignUp { username, name, email: "ada@example.com".into(), password: Secret::new(PASSWORD) };
        let account = AccountId(service.create_account(&Caller::default(), ada).await.unwrap().id);
        let (ada, session) = signs_in(&service).await;
        Self { service, providers, clock, account, ada, session, folder }
    }

    /// Another node on the same database, with the same providers.
    pub(crate) async fn another(&self, integrations: Vec<ProviderSettings>) -> Service {
        open(self.folder.path(), &self.clock, &self.providers, integrations, false).await
    }

    pub(crate) fn advance(&self, seconds: i64) {
        *self.clock.0.lock().unwrap() += Duration::seconds(seconds);
    }

    /// Ada proves once more who she is.
    pub(crate) async fn proves(&self) {
        let proof = Reauthentication { password: Secret::new(PASSWORD), code: None, backup_code: None };
        self.service.reauthenticate(&self.ada, proof).await.unwrap();
    }

    /// Begins by a device code; the attempt's path.
    pub(crate) async fn begins(&self, provider: Provider, reconnect: Option<uuid::Uuid>) -> AttemptPath {
        let body = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect };
        let begun = self.service.connect_integration(&self.ada, ProviderPath { provider }, body).await.unwrap();
        self.advance(5);
        AttemptPath { id: begun.id }
    }

    /// The person agrees.
    pub(crate) fn agrees(&self) {
        let tokens = self.providers.tokens();
        self.providers.script().polls.push_back(Ok(DeviceAnswer::Granted(tokens)));
    }

    pub(crate) async fn polls(&self, attempt: &AttemptPath) -> AttemptState {
        self.service.poll_connection(&self.ada, attempt.clone()).await.unwrap()
    }

    /// Connects an account.
    pub(crate) async fn connects(&self, provider: Provider) -> Integration {
        let attempt = self.begins(provider, None).await;
        self.agrees();
        let state = self.polls(&attempt).await;
        assert_eq!(state.status, AttemptStatus::Connected, "{state:?}");
        state.integration.unwrap()
    }

    /// What was written down about integrations, with its details, the oldest first.
    pub(crate) async fn recorded(&self) -> Vec<(String, String, bool)> {
        let rows = self.service.store().list_events(self.account, Some("source_code"), None, 100).await.unwrap();
        let chain = self.service.store().verify_events(self.account).await.unwrap();
        assert!(matches!(chain, Chain::Whole { .. }));
        rows.into_iter().rev().map(|row| (row.kind, row.details, row.session_id.is_some())).collect()
    }

    /// The only connection, as it is shown.
    pub(crate) async fn shown(&self) -> Integration {
        let mut all = self.service.integrations_of(self.account).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// The bytes of the database and its log.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let file = |end| self.folder.path().join(format!("latchkey.db{end}"));
        ["", "-wal", "-shm"].iter().flat_map(|end| std::fs::read(file(end)).unwrap_or_default()).collect()
    }
}

/// Signs in; the caller and the session.
pub(crate) async fn signs_in(service: &Service) -> (Caller, SessionId) {
    let sign_in = SignIn { login: "ada".into(), password: Secret::new(PASSWORD), client: None };
    let answer = service.sign_in(&Caller::default(), sign_in).await.unwrap();
    (Caller::with_token(answer.token.expose()), SessionId(answer.session.id))
}

async fn open(
    folder: &Path,
    clock: &Arc<Hands>,
    providers: &Arc<Scripted>,
    integrations: Vec<ProviderSettings>,
    throttles: bool,
) -> Service {
    let hash_cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    let settings = Settings { throttles, integrations, hash_cost, ..Settings::default() };
    let keys = Arc::new(FixedKey([7; 32]));
    let environment = Environment { clock: clock.clone(), keys, providers: providers.clone(), ..Environment::system() };
    Service::open(&folder.join("latchkey.db"), settings, environment).await.unwrap()
}

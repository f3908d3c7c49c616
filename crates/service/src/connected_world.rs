//! Ada at a service with providers by a script.

use std::{
    path::Path,
    sync::{Arc, Mutex},
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

use crate::{
    Clock, DeviceAnswer, Environment, FixedKey, HashCost, ProviderSettings, Service, Settings,
    scripted_providers::Scripted,
};

pub(crate) const PASSWORD: &str = "seven small otters dance";

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

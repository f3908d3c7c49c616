//! Somebody with an account at a service that knows one provider.

use std::time::Duration;

use latchkey_api::{
    accounts::AccountsApi,
    common::Caller,
    credentials::{CredentialsApi, GitCredential, GitCredentialRequest},
    instance::Provider as Kind,
    integrations::{
        AttemptPath, AttemptState, AttemptStatus, Connect, ConnectMethod, ConnectionAttempt, FinishConnection,
        Integration, IntegrationPath, IntegrationsApi, ProviderPath, RepositoriesQuery,
    },
    problem::ApiResult,
    sessions::SessionsApi,
    wire::Secret,
};
use latchkey_client::Client;
use serde_json::{Value, json};

use super::provider::{Back, Provider};
use crate::{
    program::{Home, Served},
    serving::{ada, sign_in},
};

/// The client secret the provider gave out, where it did.
pub(crate) const SECRET: &str = "s3cret-of-the-client";

/// Where the browser is sent back to; nobody listens there, as tests follow no further.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:7777/callback";

/// Whose account at the provider it is.
pub(crate) const LOGIN: &str = "maren";

/// Somebody who is signed in, and the provider.
pub(crate) struct There {
    pub(crate) provider: Provider,
    pub(crate) client: Client,
    pub(crate) me: Caller,
    pub(crate) served: Served,
    pub(crate) home: Home,
}

impl There {
    /// With a client that has a secret.
    pub(crate) async fn at(kind: Kind) -> Self {
        Self::with(kind, Some(SECRET), json!({})).await
    }

    /// The same, and what GitHub has published of its API is held against what is asked and answered.
    pub(crate) async fn described(kind: Kind, mut settings: Value) -> Self {
        settings["described"] = json!(true);
        Self::with(kind, Some(SECRET), settings).await
    }

    /// Nothing was asked or answered that GitHub's description does not have. GitLab publishes none.
    pub(crate) fn keeps_to_the_description(&self) {
        let expected = if self.kind() == Kind::Github { json!([]) } else { Value::Null };
        assert_eq!(self.provider.seen("/violations"), expected);
    }

    /// With these settings of the provider, and a secret or none.
    pub(crate) async fn with(kind: Kind, secret: Option<&str>, mut settings: Value) -> Self {
        settings["client_secret"] = json!(secret);
        let (provider, home) = (Provider::start(kind, &settings), Home::new());
        let served = serve(&home, &provider, secret);
        let client = served.client();
        client.create_account(&Caller::default(), ada()).await.unwrap();
        let me = another_session(&client).await;
        Self { provider, client, me, served, home }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.provider.kind()
    }

    fn path(&self) -> ProviderPath {
        ProviderPath { provider: self.kind() }
    }

    pub(crate) async fn begins(&self, body: Connect) -> ApiResult<ConnectionAttempt> {
        self.client.connect_integration(&self.me, self.path(), body).await
    }

    pub(crate) async fn begins_device(&self) -> ConnectionAttempt {
        self.begins(by(ConnectMethod::Device)).await.unwrap()
    }

    pub(crate) async fn begins_code(&self) -> ConnectionAttempt {
        self.begins(by_code()).await.unwrap()
    }

    pub(crate) async fn polls(&self, attempt: &ConnectionAttempt) -> ApiResult<AttemptState> {
        self.client.poll_connection(&self.me, AttemptPath { id: attempt.id }).await
    }

    /// Asks until it is decided, as often as it is told to.
    pub(crate) async fn waits(&self, attempt: &ConnectionAttempt) -> AttemptState {
        loop {
            let state = self.polls(attempt).await.unwrap();
            if state.status != AttemptStatus::Pending {
                return state;
            }
            tokio::time::sleep(Duration::from_secs(state.interval.into())).await;
        }
    }

    pub(crate) async fn finishes(
        &self,
        attempt: &ConnectionAttempt,
        back: FinishConnection,
    ) -> ApiResult<AttemptState> {
        self.client.finish_connection(&self.me, AttemptPath { id: attempt.id }, back).await
    }

    /// Connects somebody's account by the flow with a device.
    pub(crate) async fn connects(&self, login: &str) -> Integration {
        let attempt = self.begins_device().await;
        self.provider.decides_device(&attempt, login, true);
        connected(self.waits(&attempt).await)
    }

    /// The only connection, as the list has it.
    pub(crate) async fn listed(&self) -> Integration {
        let mut listed = self.client.list_integrations(&self.me).await.unwrap().items;
        assert_eq!(listed.len(), 1, "{listed:?}");
        listed.remove(0)
    }

    pub(crate) fn one(&self) -> IntegrationPath {
        IntegrationPath { provider: self.kind(), id: None }
    }

    pub(crate) async fn checks(&self) -> Integration {
        self.client.check_integration(&self.me, self.one()).await.unwrap()
    }

    pub(crate) fn all(&self) -> RepositoriesQuery {
        RepositoriesQuery { provider: self.kind(), id: None, search: None, limit: None, after: None }
    }

    /// What `git` is given, once this session was let.
    pub(crate) async fn credential(&self) -> ApiResult<GitCredential> {
        let asked = GitCredentialRequest { host: self.provider.host().to_owned(), username: None };
        self.client.get_git_credential(&self.me, asked).await
    }

    /// The token, read as tools read it.
    pub(crate) async fn token(&self) -> String {
        self.client.allow_credentials(&self.me).await.unwrap();
        self.credential().await.unwrap().password.expose().to_owned()
    }
}

/// A service that knows the provider.
pub(crate) fn serve(home: &Home, provider: &Provider, secret: Option<&str>) -> Served {
    let environment = provider.environment(secret);
    let mut environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    environment.push(("LATCHKEY_POLICY__THROTTLES", "off"));
    home.serve(&environment)
}

pub(crate) async fn another_session(client: &Client) -> Caller {
    Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose())
}

pub(crate) fn by(method: ConnectMethod) -> Connect {
    Connect { method, host: None, redirect_uri: None, reconnect: None }
}

pub(crate) fn by_code() -> Connect {
    Connect { redirect_uri: Some(CALLBACK.into()), ..by(ConnectMethod::AuthorizationCode) }
}

/// What the app hands over, as it came.
pub(crate) fn brought(back: &Back) -> FinishConnection {
    FinishConnection {
        state: back.get("state").unwrap(),
        code: back.get("code").map(Secret::new),
        error: back.get("error"),
        iss: back.get("iss"),
    }
}

/// The connection of an attempt that went well.
pub(crate) fn connected(state: AttemptState) -> Integration {
    assert_eq!(state.status, AttemptStatus::Connected, "{state:?}");
    state.integration.expect("a connection")
}

/// The words of an attempt that did not.
pub(crate) fn words(state: &AttemptState, status: AttemptStatus) -> &str {
    assert_eq!((state.status, &state.integration), (status, &None), "{state:?}");
    let words = state.detail.as_deref().expect("words");
    assert!(words.ends_with('.'), "{words}");
    words
}

//! Those the service asks in Ada's story: a GitLab and a container registry that always say the same.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::Duration;
use latchkey_api::{
    common::Caller,
    container_registries::AuthoriseRegistry,
    instance::Provider,
    integrations::{AttemptPath, AttemptStatus, Connect, ConnectMethod, ProviderPath, Repository, Visibility},
    problem::ErrorCode,
    wire::Secret,
};
use latchkey_service::{
    AuthorizationRequest, DeviceAnswer, DeviceGrant, Environment, ProviderError, ProviderSettings, ProviderUser,
    RegistryCheck, RegistryCredentials, RegistryRefusal, RepositoriesAsked, RepositoryPage, Settings,
    SourceCodeProviders, Tokens,
};
use latchkey_testkit::World;

/// What Ada types at the registry.
pub(crate) const REGISTRY_PASSWORD: &str = "example-password-of-a-registry";

/// Ada agrees when she is asked for the second time.
#[derive(Default)]
struct Others {
    asked: AtomicBool,
}

/// A service that knows them.
pub(crate) fn environment(environment: &mut Environment) {
    let others = Arc::new(Others::default());
    environment.providers = others.clone();
    environment.registries = others;
}

/// As its administrator configured it.
pub(crate) fn settings(settings: &mut Settings) {
    settings.integrations = vec![ProviderSettings {
        provider: Provider::Gitlab,
        url: "https://gitlab.com".into(),
        client_id: "example".into(),
        client_secret: None,
        scopes: scopes(),
    }];
}

/// Connects Ada's account there.
pub(crate) async fn connect(world: &World, ada: &Caller) {
    let body = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let path = ProviderPath { provider: Provider::Gitlab };
    let id = world.api.connect_integration(ada, path, body).await.unwrap().id;
    while world.api.poll_connection(ada, AttemptPath { id }).await.unwrap().status == AttemptStatus::Pending {
        world.clock.advance(Duration::seconds(6));
    }
}

/// Authorises her at a registry, once.
pub(crate) async fn authorise(world: &World, ada: &Caller) {
    let body = AuthoriseRegistry {
        host: "registry.example.com".into(),
        username: "ada".into(),
        password: Secret::new(REGISTRY_PASSWORD),
        only_if_verified: None,
    };
    let taken = world.api.authorise_registry(ada, body).await.err();
    assert!(taken.is_none_or(|problem| problem.code() == ErrorCode::InvalidField));
}

fn scopes() -> Vec<String> {
    vec!["read_api".into(), "read_repository".into()]
}

fn tokens() -> Tokens {
    Tokens {
        access_token: Secret::new("glpat-EXAMPLE0000"),
        refresh_token: Some(Secret::new("EXAMPLE0001")),
        expires_in: Some(7200),
        scopes: Some(scopes()),
    }
}

#[async_trait::async_trait]
impl SourceCodeProviders for Others {
    async fn start_device(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        Ok(DeviceGrant {
            device_code: Secret::new("EXAMPLE0002"),
            user_code: "WDJB-MJHT".into(),
            verification_uri: format!("{}/oauth/device", at.url),
            verification_uri_complete: Some(format!("{}/oauth/device?user_code=WDJB-MJHT", at.url)),
            expires_in: 300,
            interval: 5,
        })
    }

    async fn poll_device(&self, _: &ProviderSettings, _: &Secret) -> Result<DeviceAnswer, ProviderError> {
        let agreed = self.asked.swap(true, Ordering::Relaxed);
        Ok(if agreed { DeviceAnswer::Granted(tokens()) } else { DeviceAnswer::Pending })
    }

    fn authorization_url(&self, at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String {
        format!("{}/oauth/authorize?state={}", at.url, request.state)
    }

    async fn exchange_code(
        &self,
        _: &ProviderSettings,
        _: &Secret,
        _: &Secret,
        _: &str,
    ) -> Result<Tokens, ProviderError> {
        Ok(tokens())
    }

    async fn refresh(&self, _: &ProviderSettings, _: &Secret) -> Result<Tokens, ProviderError> {
        Ok(tokens())
    }

    async fn revoke(&self, _: &ProviderSettings, _: &Secret, _: Option<&Secret>) -> Result<bool, ProviderError> {
        Ok(true)
    }

    async fn user(&self, _: &ProviderSettings, _: &Secret) -> Result<ProviderUser, ProviderError> {
        Ok(ProviderUser { subject: "4711".into(), login: "ada".into(), scopes: None })
    }

    async fn repositories(
        &self,
        at: &ProviderSettings,
        _: &Secret,
        _: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        let web_url = format!("{}/analytical/engine", at.url);
        let engine = Repository {
            name: "analytical/engine".into(),
            description: Some("Notes on the engine".into()),
            visibility: Visibility::Private,
            default_branch: Some("main".into()),
            clone_url: format!("{web_url}.git"),
            web_url,
        };
        Ok(RepositoryPage { items: vec![engine], more: false })
    }
}

#[async_trait::async_trait]
impl RegistryCheck for Others {
    async fn check(&self, _: &RegistryCredentials<'_>) -> Result<(), RegistryRefusal> {
        Ok(())
    }
}

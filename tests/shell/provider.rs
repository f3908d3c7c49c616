//! A provider of source code, played for the service.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use latchkey_api::{
    instance::Provider as Kind,
    integrations::{Repository, Visibility},
    wire::Secret,
};
use latchkey_service::{
    AuthorizationRequest, DeviceAnswer, DeviceGrant, ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked,
    RepositoryPage, SourceCodeProviders, Tokens,
};
use latchkey_testkit::{Wiring, World};

/// Its host.
pub(crate) const HOST: &str = "git.example";

/// The code it answers for, where a browser brings one.
pub(crate) const CODE: &str = "the right code";

/// The token it grants.
pub(crate) const TOKEN: &str = "glpat-granted";

/// Agrees to whatever it is asked, unless it was told what to say.
#[derive(Default)]
pub(crate) struct Provider {
    answers: Mutex<VecDeque<DeviceAnswer>>,
    is_revoked: AtomicBool,
    revoked: Mutex<Vec<String>>,
}

impl Provider {
    /// What it says to the next questions about a code that is typed.
    pub(crate) fn says(&self, answers: impl IntoIterator<Item = DeviceAnswer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// The tokens it was told to forget.
    pub(crate) fn revoked(&self) -> Vec<String> {
        self.revoked.lock().unwrap().clone()
    }

    /// From now on it takes none of its tokens.
    pub(crate) fn forgets(&self) {
        self.is_revoked.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> Result<(), ProviderError> {
        if self.is_revoked.load(Ordering::SeqCst) {
            return Err(ProviderError::Revoked("forgotten".into()));
        }
        Ok(())
    }
}

fn tokens() -> Tokens {
    Tokens { access_token: Secret::new(TOKEN), refresh_token: None, expires_in: None, scopes: None }
}

#[async_trait::async_trait]
impl SourceCodeProviders for Provider {
    async fn start_device(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        self.check()?;
        Ok(DeviceGrant {
            device_code: Secret::new("device code"),
            user_code: "WDJB-MJHT".into(),
            verification_uri: format!("{}/device", at.url),
            verification_uri_complete: None,
            expires_in: 600,
            interval: 1,
        })
    }

    async fn poll_device(&self, _: &ProviderSettings, _: &Secret) -> Result<DeviceAnswer, ProviderError> {
        self.check()?;
        Ok(self.answers.lock().unwrap().pop_front().unwrap_or_else(|| DeviceAnswer::Granted(tokens())))
    }

    fn authorization_url(&self, at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String {
        let url = format!("{}/authorize", at.url);
        let parameters = [("state", request.state), ("redirect_uri", request.redirect_uri)];
        url::Url::parse_with_params(&url, parameters).unwrap().into()
    }

    async fn exchange_code(
        &self,
        _: &ProviderSettings,
        code: &Secret,
        _: &Secret,
        _: &str,
    ) -> Result<Tokens, ProviderError> {
        self.check()?;
        if code.expose() == CODE { Ok(tokens()) } else { Err(ProviderError::Revoked("invalid_grant".into())) }
    }

    async fn refresh(&self, _: &ProviderSettings, _: &Secret) -> Result<Tokens, ProviderError> {
        self.check().map(|()| tokens())
    }

    async fn revoke(
        &self,
        _: &ProviderSettings,
        access_token: &Secret,
        _: Option<&Secret>,
    ) -> Result<bool, ProviderError> {
        self.check()?;
        self.revoked.lock().unwrap().push(access_token.expose().to_owned());
        Ok(true)
    }

    async fn user(&self, _: &ProviderSettings, _: &Secret) -> Result<ProviderUser, ProviderError> {
        self.check()?;
        Ok(ProviderUser { subject: "1".into(), login: "maren".into(), scopes: None })
    }

    async fn repositories(
        &self,
        at: &ProviderSettings,
        _: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        self.check()?;
        let repository = |name: &str| Repository {
            name: format!("maren/{name}"),
            description: None,
            visibility: Visibility::Private,
            default_branch: Some("main".into()),
            clone_url: format!("{}/maren/{name}.git", at.url),
            web_url: format!("{}/maren/{name}", at.url),
        };
        let all = ["tools", "website"].map(repository);
        let items = all.into_iter().filter(|one| one.name.contains(asked.search.unwrap_or_default())).collect();
        Ok(RepositoryPage { items, more: false })
    }
}

/// How a service that knows it as GitLab is set up.
pub(crate) fn gitlab_at(url: &str) -> ProviderSettings {
    ProviderSettings {
        provider: Kind::Gitlab,
        url: url.to_owned(),
        client_id: "latchkey".into(),
        client_secret: None,
        scopes: vec!["read_repository".into()],
    }
}

/// A world whose service knows this provider, at an address.
pub(crate) async fn world_with_provider(wiring: Wiring, url: &str) -> (World, Arc<Provider>) {
    let provider = Arc::new(Provider::default());
    let (played, settings) = (provider.clone(), gitlab_at(url));
    let world = World::with(wiring)
        .settings(|known| known.integrations = vec![settings])
        .environment(|environment| environment.providers = played)
        .build();
    (world.await, provider)
}

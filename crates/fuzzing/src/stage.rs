//! A service with people in it, for targets that need one. It stays for many inputs, because it is dear to make.

use std::{cell::RefCell, sync::Arc};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    api_keys::{ApiKeysApi, CreateApiKey, Scope},
    common::{Caller, PageQuery},
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi},
    credentials::CredentialsApi,
    instance::RegistryInfo,
    password::PasswordApi,
    problem::ApiResult,
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionsApi, SignIn},
    ssh_keys::{AddSshKey, SshKeysApi},
    two_factor::{TwoFactorApi, VerifyTwoFactor},
    wire::{ETag, Secret},
};
use latchkey_service::{RegistrySettings, Service};
use latchkey_testkit::{Authenticator, Person, Registries, SourceCode, Wiring, World, sign_in, sign_up};
use serde::Serialize;
use tokio::runtime::Runtime;

/// Inputs after which everything is made anew: what they leave behind must not add up.
const INPUTS: u32 = 500;

/// What Maren keeps, signs in with and is written to at.
const REGISTRY_PASSWORD: &str = "canary-of-the-registry";
const PASSWORD: &str = "four canaries whistle loudly";
const EMAIL: &str = "maren.canary@example.org";

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

/// The service and the two people on it.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) maren: Maren,
    pub(crate) bob: Bob,
    inputs: u32,
    joined: u32,
    pub(crate) runtime: Runtime,
}

/// Somebody who does nothing while strangers try.
pub(crate) struct Maren {
    caller: Caller,
    /// Nobody but her is ever told one of these.
    pub(crate) secrets: Vec<String>,
    /// Ids of what is hers, by the names they have in requests. They are no secrets, and open nothing to others.
    pub(crate) ids: Vec<(&'static str, String)>,
    /// All of it, as it was at first.
    pub(crate) at_first: Vec<String>,
}

/// Somebody who does what the input says, with a session and a key of his own.
pub(crate) struct Bob {
    pub(crate) person: Person,
    pub(crate) key: String,
}

/// Does something on the stage of this thread.
pub(crate) fn on_stage<T>(act: impl FnOnce(&mut Stage) -> T) -> T {
    STAGE.with_borrow_mut(|stage| {
        if stage.as_ref().is_some_and(|stage| stage.inputs >= INPUTS) {
            *stage = None;
        }
        let stage = stage.get_or_insert_with(Stage::new);
        stage.inputs += 1;
        let done = act(stage);
        stage.look_after_bob();
        done
    })
}

/// Takes down what this thread's targets have made: its files are removed. It is made again when it is needed.
pub fn close() {
    STAGE.set(None);
}

impl Stage {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (world, maren, bob) = runtime.block_on(async {
            let registries = Arc::new(Registries::default());
            registries.takes("ghcr.io", "maren", REGISTRY_PASSWORD);
            let world = World::with(Wiring::Direct).mail().settings(|settings| {
                settings.integrations = vec![SourceCode::settings()];
                let info = RegistryInfo { service: "registry.test".into(), host: "localhost:5000".into() };
                settings.registry = Some(RegistrySettings { info, issuer: "latchkey".into() });
            });
            let world = world.environment(|environment| {
                environment.registries = registries;
                environment.providers = Arc::new(SourceCode::default());
            });
            let world = world.build().await;
            let maren = Maren::joins(&world).await;
            let bob = Bob::joins(&world, "bob").await;
            (world, maren, bob)
        });
        Self { world, maren, bob, inputs: 0, joined: 0, runtime }
    }

    /// Where he closed his session or deleted his account, he comes again under another name.
    fn look_after_bob(&mut self) {
        let Self { runtime, world, bob, joined, .. } = self;
        runtime.block_on(async {
            let there = world.service.get_profile(&bob.person.caller).await.is_ok();
            let key = world.service.get_profile(&Caller::with_token(&*bob.key)).await.is_ok();
            if !(there && key) {
                *joined += 1;
                *bob = Bob::joins(world, &format!("bob-{joined}-again")).await;
            }
        });
    }
}

impl Bob {
    async fn joins(world: &World, username: &str) -> Self {
        let person = Person::joins(&*world.api, username).await;
        let body = CreateApiKey { name: "script".into(), scopes: vec![Scope::Api, Scope::Registry], expires_at: None };
        let key = world.service.create_api_key(&person.caller, body).await.expect("a key is made");
        Self { person, key: key.token.expose().into() }
    }
}

impl Maren {
    async fn joins(world: &World) -> Self {
        let service = &world.service;
        // Nothing of hers stands in the documentation, which everybody may read.
        let sign_up = SignUp { email: EMAIL.into(), password: Secret::new(PASSWORD), ..sign_up("maren") };
        service.create_account(&Caller::default(), sign_up).await.expect("she signs up");
        let sign_in = SignIn { password: Secret::new(PASSWORD), ..sign_in("maren") };
        let person = Person::from(service.sign_in(&Caller::default(), sign_in).await.expect("she signs in"));
        let caller = person.caller.clone();
        let patch = ProfilePatch { bio: Some(Some("canary of the profile".into())), ..ProfilePatch::default() };
        let any = IfMatch { if_match: ETag("*".into()) };
        service.update_profile(&caller, any, patch).await.expect("the profile is hers");
        let body = CreateApiKey { name: "canary".into(), scopes: vec![Scope::Api], expires_at: None };
        let key = service.create_api_key(&caller, body).await.expect("a key is made");
        let personal = service.generate_api_key(&caller).await.expect("a key is made");
        let public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN6Vr7498zKZzQ7aNx7KJipOjTy6uJqSdxpL7ZUG9Vtp";
        let body = AddSshKey { name: "canary".into(), public_key: public_key.into() };
        let ssh = service.add_ssh_key(&caller, body).await.expect("a key is added");
        let (host, username) = ("ghcr.io".into(), "maren".into());
        let body =
            AuthoriseRegistry { host, username, password: Secret::new(REGISTRY_PASSWORD), only_if_verified: None };
        let registry = service.authorise_registry(&caller, body).await.expect("a registry is authorised");
        let setup = service.start_two_factor(&caller).await.expect("a setup begins");
        let app = Authenticator::scans(&setup);
        let code = VerifyTwoFactor { code: app.code(&world.clock) };
        let codes = service.verify_two_factor(&caller, code).await.expect("the code is right");
        let mut secrets = vec![
            caller.credential.as_ref().map(|token| token.expose().to_owned()).unwrap_or_default(),
            PASSWORD.into(),
            setup.secret.expose().into(),
            key.token.expose().into(),
            personal.api_key.expose().into(),
            REGISTRY_PASSWORD.into(),
            "canary of the profile".into(),
            EMAIL.into(),
        ];
        secrets.extend(codes.backup_codes.iter().map(|code| code.expose().to_owned()));
        let ids = vec![
            ("$session", person.session.id.to_string()),
            ("$key", key.id.to_string()),
            ("$ssh", ssh.id.to_string()),
            ("$registry", registry.id.to_string()),
        ];
        let mut maren = Self { caller, secrets, ids, at_first: Vec::new() };
        maren.at_first = maren.state(service).await;
        maren
    }

    /// Everything of hers that can be read.
    pub(crate) async fn state(&self, service: &Service) -> Vec<String> {
        let (caller, page) = (&self.caller, PageQuery::default);
        let profile = service.get_profile(caller).await.expect("her session is open");
        vec![
            profile.etag.0.clone(),
            written(Ok(profile.value)),
            written(service.list_sessions(caller, page()).await),
            written(service.get_two_factor(caller).await),
            written(service.get_password_status(caller).await),
            written(service.get_api_key(caller).await),
            written(service.list_api_keys(caller, page()).await),
            written(service.list_ssh_keys(caller, page()).await),
            written(service.list_container_registries(caller, page()).await),
            written(service.get_credential_access(caller).await),
        ]
    }
}

fn written<T: Serialize>(read: ApiResult<T>) -> String {
    serde_json::to_string(&read.expect("her session is open")).expect("it is written as JSON")
}

//! `git clone` with the program as the helper, and a token that an authorisation server really issued.

use std::{fs, time::Duration};

use latchkey::{git_config::Git, tool_environment::ToolEnvironment};
use latchkey_api::{
    credentials::CredentialsApi,
    instance::Provider as Kind,
    integrations::{
        AttemptPath, AttemptStatus, Connect, ConnectMethod, IntegrationPath, IntegrationsApi, ProviderPath,
    },
    wire::Secret,
};
use latchkey_service::{Clock, ProviderSettings, SystemClock};
use latchkey_testkit::{Person, Wiring, World};
use serde_json::json;

use crate::{
    git::files_with,
    machine::{Machine, Ran},
    oauth_provider::{CLIENT_ID, Provider},
};

const SECRET: &str = "s3cret-of-the-client";

/// A world whose service asks a provider that runs beside it.
async fn world(provider: &Provider, kind: Kind) -> World {
    let settings = ProviderSettings {
        provider: kind,
        url: provider.url().into(),
        client_id: CLIENT_ID.into(),
        client_secret: Some(Secret::new(SECRET)),
        scopes: match kind {
            Kind::Github => vec!["repo".into()],
            Kind::Gitlab => vec!["read_api".into(), "read_repository".into()],
        },
    };
    let world =
        World::with(Wiring::Socket).outbound().settings(|known| known.integrations = vec![settings]).build().await;
    // git goes by the clock of this computer, and uses no password whose end has passed.
    world.clock.advance(SystemClock.now() - world.clock.now());
    world
}

async fn connect(world: &World, provider: &Provider, ada: &Person, kind: Kind) {
    let connect = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let path = ProviderPath { provider: kind };
    let begun = world.service.connect_integration(&ada.caller, path, connect).await.unwrap();
    provider.decides_device(&begun, "maren", true);
    world.clock.advance(chrono::TimeDelta::seconds(10));
    let state = world.service.poll_connection(&ada.caller, AttemptPath { id: begun.id }).await.unwrap();
    assert_eq!(state.status, AttemptStatus::Connected, "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_repository_at_github_is_cloned_while_it_is_connected() {
    clones(Kind::Github).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_repository_at_gitlab_is_cloned_while_it_is_connected() {
    clones(Kind::Gitlab).await;
}

async fn clones(kind: Kind) {
    let provider = Provider::start(kind, &json!({"client_secret": SECRET}));
    let world = world(&provider, kind).await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let tools = ToolEnvironment::new(machine.home(), env!("CARGO_BIN_EXE_latchkey").into(), path);
    Git::find(&tools).unwrap().add(provider.host()).unwrap();
    let repository = format!("{}/northwind/tools.git", provider.url());
    let clone = |into: &str| -> Ran {
        let mut git = machine.command("git");
        git.args(["clone", "--quiet", &repository, into]).env("GIT_TERMINAL_PROMPT", "0");
        git.env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap().into()
    };
    let asks = |into: &str| {
        let asked = clone(into);
        assert!(asked.status == 128 && asked.said.contains("could not read Username"), "{asked:?}");
    };
    asks("before");

    connect(&world, &provider, &ada, kind).await;
    clone("with").done();
    let read = fs::read_to_string(machine.home().join("with/README.md")).unwrap();
    assert_eq!(read, "Only for those who have a token.\n");
    let issued = provider.seen("/issued");
    for secret in issued.as_array().unwrap() {
        assert_eq!(files_with(&machine, secret.as_str().unwrap()), Vec::<String>::new());
    }

    // Taken back at the provider, git hands back what does not do any more, and the next time it asks.
    provider.revokes("maren");
    assert_ne!(clone("revoked").status, 0);
    world.clock.advance(chrono::TimeDelta::from_std(Duration::from_mins(2)).unwrap());
    connect(&world, &provider, &ada, kind).await;
    clone("again").done();

    let gone = IntegrationPath { provider: kind, id: None };
    assert!(world.service.disconnect_integration(&ada.caller, gone).await.unwrap().revoked);
    // The token in the keychain is refused, and thrown away.
    assert_ne!(clone("disconnected").status, 0);
    asks("after");
}

//! Source code integration: an account is connected, used and disconnected, as a person sees it.

use std::sync::Arc;

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery, Category, Push},
    credentials::{CredentialsApi, GitCredentialRequest},
    instance::Provider,
    integrations::*,
    problem::{ErrorCode, FieldCode},
    wire::Secret,
};
use latchkey_service::{Environment, Service};
use latchkey_testkit::{PASSWORD, Person, SOURCE_CODE_HOST, SourceCode, Wiring, World, proof};

use crate::{code, pointers, stories, stream::next};

stories! {
    an_account_is_connected_by_a_device_code_used_and_disconnected;
    an_account_is_connected_by_a_browser;
    a_connection_that_was_taken_back_is_told_and_renewed;
    git_is_answered_a_token_that_is_good;
    without_a_provider_there_is_nothing_to_connect;
    a_provider_that_is_away_is_said_to_be;
    what_is_configured_is_told_to_strangers;
    connections_go_with_the_account;
    connecting_asks_for_a_fresh_proof;
    @files
    nobody_reads_the_tokens_out_of_the_files;
}

async fn with_source_code(wiring: Wiring) -> (World, Arc<SourceCode>, Person) {
    let provider = Arc::new(SourceCode::default());
    let given = provider.clone();
    let give = |environment: &mut Environment| environment.providers = given;
    let configure = |settings: &mut latchkey_service::Settings| settings.integrations = vec![SourceCode::settings()];
    let world = World::with(wiring).settings(configure).environment(give).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    (world, provider, ada)
}

pub(crate) fn by_device() -> Connect {
    Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None }
}

pub(crate) fn gitlab() -> ProviderPath {
    ProviderPath { provider: Provider::Gitlab }
}

pub(crate) fn the_one() -> IntegrationPath {
    IntegrationPath { provider: Provider::Gitlab, id: None }
}

fn repositories(search: Option<&str>, limit: Option<u8>, after: Option<String>) -> RepositoriesQuery {
    RepositoriesQuery { provider: Provider::Gitlab, id: None, search: search.map(str::to_owned), limit, after }
}

pub(crate) async fn connects(world: &World, provider: &SourceCode, ada: &Person) -> Integration {
    let begun = world.api.connect_integration(&ada.caller, gitlab(), by_device()).await.unwrap();
    provider.agrees();
    world.clock.advance(Duration::seconds(5));
    let state = world.api.poll_connection(&ada.caller, AttemptPath { id: begun.id }).await.unwrap();
    assert_eq!(state.status, AttemptStatus::Connected);
    state.integration.unwrap()
}

async fn an_account_is_connected_by_a_device_code_used_and_disconnected(wiring: Wiring) {
    let (world, provider, ada) = with_source_code(wiring).await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let listed = async || world.api.list_integrations(&ada.caller).await.unwrap();
    let before = listed().await;
    assert_eq!((before.items.len(), before.items[0].connected, before.next), (1, false, None));
    assert_eq!(before.items[0].methods, [ConnectMethod::Device, ConnectMethod::AuthorizationCode]);

    let begun = world.api.connect_integration(&ada.caller, gitlab(), by_device()).await.unwrap();
    assert_eq!((begun.user_code.as_deref(), begun.host.as_str()), (Some("WDJB-MJHT"), SOURCE_CODE_HOST));
    let attempt = AttemptPath { id: begun.id };
    world.clock.advance(Duration::seconds(5));
    let waits = world.api.poll_connection(&ada.caller, attempt.clone()).await.unwrap();
    assert_eq!((waits.status, waits.interval), (AttemptStatus::Pending, 5));
    let mut heard = world.events(&phone.caller).await.unwrap();
    world.clock.advance(Duration::seconds(5));
    provider.agrees();
    let made = world.api.poll_connection(&ada.caller, attempt.clone()).await.unwrap().integration.unwrap();
    assert_eq!(next(&mut heard).await, Some(Push::ActivityNew { category: Category::SourceCode }));
    assert_eq!(listed().await.items, std::slice::from_ref(&made));
    assert_eq!((made.login.as_deref(), made.healthy, made.refreshable), (Some("maren"), Some(true), true));
    assert_eq!(code(world.api.cancel_connection(&ada.caller, attempt).await), ErrorCode::NotFound);
    let mail = world.post().next("ada@example.com", "New connection").await;
    assert!(mail.subject.contains(&format!("GitLab at {SOURCE_CODE_HOST}")), "{}", mail.subject);
    assert!(!mail.text.contains("maren"), "whoever connected it chose that name");

    let page = async |search, limit, after| {
        world.api.list_repositories(&ada.caller, repositories(search, limit, after)).await.unwrap()
    };
    let names = |page: &latchkey_api::common::Page<Repository>| {
        page.items.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
    };
    let first = page(None, Some(2), None).await;
    assert_eq!(names(&first), ["northwind/tools", "northwind/site"]);
    let last = page(None, Some(2), first.next).await;
    assert_eq!((names(&last), last.next), (vec!["northwind/toolbox".to_owned()], None));
    assert_eq!(names(&page(Some("tool"), None, None).await), ["northwind/tools", "northwind/toolbox"]);

    world.clock.advance(Duration::hours(3));
    let checked = world.api.check_integration(&ada.caller, the_one()).await.unwrap();
    assert!(checked.healthy.unwrap() && checked.expires_at > made.expires_at);
    let gone = world.api.disconnect_integration(&ada.caller, the_one()).await.unwrap();
    assert_eq!((gone.revoked, gone.manage_url), (true, made.manage_url));
    assert_eq!(provider.revoked(), [2], "the token that was in use");
    assert!(!listed().await.items[0].connected);
    let events = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap().items;
    let kinds: Vec<_> = events.iter().take(2).map(|event| event.kind).collect();
    assert_eq!(kinds, [ActivityKind::IntegrationDisconnected, ActivityKind::IntegrationConnected]);
    let told = &events[0].details;
    assert_eq!((told.provider, told.host.as_deref()), (Some(Provider::Gitlab), Some(SOURCE_CODE_HOST)));
    assert_eq!(told.login.as_deref(), Some("maren"));
}

async fn an_account_is_connected_by_a_browser(wiring: Wiring) {
    let (world, _, ada) = with_source_code(wiring).await;
    let redirect_uri = Some("http://127.0.0.1:4000/callback".into());
    let body = Connect { method: ConnectMethod::AuthorizationCode, redirect_uri, ..by_device() };
    let begun = world.api.connect_integration(&ada.caller, gitlab(), body).await.unwrap();
    let url = url::Url::parse(&begun.authorization_url.unwrap()).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let attempt = AttemptPath { id: begun.id };
    let brought =
        |state: &str| FinishConnection { state: state.into(), code: Some(Secret::new("code")), error: None, iss: None };
    let wrong = world.api.finish_connection(&ada.caller, attempt.clone(), brought("x")).await.unwrap_err();
    assert_eq!(pointers(&wrong), [("/state".into(), FieldCode::Incorrect)]);
    let made = world.api.finish_connection(&ada.caller, attempt, brought(&state)).await.unwrap();
    assert_eq!(made.status, AttemptStatus::Connected);
}

async fn a_connection_that_was_taken_back_is_told_and_renewed(wiring: Wiring) {
    let (world, provider, ada) = with_source_code(wiring).await;
    let made = connects(&world, &provider, &ada).await;
    let mut heard = world.events(&ada.caller).await.unwrap();
    provider.takes_back();
    // Nobody asks; the upkeep finds it within a day.
    world.clock.advance(Duration::hours(26));
    world.service.upkeep(false).await;
    assert_eq!(next(&mut heard).await, Some(Push::ActivityNew { category: Category::SourceCode }));
    let broken = world.api.list_integrations(&ada.caller).await.unwrap().items.remove(0);
    assert_eq!((broken.healthy, broken.failure), (Some(false), Some(IntegrationFailure::Revoked)));
    let refused = world.api.list_repositories(&ada.caller, repositories(None, None, None)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionBroken);
    assert!(refused.body().detail.as_ref().unwrap().ends_with("Connect it again."));

    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    let body = Connect { reconnect: made.id, ..by_device() };
    let begun = world.api.connect_integration(&ada.caller, gitlab(), body).await.unwrap();
    world.clock.advance(Duration::seconds(5));
    let state = world.api.poll_connection(&ada.caller, AttemptPath { id: begun.id }).await.unwrap();
    let renewed = state.integration.unwrap();
    assert_eq!((renewed.id, renewed.connected_at, renewed.healthy), (made.id, made.connected_at, Some(true)));
    let events = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap().items;
    let failed = events.iter().find(|event| event.kind == ActivityKind::IntegrationFailed).unwrap();
    assert_eq!(failed.device, None, "by nobody");
}

async fn git_is_answered_a_token_that_is_good(wiring: Wiring) {
    let (world, provider, ada) = with_source_code(wiring).await;
    connects(&world, &provider, &ada).await;
    let git = async |host: &str, username: Option<&str>| {
        let body = GitCredentialRequest { host: host.into(), username: username.map(str::to_owned) };
        world.api.get_git_credential(&ada.caller, body).await
    };
    assert_eq!(code(git(SOURCE_CODE_HOST, None).await), ErrorCode::CredentialsNotAllowed);
    world.api.allow_credentials(&ada.caller).await.unwrap();
    let first = git(SOURCE_CODE_HOST, None).await.unwrap();
    assert_eq!((first.provider, &*first.username), (Provider::Gitlab, "oauth2"));
    assert_eq!(first.password.expose(), SourceCode::access_token(1));
    world.clock.advance(Duration::minutes(116));
    let second = git("GIT.example.com", Some("Maren")).await.unwrap();
    assert_eq!(second.password.expose(), SourceCode::access_token(2));
    assert!(second.expires_at > first.expires_at);
    for (host, username) in [(SOURCE_CODE_HOST, Some("bob")), ("github.com", None), ("", None)] {
        assert_eq!(code(git(host, username).await), ErrorCode::NotFound, "{host}");
    }
    provider.is_away(true);
    assert_eq!(git(SOURCE_CODE_HOST, None).await.unwrap(), second);
    world.clock.advance(Duration::minutes(120));
    assert_eq!(code(git(SOURCE_CODE_HOST, None).await), ErrorCode::ProviderUnavailable);
    provider.is_away(false);
    provider.takes_back();
    assert_eq!(code(git(SOURCE_CODE_HOST, None).await), ErrorCode::ConnectionBroken);
}

async fn nobody_reads_the_tokens_out_of_the_files(wiring: Wiring) {
    let (world, provider, ada) = with_source_code(wiring).await;
    world.api.connect_integration(&ada.caller, gitlab(), by_device()).await.unwrap();
    connects(&world, &provider, &ada).await;
    world.api.allow_credentials(&ada.caller).await.unwrap();
    world.clock.advance(Duration::hours(3));
    world.api.check_integration(&ada.caller, the_one()).await.unwrap();
    let files = ["", "-wal", "-shm"].map(|end| format!("{}{end}", world.file().display()));
    let bytes: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(SOURCE_CODE_HOST) && !holds("zucchini"));
    // Whoever has the database and not its key opens none.
    let thief: Service = world.service_with_another_key().await;
    let body = GitCredentialRequest { host: SOURCE_CODE_HOST.into(), username: None };
    assert_eq!(code(thief.get_git_credential(&ada.caller, body).await), ErrorCode::SealingUnavailable);
    assert_eq!(code(thief.check_integration(&ada.caller, the_one()).await), ErrorCode::SealingUnavailable);
    let still = world.api.list_integrations(&ada.caller).await.unwrap().items.remove(0);
    assert_eq!(still.healthy, Some(true), "a missing key says nothing about the connection");
}

async fn without_a_provider_there_is_nothing_to_connect(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    assert_eq!(world.api.list_integrations(&ada.caller).await.unwrap().items, []);
    assert_eq!(code(world.api.connect_integration(&ada.caller, gitlab(), by_device()).await), ErrorCode::NotFound);
    assert_eq!(code(world.api.check_integration(&ada.caller, the_one()).await), ErrorCode::NotFound);
    assert_eq!(code(world.api.disconnect_integration(&ada.caller, the_one()).await), ErrorCode::NotFound);
    let query = repositories(None, None, None);
    assert_eq!(code(world.api.list_repositories(&ada.caller, query).await), ErrorCode::NotFound);
}

async fn a_provider_that_is_away_is_said_to_be(wiring: Wiring) {
    let (world, provider, ada) = with_source_code(wiring).await;
    let made = connects(&world, &provider, &ada).await;
    provider.is_away(true);
    let away = world.api.connect_integration(&ada.caller, gitlab(), by_device()).await.unwrap_err();
    assert_eq!(away.code(), ErrorCode::ProviderUnavailable);
    assert_eq!(away.body().detail.as_deref(), Some("GitLab at git.example.com could not be reached. Try again later."));
    let query = repositories(None, None, None);
    assert_eq!(code(world.api.list_repositories(&ada.caller, query).await), ErrorCode::ProviderUnavailable);
    let checked = world.api.check_integration(&ada.caller, the_one()).await.unwrap();
    assert_eq!((checked.healthy, checked.failure), (Some(false), Some(IntegrationFailure::Unreachable)));
    let gone = world.api.disconnect_integration(&ada.caller, the_one()).await.unwrap();
    assert_eq!((gone.revoked, gone.manage_url), (false, made.manage_url));
}

async fn what_is_configured_is_told_to_strangers(wiring: Wiring) {
    let (world, ..) = with_source_code(wiring).await;
    assert_eq!(world.api.get_instance(&crate::nobody()).await.unwrap().integrations, [Provider::Gitlab]);
}

async fn connections_go_with_the_account(wiring: Wiring) {
    let (world, provider, ada) = with_source_code(wiring).await;
    let made = connects(&world, &provider, &ada).await;
    assert_eq!(world.api.get_deletion(&ada.caller).await.unwrap().integrations, 1);
    assert_eq!(world.api.export_account(&ada.caller).await.unwrap().integrations, [made]);
    world.api.delete_account(&ada.caller, crate::deletion::farewell("ada", PASSWORD)).await.unwrap();
    // In the background; the end of the service waits for it.
    world.service.close().await;
    assert_eq!(provider.revoked(), [1]);
}

async fn connecting_asks_for_a_fresh_proof(wiring: Wiring) {
    let (world, _, ada) = with_source_code(wiring).await;
    world.clock.advance(Duration::minutes(16));
    let stale = world.api.connect_integration(&ada.caller, gitlab(), by_device()).await;
    assert_eq!(code(stale), ErrorCode::InsufficientUserAuthentication);
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    world.api.connect_integration(&ada.caller, gitlab(), by_device()).await.unwrap();
}

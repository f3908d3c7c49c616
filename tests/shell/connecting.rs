//! Connecting an account at a provider, by a code that is typed.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use latchkey::{
    commands::{account, connecting, integrations, outside},
    state::AppState,
};
use latchkey_api::{
    desktop::{
        AttemptArgs, ConnectIntegration, ConnectionStarted, Failure, FailureCode, IntegrationArgs, ListRepositories,
        NoArgs, OpenRepository, PageOpened, ShellCode,
    },
    instance::Provider as Kind,
    integrations::{AttemptPath, AttemptState, AttemptStatus, ConnectMethod, IntegrationsApi},
    problem::ErrorCode,
};
use latchkey_service::DeviceAnswer;
use latchkey_testkit::{Wiring, World, sign_up};
use tokio::task::JoinHandle;

use crate::{
    desk::{Desk, soon},
    provider::{HOST, Provider, TOKEN, world_with_provider},
};

pub(crate) async fn ada() -> (World, Arc<Provider>, Desk) {
    let (world, provider) = world_with_provider(Wiring::Direct, &format!("https://{HOST}")).await;
    let desk = Desk::of(&world, "ada").await;
    (world, provider, desk)
}

pub(crate) async fn begins(desk: &Desk, method: ConnectMethod) -> Result<ConnectionStarted, Failure> {
    let args = ConnectIntegration { provider: Kind::Gitlab, host: HOST.into(), method, reconnect: None };
    connecting::connect_integration(desk, args).await
}

pub(crate) fn waits(desk: &Desk, started: &ConnectionStarted) -> JoinHandle<Result<AttemptState, Failure>> {
    let (app, id): (Arc<AppState>, _) = (Arc::clone(&desk.app), started.id);
    tokio::spawn(async move { connecting::wait_for_connection(&app, AttemptArgs { id }).await })
}

/// Connects an account with a code that is typed.
pub(crate) async fn connects(world: &World, desk: &Desk) -> AttemptState {
    let started = begins(desk, ConnectMethod::Device).await.unwrap();
    world.clock.advance(TimeDelta::seconds(10));
    waits(desk, &started).await.unwrap().unwrap()
}

fn code(done: Result<AttemptState, Failure>) -> FailureCode {
    done.unwrap_err().code
}

#[tokio::test]
async fn a_code_is_typed_at_the_provider() {
    let (world, provider, desk) = ada().await;
    let started = begins(&desk, ConnectMethod::Device).await.unwrap();
    assert_eq!(started.user_code.as_deref(), Some("WDJB-MJHT"));
    assert_eq!(started.shown_address.as_deref(), Some("git.example/device"));
    assert_eq!(started.expires_at, desk.app.parts.clock.now() + TimeDelta::minutes(10));
    assert!(desk.browser.opened.lock().unwrap().is_empty(), "the person looks at the code first");
    desk.clipboard.gone.store(true, std::sync::atomic::Ordering::SeqCst);
    let opens = async || connecting::open_connection_page(&desk, AttemptArgs { id: started.id }).await.unwrap();
    assert_eq!(opens().await, PageOpened { copied: false }, "it has to be typed");
    assert_eq!(*desk.browser.opened.lock().unwrap(), ["https://git.example/device"]);
    desk.clipboard.gone.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(opens().await, PageOpened { copied: true });
    assert_eq!(desk.clipboard.text.lock().unwrap().as_deref(), Some("WDJB-MJHT"));

    provider.says([DeviceAnswer::Pending]);
    world.clock.advance(TimeDelta::seconds(10));
    let waiting = waits(&desk, &started);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    world.clock.advance(TimeDelta::seconds(10));
    let done = waiting.await.unwrap().unwrap();
    assert_eq!(done.status, AttemptStatus::Connected);
    let connection = done.integration.unwrap();
    assert_eq!(connection.login.as_deref(), Some("maren"));
    let listed = integrations::list_integrations(&desk, NoArgs {}).await.unwrap().items;
    assert_eq!((listed.len(), listed[0].id), (1, connection.id));
    let again = connecting::wait_for_connection(&desk, AttemptArgs { id: started.id }).await;
    assert_eq!(code(again), ErrorCode::NotFound.into(), "it was told");
}

#[tokio::test]
async fn denied_and_expired_are_answers() {
    let (world, provider, desk) = ada().await;
    for (answer, status) in
        [(DeviceAnswer::Denied, AttemptStatus::Denied), (DeviceAnswer::Expired, AttemptStatus::Expired)]
    {
        provider.says([answer]);
        let done = connects(&world, &desk).await;
        assert_eq!((done.status, done.integration), (status, None));
        assert!(done.detail.is_some_and(|detail| detail.ends_with('.')));
    }
}

#[tokio::test]
async fn lost_network_is_told_and_waited_out() {
    let (world, provider, desk) = ada().await;
    let started = begins(&desk, ConnectMethod::Device).await.unwrap();
    desk.line.fail("/v1/me/integration-attempts", ErrorCode::Offline);
    world.clock.advance(TimeDelta::seconds(10));
    let waiting = waits(&desk, &started);
    let told = || -> Vec<Option<FailureCode>> {
        desk.heard.troubles.lock().unwrap().iter().map(|it| it.failure.as_ref().map(|failure| failure.code)).collect()
    };
    let lost = Some(FailureCode::from(ErrorCode::Offline));
    soon("the trouble is told", || told() == [lost]).await;
    // Pending is an answer, too.
    provider.says([DeviceAnswer::Pending]);
    desk.line.repair();
    soon("that it is over is told", || told() == [lost, None]).await;
    world.clock.advance(TimeDelta::seconds(10));
    assert_eq!(waiting.await.unwrap().unwrap().status, AttemptStatus::Connected);
}

#[tokio::test]
async fn an_answer_that_was_lost_on_its_way_is_found_again() {
    let (world, _, desk) = ada().await;
    let started = begins(&desk, ConnectMethod::Device).await.unwrap();
    world.clock.advance(TimeDelta::seconds(10));
    desk.line.lose_answers("/v1/me/integration-attempts");
    let waiting = waits(&desk, &started);
    soon("the trouble is told", || !desk.heard.troubles.lock().unwrap().is_empty()).await;
    desk.line.repair();
    let done = waiting.await.unwrap().unwrap();
    assert_eq!(done.status, AttemptStatus::Connected);
    assert_eq!(done.integration.unwrap().login.as_deref(), Some("maren"));
}

#[tokio::test]
async fn an_attempt_that_is_given_up_is_gone_everywhere() {
    let (world, _, desk) = ada().await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    for leaving in ["cancel", "another", "close", "switch"] {
        let started = begins(&desk, ConnectMethod::Device).await.unwrap();
        let ticket = desk.ticket().unwrap();
        let waiting = waits(&desk, &started);
        tokio::task::yield_now().await;
        match leaving {
            "cancel" => connecting::cancel_connection(&desk, AttemptArgs { id: started.id }).await.unwrap(),
            "another" => drop(begins(&desk, ConnectMethod::Device).await.unwrap()),
            "close" => outside::close_window(&desk, NoArgs {}).await.unwrap(),
            _ => {
                let ada = latchkey_api::desktop::AccountArgs { place: "local".into(), username: "ada".into() };
                account::switch_account(&desk, ada).await.unwrap();
            }
        }
        assert_eq!(code(waiting.await.unwrap()), ShellCode::Cancelled.into(), "{leaving}");
        world.clock.advance(TimeDelta::seconds(10));
        // The service is told meanwhile.
        let path = || AttemptPath { id: started.id };
        let mut left = true;
        for _ in 0..200 {
            left = world.service.cancel_connection(&ticket.caller(), path()).await.is_ok();
            if !left {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(!left, "{leaving}");
    }
}

#[tokio::test]
async fn a_connection_is_checked_its_repositories_are_listed_and_it_is_disconnected() {
    let (world, provider, desk) = ada().await;
    let id = connects(&world, &desk).await.integration.unwrap().id.unwrap();
    let args = || IntegrationArgs { provider: Kind::Gitlab, id };
    assert_eq!(integrations::check_integration(&desk, args()).await.unwrap().healthy, Some(true));
    let list = |search: Option<&str>| ListRepositories {
        provider: Kind::Gitlab,
        id,
        search: search.map(str::to_owned),
        after: None,
    };
    let found = integrations::list_repositories(&desk, list(Some("tool"))).await.unwrap().items;
    assert_eq!(found.len(), 1);
    assert_eq!(integrations::list_repositories(&desk, list(Some(" "))).await.unwrap().items.len(), 2);
    let open = |web_url: &str| OpenRepository { provider: Kind::Gitlab, id, web_url: web_url.to_owned() };
    integrations::open_repository(&desk, open(&found[0].web_url)).await.unwrap();
    assert_eq!(desk.browser.opened.lock().unwrap().last(), Some(&found[0].web_url));
    for elsewhere in
        ["https://evil.example/maren/tools", "https://git.example:8443/", "http://git.example/", "git.example"]
    {
        let refused = integrations::open_repository(&desk, open(elsewhere)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotFound.into(), "{elsewhere}");
    }
    integrations::open_integration_page(&desk, args()).await.unwrap();
    assert!(desk.browser.opened.lock().unwrap().last().unwrap().starts_with("https://git.example/"));
    assert!(integrations::disconnect_integration(&desk, args()).await.unwrap().revoked);
    assert_eq!(provider.revoked(), [TOKEN]);
    let left = integrations::list_integrations(&desk, NoArgs {}).await.unwrap().items;
    assert!(left.iter().all(|one| !one.connected), "{left:?}");
    let id = connects(&world, &desk).await.integration.unwrap().id.unwrap();
    provider.forgets();
    let broken = integrations::check_integration(&desk, IntegrationArgs { provider: Kind::Gitlab, id }).await.unwrap();
    assert!(broken.healthy == Some(false) && broken.detail.is_some());
}

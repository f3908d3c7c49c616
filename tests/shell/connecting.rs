//! Connecting an account at a provider: a code that is typed, or a browser that comes back.

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
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

use crate::{
    desk::{Desk, soon},
    provider::{CODE, HOST, Provider, TOKEN, world_with_provider},
};

async fn ada() -> (World, Arc<Provider>, Desk) {
    let (world, provider) = world_with_provider(Wiring::Direct, &format!("https://{HOST}")).await;
    let desk = Desk::of(&world, "ada").await;
    (world, provider, desk)
}

pub(crate) async fn begins(desk: &Desk, method: ConnectMethod) -> Result<ConnectionStarted, Failure> {
    let args = ConnectIntegration { provider: Kind::Gitlab, host: HOST.into(), method, reconnect: None };
    connecting::connect_integration(desk, args).await
}

fn waits(desk: &Desk, started: &ConnectionStarted) -> JoinHandle<Result<AttemptState, Failure>> {
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

/// Where the browser was sent, and where it was told to come back to.
fn sent(desk: &Desk) -> (String, String, u16) {
    let page = desk.browser.opened.lock().unwrap().last().unwrap().clone();
    let url = url::Url::parse(&page).unwrap();
    let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let back = url::Url::parse(&parameter("redirect_uri")).unwrap();
    (page.clone(), parameter("state"), back.port().unwrap())
}

/// What a browser gets that comes back.
async fn comes_back(port: u16, target: &str) -> String {
    let mut browser = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n");
    browser.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    browser.read_to_string(&mut page).await.unwrap();
    page
}

fn query(parameters: &[(&str, &str)]) -> String {
    let url = url::Url::parse_with_params("http://127.0.0.1/callback", parameters).unwrap();
    format!("/callback?{}", url.query().unwrap())
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
async fn a_browser_comes_back_to_this_computer() {
    let (_world, _, desk) = ada().await;
    let started = begins(&desk, ConnectMethod::AuthorizationCode).await.unwrap();
    assert_eq!((started.user_code.as_ref(), started.shown_address.as_ref()), (None, None));
    let (page, state, port) = sent(&desk);
    assert!(page.starts_with("https://git.example/authorize?"), "{page}");
    assert!(!serde_json::to_string(&started).unwrap().contains(&state), "the page is not told");
    let waiting = waits(&desk, &started);
    for stray in ["/favicon.ico", "/", "/callback", "/callback?state=s"] {
        assert!(comes_back(port, stray).await.starts_with("HTTP/1.1 4"), "{stray}");
    }
    // Somebody else's answer ends nothing.
    let wrong = comes_back(port, &query(&[("state", "wrong"), ("code", CODE)])).await;
    assert!(wrong.starts_with("HTTP/1.1 200"));
    connecting::open_connection_page(&desk, AttemptArgs { id: started.id }).await.unwrap();
    assert_eq!(sent(&desk).0, page, "once more");
    assert!(!waiting.is_finished());
    let right = comes_back(port, &query(&[("state", &state), ("code", CODE)])).await;
    assert!(right.contains("You can close this window and go back to Latchkey."), "{right}");
    assert!(
        right.contains("default-src 'none'") && right.contains("no-referrer") && !right.contains(&state),
        "{right}"
    );
    let done = waiting.await.unwrap().unwrap();
    assert_eq!((done.status, done.integration.unwrap().login.as_deref()), (AttemptStatus::Connected, Some("maren")));
    TcpStream::connect(("127.0.0.1", port)).await.unwrap_err();
}

#[tokio::test]
async fn a_browser_brings_back_a_no_and_a_code_that_does_not_do() {
    let (_world, _, desk) = ada().await;
    for (parameter, status) in
        [(("error", "access_denied"), AttemptStatus::Denied), (("code", "another"), AttemptStatus::Failed)]
    {
        let started = begins(&desk, ConnectMethod::AuthorizationCode).await.unwrap();
        let (_, state, port) = sent(&desk);
        let waiting = waits(&desk, &started);
        comes_back(port, &query(&[("state", &state), parameter])).await;
        assert_eq!(waiting.await.unwrap().unwrap().status, status);
    }
}

#[tokio::test]
async fn a_browser_that_comes_from_another_provider_ends_the_attempt() {
    let (world, _, desk) = ada().await;
    let started = begins(&desk, ConnectMethod::AuthorizationCode).await.unwrap();
    let (_, state, port) = sent(&desk);
    let waiting = waits(&desk, &started);
    // Whoever does not know the attempt ends nothing with it.
    comes_back(port, &query(&[("state", "wrong"), ("code", CODE), ("iss", "https://evil.example")])).await;
    assert!(!waiting.is_finished());
    comes_back(port, &query(&[("state", &state), ("code", CODE), ("iss", "https://evil.example")])).await;
    let done = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap().unwrap();
    assert_eq!((done.status, done.integration), (AttemptStatus::Failed, None));
    let detail = done.detail.unwrap();
    assert!(detail.starts_with("The browser comes from another provider than https://git.example."), "{detail}");
    let path = AttemptPath { id: started.id };
    let left = world.service.cancel_connection(&desk.ticket().unwrap().caller(), path).await;
    assert_eq!(left.unwrap_err().code(), ErrorCode::NotFound, "the service was told");
}

#[tokio::test]
async fn what_browsers_send_is_bounded() {
    let (_world, _, desk) = ada().await;
    begins(&desk, ConnectMethod::AuthorizationCode).await.unwrap();
    let (_, _, port) = sent(&desk);
    let long = format!("/callback?state=s&code={}", "x".repeat(20 * 1024));
    let mut browser = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let _ = browser.write_all(format!("GET {long} HTTP/1.1\r\n").as_bytes()).await;
    let mut answer = vec![0; 12];
    browser.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 431");
    // Those who say nothing are in nobody's way for long.
    let silent: Vec<_> = futures_util::future::join_all((0..8).map(|_| TcpStream::connect(("127.0.0.1", port)))).await;
    let heard = tokio::time::timeout(Duration::from_secs(20), comes_back(port, "/")).await.unwrap();
    assert!(heard.starts_with("HTTP/1.1 404"), "{heard}");
    drop(silent);
    let id = desk.app.connecting.take().unwrap();
    id.give_up().await;
    TcpStream::connect(("127.0.0.1", port)).await.unwrap_err();
}

#[tokio::test]
async fn a_browser_that_does_not_open_leaves_no_attempt() {
    let (_world, _, desk) = ada().await;
    desk.browser.gone.store(true, std::sync::atomic::Ordering::SeqCst);
    let refused = begins(&desk, ConnectMethod::AuthorizationCode).await.unwrap_err();
    assert_eq!(refused.code, ShellCode::BrowserUnavailable.into());
    let detail = refused.detail.unwrap();
    assert!(detail.ends_with("device code instead.") && !detail.contains("state="), "{detail}");
    assert!(desk.app.connecting.take().is_none());
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

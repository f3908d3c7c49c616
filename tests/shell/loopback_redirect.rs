//! A browser that comes back from a provider to a port of this computer.

use std::time::Duration;

use latchkey::commands::connecting;
use latchkey_api::{
    desktop::{AttemptArgs, ShellCode},
    integrations::{AttemptPath, AttemptStatus, ConnectMethod, IntegrationsApi},
    problem::ErrorCode,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    connecting::{ada, begins, waits},
    desk::Desk,
    provider::CODE,
};

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

//! How accounts at providers are connected, whatever goes wrong on the way.

use latchkey_api::{
    common::Caller,
    instance::Provider::{Github, Gitlab},
    integrations::*,
    problem::{ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    DeviceAnswer, ProviderError,
    connected_world::{World, configured, signs_in},
    scripted_providers::{revoked, unreachable, user},
};

const REDIRECT: &str = "http://127.0.0.1:4000/callback";

fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> ErrorCode {
    answer.unwrap_err().code()
}

fn brought(state: &str, code: Option<&str>) -> FinishConnection {
    FinishConnection { state: state.into(), code: code.map(Secret::new), error: None, iss: None }
}

/// Begins with a browser; the attempt, its state and its challenge.
async fn begins_in_a_browser(world: &World) -> (AttemptPath, String, String) {
    let body = Connect {
        method: ConnectMethod::AuthorizationCode,
        host: None,
        redirect_uri: Some(REDIRECT.into()),
        reconnect: None,
    };
    let begun = world.service.connect_integration(&world.ada, ProviderPath { provider: Gitlab }, body).await.unwrap();
    let url = begun.authorization_url.unwrap();
    let mut query = url.split_once('?').unwrap().1.split('&').map(str::to_owned);
    (AttemptPath { id: begun.id }, query.next().unwrap(), query.next().unwrap())
}

#[tokio::test]
async fn by_a_device_code() {
    let world = World::new().await;
    let body = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let begun = world.service.connect_integration(&world.ada, ProviderPath { provider: Gitlab }, body).await.unwrap();
    assert_eq!((begun.user_code.as_deref(), begun.interval), (Some("WDJB-MJHT"), 5));
    assert_eq!((begun.expires_at - chrono::Duration::seconds(900)).timestamp(), 1_768_219_200);
    let attempt = AttemptPath { id: begun.id };
    let waits = async |seconds: i64, expected: (AttemptStatus, u32)| {
        world.advance(seconds);
        let state = world.polls(&attempt).await;
        assert_eq!((state.status, state.interval), expected);
    };
    waits(2, (AttemptStatus::Pending, 3)).await;
    assert_eq!(world.providers.asked("poll"), 0, "too early");
    waits(3, (AttemptStatus::Pending, 5)).await;
    world.providers.script().polls.push_back(Ok(DeviceAnswer::SlowDown));
    waits(5, (AttemptStatus::Pending, 10)).await;
    waits(5, (AttemptStatus::Pending, 5)).await;
    waits(5, (AttemptStatus::Pending, 10)).await;
    let slow = ProviderError::TooOften { retry_after: Some(30) };
    world.providers.script().polls.push_back(Err(slow));
    waits(10, (AttemptStatus::Pending, 30)).await;
    world.advance(30);
    world.providers.script().polls.push_back(unreachable());
    assert_eq!(code(world.service.poll_connection(&world.ada, attempt.clone()).await), ErrorCode::ProviderUnavailable);
    assert_eq!(world.providers.asked("poll device-secret"), 5);

    world.advance(10);
    world.agrees();
    let state = world.polls(&attempt).await;
    let made = state.integration.unwrap();
    assert_eq!((made.login.as_deref(), made.host.as_str()), (Some("maren"), "git.example.com"));
    assert_eq!((made.healthy, made.failure, made.refreshable), (Some(true), None, true));
    assert_eq!(made.scopes, ["read_api", "read_repository"]);
    assert_eq!(made.missing_scopes, [""; 0]);
    assert_eq!(made.expires_at.unwrap() - made.connected_at.unwrap(), chrono::Duration::hours(1));
    assert_eq!(made, world.shown().await);
    assert_eq!(code(world.service.poll_connection(&world.ada, attempt).await), ErrorCode::NotFound, "told once");
    let details = r#"{"provider":"gitlab","host":"git.example.com","login":"maren"}"#;
    assert_eq!(world.recorded().await, [("integration_connected".into(), details.into(), true)]);
}

#[tokio::test]
async fn nothing_secret_is_in_the_files() {
    let world = World::new().await;
    let (attempt, state, _) = begins_in_a_browser(&world).await;
    let device = world.begins(Gitlab, None).await;
    let absent = |secret: &str| {
        let bytes = world.bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} is in a file");
    };
    absent(&state);
    absent("device-secret");
    // Tokens that came and are not a connection yet.
    world.providers.script().users.push_back(unreachable());
    world.agrees();
    assert_eq!(code(world.service.poll_connection(&world.ada, device.clone()).await), ErrorCode::ProviderUnavailable);
    absent("access-secret");
    absent("refresh-secret");
    world.advance(5);
    world.polls(&device).await;
    world.service.finish_connection(&world.ada, attempt, brought(&state, Some("the-code"))).await.unwrap();
    world.advance(3600);
    world.service.list_repositories(&world.ada, repositories()).await.unwrap();
    assert_eq!(world.providers.asked("refresh"), 1);
    let verifier = world.providers.script().calls.iter().find(|call| call.starts_with("exchange")).cloned().unwrap();
    for secret in [&*state, "device-secret", "access-secret", "refresh-secret", "the-code", &verifier[18..40]] {
        absent(secret);
    }
}

fn repositories() -> RepositoriesQuery {
    RepositoriesQuery { provider: Gitlab, id: None, search: None, limit: None, after: None }
}

#[tokio::test]
async fn what_ends_otherwise_is_told_once() {
    let world = World::new().await;
    for (answer, status, words) in [
        (Ok(DeviceAnswer::Denied), AttemptStatus::Denied, "did not agree"),
        (Ok(DeviceAnswer::Expired), AttemptStatus::Expired, "too long"),
        (revoked(), AttemptStatus::Failed, "invalid_grant"),
        (Err(ProviderError::Refused("device_flow_disabled".into())), AttemptStatus::Failed, "device_flow_disabled"),
    ] {
        let attempt = world.begins(Github, None).await;
        world.providers.script().polls.push_back(answer);
        let state = world.polls(&attempt).await;
        assert_eq!(state.status, status);
        assert!(state.detail.as_ref().unwrap().contains(words), "{state:?}");
        assert_eq!(code(world.service.poll_connection(&world.ada, attempt).await), ErrorCode::NotFound);
    }
    // By our own clock, without asking.
    let attempt = world.begins(Github, None).await;
    let asked = world.providers.asked("poll");
    world.advance(900);
    assert_eq!(world.polls(&attempt).await.status, AttemptStatus::Expired);
    assert_eq!(world.providers.asked("poll"), asked);
    assert_eq!(world.recorded().await, []);
    // The provider was taken away in between.
    world.proves().await;
    let attempt = world.begins(Github, None).await;
    let without = world.another(configured().split_off(1)).await;
    let state = without.poll_connection(&world.ada, attempt).await.unwrap();
    assert_eq!(state.status, AttemptStatus::Failed);
}

#[tokio::test]
async fn by_a_browser_that_comes_back() {
    let world = World::new().await;
    let (attempt, state, challenge) = begins_in_a_browser(&world).await;
    let finish = async |body| world.service.finish_connection(&world.ada, attempt.clone(), body).await;
    let wrong = |pointer, code| vec![(pointer, code)];
    for (body, expected) in [
        (brought("", Some("c")), wrong("/state", FieldCode::Incorrect)),
        (brought(&state[1..], Some("c")), wrong("/state", FieldCode::Incorrect)),
        (brought(&state, None), wrong("/code", FieldCode::Missing)),
        (
            FinishConnection { iss: Some("https://evil.example".into()), ..brought(&state, Some("c")) },
            wrong("/iss", FieldCode::Incorrect),
        ),
        (
            FinishConnection { iss: Some("https://git.example.com/".into()), ..brought(&state, Some("c")) },
            wrong("/iss", FieldCode::Incorrect),
        ),
    ] {
        let refused = finish(body).await.unwrap_err();
        let found: Vec<_> = refused.errors().iter().map(|error| (&*error.pointer, error.code)).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(world.providers.asked("exchange"), 0);
    assert_eq!(code(world.service.poll_connection(&world.ada, attempt.clone()).await), ErrorCode::Conflict);
    // The network was away: the same again.
    world.providers.script().exchanges.push_back(unreachable());
    let right = FinishConnection { iss: Some("https://git.example.com".into()), ..brought(&state, Some("the-code")) };
    assert_eq!(code(finish(right.clone()).await), ErrorCode::ProviderUnavailable);
    let made = finish(right).await.unwrap();
    assert_eq!(made.status, AttemptStatus::Connected);
    let exchange = world.providers.script().calls.iter().rfind(|call| call.starts_with("exchange")).cloned().unwrap();
    let parts: Vec<_> = exchange.split(' ').collect();
    let hashed = Sha256::digest(parts[2]);
    assert_eq!(challenge, data_encoding::BASE64URL_NOPAD.encode(&hashed), "S256 of what is sent later");
    assert_eq!((parts[1], parts[3], parts[2].len()), ("the-code", REDIRECT, 43));

    for (error, status) in [("access_denied", AttemptStatus::Denied), ("server_error", AttemptStatus::Failed)] {
        let (attempt, state, _) = begins_in_a_browser(&world).await;
        let body = FinishConnection { error: Some(error.into()), ..brought(&state, None) };
        assert_eq!(world.service.finish_connection(&world.ada, attempt, body).await.unwrap().status, status);
    }
    let (attempt, state, _) = begins_in_a_browser(&world).await;
    world.providers.script().exchanges.push_back(revoked());
    let ended = world.service.finish_connection(&world.ada, attempt.clone(), brought(&state, Some("old"))).await;
    assert_eq!(ended.unwrap().status, AttemptStatus::Failed);
    let gone = world.service.finish_connection(&world.ada, attempt, brought(&state, Some("old"))).await;
    assert_eq!(code(gone), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_at_its_field() {
    let mut settings = configured();
    settings.push(crate::ProviderSettings { url: "https://git.other.example".into(), ..settings[1].clone() });
    let world = World::with(settings, false).await;
    let connect = async |provider, body| {
        let refused = world.service.connect_integration(&world.ada, ProviderPath { provider }, body).await.unwrap_err();
        refused.errors().iter().map(|error| (error.pointer.clone(), error.code)).collect::<Vec<_>>()
    };
    let device = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let browser =
        Connect { method: ConnectMethod::AuthorizationCode, redirect_uri: Some(REDIRECT.into()), ..device.clone() };
    for (provider, body, pointer, code) in [
        (Gitlab, device.clone(), "/host", FieldCode::Missing),
        (Gitlab, Connect { host: Some("gitlab.com".into()), ..device.clone() }, "/host", FieldCode::Invalid),
        (Github, browser.clone(), "/method", FieldCode::Invalid),
        (
            Github,
            Connect { redirect_uri: Some(REDIRECT.into()), ..device.clone() },
            "/redirect_uri",
            FieldCode::Invalid,
        ),
        (Github, Connect { reconnect: Some(Uuid::nil()), ..device.clone() }, "/reconnect", FieldCode::Invalid),
        (
            Gitlab,
            Connect { host: Some("GIT.example.com".into()), redirect_uri: Some("http://x/".into()), ..browser },
            "/redirect_uri",
            FieldCode::Invalid,
        ),
    ] {
        assert_eq!(connect(provider, body).await, [(pointer.to_owned(), code)]);
    }
    assert_eq!(world.providers.asked("start"), 0);
    let none = World::with(Vec::new(), false).await;
    let answer = none.service.connect_integration(&none.ada, ProviderPath { provider: Github }, device).await;
    assert_eq!(code(answer), ErrorCode::NotFound);
}

#[tokio::test]
async fn only_the_session_that_began_goes_on() {
    let world = World::new().await;
    let (browser, state, _) = begins_in_a_browser(&world).await;
    let device = world.begins(Gitlab, None).await;
    let (phone, _) = signs_in(&world.service).await;
    assert_eq!(code(world.service.poll_connection(&phone, device.clone()).await), ErrorCode::NotFound);
    let finish = world.service.finish_connection(&phone, browser.clone(), brought(&state, Some("c"))).await;
    assert_eq!(code(finish), ErrorCode::NotFound);
    assert_eq!(code(world.service.cancel_connection(&phone, device.clone()).await), ErrorCode::NotFound);
    world.service.cancel_connection(&world.ada, device.clone()).await.unwrap();
    assert_eq!(code(world.service.cancel_connection(&world.ada, device).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn an_account_that_is_connected_again_keeps_its_place() {
    let world = World::new().await;
    let first = world.connects(Gitlab).await;
    world.advance(60);
    world.providers.script().users.push_back(Ok(user("42", "maren-new")));
    let again = world.connects(Gitlab).await;
    assert_eq!(
        (again.id, again.connected_at, again.login.as_deref()),
        (first.id, first.connected_at, Some("maren-new"))
    );
    // The token before is not left lying; what the person granted stays.
    world.providers.wait_for("revoke access-secret-1 ", 1).await;
    assert_eq!(world.providers.asked("revoke access-secret-1 refresh"), 0);

    let attempt = world.begins(Gitlab, first.id).await;
    world.agrees();
    world.providers.script().users.push_back(Ok(user("7", "bob")));
    let other = world.polls(&attempt).await;
    assert_eq!(other.status, AttemptStatus::Failed);
    assert!(other.detail.unwrap().contains("as bob, and this connection is of maren-new"));
    world.providers.wait_for("revoke access-secret-3 ", 1).await;
    assert_eq!(world.providers.asked("revoke access-secret-3 refresh"), 0, "bob may be connected, too");
    assert_eq!(world.shown().await, again);

    let attempt = world.begins(Gitlab, first.id).await;
    world.agrees();
    assert_eq!(world.polls(&attempt).await.integration.unwrap().id, first.id);
    let kinds: Vec<_> = world.recorded().await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["integration_connected", "integration_reconnected", "integration_reconnected"]);
    // It was removed while somebody agreed to it.
    let attempt = world.begins(Gitlab, first.id).await;
    let path = IntegrationPath { provider: Gitlab, id: None };
    world.service.disconnect_integration(&world.ada, path).await.unwrap();
    world.agrees();
    assert_eq!(world.polls(&attempt).await.status, AttemptStatus::Failed);
}

#[tokio::test]
async fn there_are_twenty_at_most_and_five_attempts() {
    let world = World::new().await;
    let mut open = Vec::new();
    for n in 0..6 {
        open.push(world.begins(Gitlab, None).await);
        if n == 0 {
            assert_eq!(world.polls(&open[0]).await.status, AttemptStatus::Pending);
        }
    }
    assert_eq!(
        code(world.service.poll_connection(&world.ada, open[0].clone()).await),
        ErrorCode::NotFound,
        "the oldest"
    );
    let late = open.pop().unwrap();
    for n in 0..20 {
        world.providers.script().users.push_back(Ok(user(&n.to_string(), &format!("maren{n}"))));
        world.connects(Gitlab).await;
        // It stays among the newest.
        if n < 19 {
            world.service.cancel_connection(&world.ada, open.pop().unwrap_or_else(|| late.clone())).await.ok();
        }
    }
    let device = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let path = ProviderPath { provider: Gitlab };
    assert_eq!(code(world.service.connect_integration(&world.ada, path, device.clone()).await), ErrorCode::Conflict);
    let of_one = world.service.integrations_of(world.account).await.unwrap()[3].clone();
    let attempt = world.begins(Gitlab, of_one.id).await;
    world.agrees();
    world.providers.script().users.push_back(Ok(user("3", "maren3")));
    assert_eq!(world.polls(&attempt).await.integration.unwrap().id, of_one.id, "one that is renewed takes no room");
}

#[tokio::test]
async fn who_begins_all_the_time_has_to_wait() {
    let world = World::with(configured(), true).await;
    let device = || Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let path = || ProviderPath { provider: Gitlab };
    for _ in 0..10 {
        world.service.connect_integration(&world.ada, path(), device()).await.unwrap();
    }
    let refused = world.service.connect_integration(&world.ada, path(), device()).await.unwrap_err();
    assert_eq!((refused.code(), refused.body().members.retry_after), (ErrorCode::TooManyRequests, Some(61)));
    assert_eq!(world.providers.asked("start"), 10);
    assert_eq!(
        code(world.service.connect_integration(&Caller::default(), path(), device()).await),
        ErrorCode::Unauthenticated
    );
}

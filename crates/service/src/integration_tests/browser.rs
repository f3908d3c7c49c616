//! The flow with a browser: what it brings back, and what is made of it.

use latchkey_api::{
    instance::Provider::Gitlab,
    integrations::*,
    problem::{ErrorCode, FieldCode},
    wire::Secret,
};
use sha2::{Digest, Sha256};

use super::{
    connected_world::World,
    connecting::code,
    scripted_providers::{revoked, unreachable},
};

pub(super) const REDIRECT: &str = "http://127.0.0.1:4000/callback";

pub(super) fn brought(state: &str, code: Option<&str>) -> FinishConnection {
    FinishConnection { state: state.into(), code: code.map(Secret::new), error: None, iss: None }
}

/// Begins with a browser; the attempt, its state and its challenge.
pub(super) async fn begins_in_a_browser(world: &World) -> (AttemptPath, String, String) {
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

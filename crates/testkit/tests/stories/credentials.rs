//! Credentials for tools: read by sessions that were let, and by nobody else.

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery, Category, Push},
    common::Caller,
    container_registries::RegistryFailure,
    credentials::*,
    endpoint::Gate,
    problem::{ApiResult, ErrorCode},
};
use latchkey_testkit::{Person, Wiring, World, proof};

use crate::{
    code,
    container_registries::{HOST, PASSWORD, at, authorises, new_password, with_registries},
    current, stories,
    stream::next,
};

stories! {
    a_session_reads_credentials_once_it_was_let;
    letting_and_taking_back_is_recorded_once;
    a_session_that_closed_is_let_no_more;
    the_password_of_an_authorised_registry_is_answered;
    nobody_else_reads_it;
}

pub(crate) async fn asks(world: &World, caller: &Caller, host: &str) -> ApiResult<RegistryCredential> {
    world.api.get_registry_credential(caller, RegistryCredentialRequest { host: host.into() }).await
}

async fn asks_for_git(world: &World, caller: &Caller) -> ApiResult<GitCredential> {
    world.api.get_git_credential(caller, GitCredentialRequest { host: "github.com".into(), username: None }).await
}

async fn a_session_reads_credentials_once_it_was_let(wiring: Wiring) {
    let (world, _) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    authorises(&world, &ada, HOST).await;
    let never = CredentialAccess { allowed_since: None };
    let since = CredentialAccess { allowed_since: Some(ada.profile.created_at) };
    assert_eq!(world.api.get_credential_access(&ada.caller).await.unwrap(), never);
    for host in [HOST, "elsewhere.example", ""] {
        assert_eq!(code(asks(&world, &ada.caller, host).await), ErrorCode::CredentialsNotAllowed, "{host}");
    }
    assert_eq!(code(asks_for_git(&world, &ada.caller).await), ErrorCode::CredentialsNotAllowed);
    assert_eq!(world.api.allow_credentials(&ada.caller).await.unwrap(), since);
    world.clock.advance(Duration::minutes(1));
    assert_eq!(world.api.allow_credentials(&ada.caller).await.unwrap(), since, "since the first time");
    assert_eq!(world.api.get_credential_access(&ada.caller).await.unwrap(), since);
    asks(&world, &ada.caller, HOST).await.unwrap();
    // Each session for itself.
    assert_eq!(world.api.get_credential_access(&phone.caller).await.unwrap(), never);
    assert_eq!(code(asks(&world, &phone.caller, HOST).await), ErrorCode::CredentialsNotAllowed);
    // A helper is not asked who it is, days later; letting another session asks.
    world.clock.advance(Duration::days(2));
    asks(&world, &ada.caller, HOST).await.unwrap();
    let stale = ErrorCode::InsufficientUserAuthentication;
    assert_eq!(code(world.api.allow_credentials(&phone.caller).await), stale);
    world.api.reauthenticate(&phone.caller, proof(None)).await.unwrap();
    world.api.allow_credentials(&phone.caller).await.unwrap();
    world.api.refuse_credentials(&ada.caller).await.unwrap();
    assert_eq!(code(asks(&world, &ada.caller, HOST).await), ErrorCode::CredentialsNotAllowed);
    asks(&world, &phone.caller, HOST).await.unwrap();
}

async fn letting_and_taking_back_is_recorded_once(wiring: Wiring) {
    use ActivityKind::{CredentialsAllowed, CredentialsRefused, RegistryAuthorised};
    let (world, _) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    authorises(&world, &ada, HOST).await;
    let mut heard = world.events(&phone.caller).await.unwrap();
    for _ in 0..2 {
        world.api.allow_credentials(&ada.caller).await.unwrap();
    }
    for _ in 0..3 {
        asks(&world, &ada.caller, HOST).await.unwrap();
    }
    for _ in 0..2 {
        world.api.refuse_credentials(&ada.caller).await.unwrap();
    }
    let events = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap().items;
    let kinds: Vec<_> = events.iter().map(|event| event.kind).take(3).collect();
    assert_eq!(kinds, [CredentialsRefused, CredentialsAllowed, RegistryAuthorised], "reading is not recorded");
    assert!(events[0].current_session && events[1].current_session);
    for _ in 0..2 {
        assert_eq!(next(&mut heard).await, Some(Push::ActivityNew { category: Category::SignIn }));
    }
}

async fn a_session_that_closed_is_let_no_more(wiring: Wiring) {
    let (world, _) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    authorises(&world, &ada, HOST).await;
    world.api.allow_credentials(&ada.caller).await.unwrap();
    world.api.allow_credentials(&phone.caller).await.unwrap();
    world.api.close_other_sessions(&ada.caller).await.unwrap();
    assert_eq!(code(asks(&world, &phone.caller, HOST).await), ErrorCode::SessionClosed);
    asks(&world, &ada.caller, HOST).await.unwrap();
    world.api.close_session(&ada.caller, current()).await.unwrap();
    assert_eq!(code(asks(&world, &ada.caller, HOST).await), ErrorCode::SessionClosed);
    let again = Person::signs_in(&*world.api, "ada").await;
    assert_eq!(code(asks(&world, &again.caller, HOST).await), ErrorCode::CredentialsNotAllowed);
}

async fn the_password_of_an_authorised_registry_is_answered(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.allow_credentials(&ada.caller).await.unwrap();
    let one = authorises(&world, &ada, HOST).await;
    authorises(&world, &ada, "docker.io").await;
    for host in [HOST, "https://REGISTRY.example/v2/", "registry.example:443"] {
        let answer = asks(&world, &ada.caller, host).await.unwrap();
        assert_eq!((answer.host.as_str(), answer.username.as_str()), (HOST, "ada"));
        assert_eq!((answer.password.expose(), answer.expires_at), (PASSWORD, None));
    }
    assert_eq!(asks(&world, &ada.caller, "https://index.docker.io/v1/").await.unwrap().host, "docker.io");
    for host in ["registry.example:5000", "other.example", "", "no host", &"a".repeat(300)] {
        assert_eq!(code(asks(&world, &ada.caller, host).await), ErrorCode::NotFound, "{host}");
    }
    assert_eq!(code(asks_for_git(&world, &ada.caller).await), ErrorCode::NotFound);
    // What the service could not check may be good all the same: tools are given it.
    registries.fails(HOST, RegistryFailure::Unreachable);
    world.api.update_registry(&ada.caller, at(&one), new_password("newer")).await.unwrap();
    assert_eq!(asks(&world, &ada.caller, HOST).await.unwrap().password.expose(), "newer");
    world.api.remove_registry(&ada.caller, at(&one)).await.unwrap();
    assert_eq!(code(asks(&world, &ada.caller, HOST).await), ErrorCode::NotFound);
}

async fn nobody_else_reads_it(wiring: Wiring) {
    let (world, _) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    world.api.allow_credentials(&ada.caller).await.unwrap();
    world.api.allow_credentials(&bob.caller).await.unwrap();
    authorises(&world, &ada, HOST).await;
    assert_eq!(code(asks(&world, &bob.caller, HOST).await), ErrorCode::NotFound);
    let key = world.api.generate_api_key(&ada.caller).await.unwrap().api_key;
    let key = Caller::with_token(key.expose());
    assert_eq!(code(asks(&world, &key, HOST).await), ErrorCode::SessionRequired);
    assert_eq!(code(world.api.allow_credentials(&key).await), ErrorCode::SessionRequired);
    let thief = world.service_with_another_key().await;
    let body = RegistryCredentialRequest { host: HOST.into() };
    let refused = CredentialsApi::get_registry_credential(&thief, &ada.caller, body).await;
    assert_eq!(code(refused), ErrorCode::SealingUnavailable);
}

/// Nobody on the way keeps an answer with a password in it.
#[tokio::test]
async fn an_answer_with_a_password_is_stored_nowhere() {
    let (world, _) = with_registries(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    authorises(&world, &ada, HOST).await;
    world.api.allow_credentials(&ada.caller).await.unwrap();
    let request = http::Request::post("/v1/me/registry-credential")
        .header("authorization", format!("Bearer {}", ada.caller.credential.as_ref().unwrap().expose()))
        .header("content-type", "application/json");
    let body = format!(r#"{{"host":"{HOST}"}}"#);
    let response = crate::registry::send(&world.service, request.body(body.into()).unwrap()).await;
    assert_eq!((response.status().as_u16(), &response.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
    let answer = crate::registry::body(&response);
    assert_eq!((&answer["password"], &answer["expires_at"]), (&PASSWORD.into(), &serde_json::Value::Null));
}

/// A request that was let in and whose body came late: the session was closed in between.
#[tokio::test]
async fn a_session_that_was_closed_meanwhile_reads_nothing() {
    let world = World::with(Wiring::Direct).settings(crate::registry::with_registry).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    authorises(&world, &ada, HOST).await;
    world.api.allow_credentials(&ada.caller).await.unwrap();
    let registry = world.service.admit(ada.caller.clone(), &GET_REGISTRY_CREDENTIAL.meta).await.unwrap();
    let git = world.service.admit(ada.caller.clone(), &GET_GIT_CREDENTIAL.meta).await.unwrap();
    asks(&world, &registry, HOST).await.unwrap();
    world.api.close_session(&ada.caller, current()).await.unwrap();
    for host in [HOST, "localhost:5000"] {
        assert_eq!(code(asks(&world, &registry, host).await), ErrorCode::SessionClosed, "{host}");
    }
    assert_eq!(code(asks_for_git(&world, &git).await), ErrorCode::SessionClosed);
}

//! Passwords for the service's own registry, which last five minutes and no longer than their session.

use bytes::Bytes;
use chrono::Duration;
use http::{Response, StatusCode};
use latchkey_api::{
    common::Caller, credentials::RegistryCredential, instance::TwoFactorPolicy, problem::ErrorCode, wire::Secret,
};
use latchkey_service::Policy;
use latchkey_testkit::{Person, Wiring, World};

use crate::{
    code,
    credentials::asks,
    current,
    registry::{basic, body, get, is, read, refusal, with_registry},
    stories,
};

stories! {
    a_password_is_made_for_the_session_that_asks;
}

const OWN: &str = "localhost:5000";

async fn lets(world: &World, name: &str) -> Person {
    let person = Person::joins(&*world.api, name).await;
    world.api.allow_credentials(&person.caller).await.unwrap();
    person
}

async fn makes(world: &World, person: &Person) -> RegistryCredential {
    asks(world, &person.caller, OWN).await.unwrap()
}

async fn signs_in(world: &World, with: &RegistryCredential) -> Response<Bytes> {
    get(&world.service, "?service=registry.test&scope=repository:ada/x:pull", Some(&basic("ada", &with.password))).await
}

async fn a_password_is_made_for_the_session_that_asks(wiring: Wiring) {
    let world = World::with(wiring).settings(with_registry).build().await;
    let ada = Person::joins(&*world.api, "Ada").await;
    assert_eq!(code(asks(&world, &ada.caller, OWN).await), ErrorCode::CredentialsNotAllowed);
    world.api.allow_credentials(&ada.caller).await.unwrap();
    let one = asks(&world, &ada.caller, "https://Localhost:5000/v2/").await.unwrap();
    assert_eq!((one.host.as_str(), one.username.as_str()), (OWN, "Ada"));
    assert_eq!(one.expires_at, Some(ada.profile.created_at + Duration::minutes(5)));
    assert!(one.password.expose().starts_with("lkr_"));
    assert_ne!(makes(&world, &ada).await.password, one.password, "each is made anew");
    // It is a password for the registry, and opens nothing else.
    let as_token = Caller::with_token(one.password.expose());
    assert_eq!(code(world.api.get_profile(&as_token).await), ErrorCode::Unauthenticated);
    assert_eq!(code(asks(&world, &as_token, OWN).await), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn it_is_good_for_five_minutes() {
    let world = crate::registry::world().await;
    let ada = lets(&world, "ada").await;
    let one = makes(&world, &ada).await;
    let response = signs_in(&world, &one).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(!response.headers().keys().any(|name| name.as_str().starts_with("ratelimit")), "it is no key");
    let bundle = world.service.registry_certificates().await.unwrap();
    let (_, claims) = read(body(&response)["token"].as_str().unwrap(), &bundle).unwrap();
    assert_eq!(claims["access"][0]["name"], "ada/x");
    world.clock.advance(Duration::minutes(5) - Duration::seconds(1));
    assert_eq!(signs_in(&world, &one).await.status(), StatusCode::OK);
    world.clock.advance(Duration::seconds(1));
    assert_eq!(refusal(&signs_in(&world, &one).await), is(401, "unauthenticated"));
    assert_eq!(signs_in(&world, &makes(&world, &ada).await).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn it_ends_with_its_session_and_its_permission() {
    let world = crate::registry::world().await;
    let ada = lets(&world, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    world.api.allow_credentials(&phone.caller).await.unwrap();
    let (here, there) = (makes(&world, &ada).await, makes(&world, &phone).await);
    world.api.close_session(&phone.caller, current()).await.unwrap();
    assert_eq!(refusal(&signs_in(&world, &there).await), is(401, "unauthenticated"));
    assert_eq!(signs_in(&world, &here).await.status(), StatusCode::OK);
    // Taken back and given again: what was made before stays ended.
    world.api.refuse_credentials(&ada.caller).await.unwrap();
    assert_eq!(refusal(&signs_in(&world, &here).await), is(401, "unauthenticated"));
    world.api.allow_credentials(&ada.caller).await.unwrap();
    assert_eq!(refusal(&signs_in(&world, &here).await), is(401, "unauthenticated"));
    let here = makes(&world, &ada).await;
    assert_eq!(signs_in(&world, &here).await.status(), StatusCode::OK);
    // A policy that is stricter since holds for the session it belongs to.
    world.service.set_policy(Policy::SessionIdle(std::time::Duration::from_mins(2))).await.unwrap();
    world.clock.advance(Duration::minutes(3));
    assert_eq!(refusal(&signs_in(&world, &here).await), is(401, "unauthenticated"));
    assert_eq!(code(asks(&world, &ada.caller, OWN).await), ErrorCode::SessionExpired);
}

#[tokio::test]
async fn account_and_policy_hold_for_it() {
    let world = crate::registry::world().await;
    let ada = lets(&world, "ada").await;
    let one = makes(&world, &ada).await;
    world.service.set_policy(Policy::TwoFactor(TwoFactorPolicy::Required)).await.unwrap();
    assert_eq!(refusal(&signs_in(&world, &one).await), is(403, "two_factor_setup_required"));
    assert_eq!(code(asks(&world, &ada.caller, OWN).await), ErrorCode::TwoFactorSetupRequired);
    world.service.set_policy(Policy::TwoFactor(TwoFactorPolicy::Optional)).await.unwrap();
    assert_eq!(signs_in(&world, &one).await.status(), StatusCode::OK);
    world.service.disable_user("ada").await.unwrap();
    assert_eq!(refusal(&signs_in(&world, &one).await), is(403, "account_disabled"));
    world.service.enable_user("ada").await.unwrap();
    assert_eq!(refusal(&signs_in(&world, &one).await), is(401, "unauthenticated"), "its session was closed");
}

#[tokio::test]
async fn what_is_wrong_with_it_is_not_told_and_costs_little() {
    let world = crate::registry::world().await;
    let (ada, bob) = (lets(&world, "ada").await, lets(&world, "bob").await);
    let (one, bobs) = (makes(&world, &ada).await, makes(&world, &bob).await);
    let token = one.password.expose();
    let tampered = format!("{}{}", &token[..token.len() - 1], if token.ends_with('0') { '1' } else { '0' });
    let before = world.service.statistics();
    let refused = get(&world.service, "", Some(&basic("ada", &Secret::new(tampered)))).await;
    assert_eq!(refusal(&refused), is(401, "unauthenticated"));
    assert_eq!(world.service.statistics(), before, "a wrong checksum costs no look at the database");
    let detail = body(&refused)["detail"].clone();
    for (name, password) in [("bob", &one.password), ("ada", &bobs.password), ("", &one.password)] {
        let refused = get(&world.service, "", Some(&basic(name, password))).await;
        assert_eq!((refusal(&refused), &body(&refused)["detail"]), (is(401, "unauthenticated"), &detail), "{name}");
    }
    world.clock.advance(Duration::minutes(5));
    assert_eq!(body(&signs_in(&world, &one).await)["detail"], detail);
    let files = ["", "-wal", "-shm"].map(|end| format!("{}{end}", world.file().display()));
    let bytes: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect();
    let random = &token.as_bytes()[30..50];
    assert!(!bytes.windows(random.len()).any(|window| window == random), "only its hash is kept");
}

#[tokio::test]
async fn without_a_registry_there_is_no_password() {
    let world = World::new(Wiring::Direct).await;
    let ada = lets(&world, "ada").await;
    assert_eq!(code(asks(&world, &ada.caller, OWN).await), ErrorCode::NotFound);
}

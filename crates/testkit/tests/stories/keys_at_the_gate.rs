//! What an API key opens, and what it does not.

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery},
    api_keys::{ApiKeyPath, ApiKeysApi, CreateApiKey, Scope},
    avatar::{AvatarApi, PUT_AVATAR},
    common::{Caller, PageQuery},
    endpoint::{Auth, Gate},
    instance::TwoFactorPolicy,
    problem::ErrorCode,
    profile::{GET_PROFILE, IfMatch, ProfileApi, ProfilePatch, UPDATE_PROFILE},
    wire::{ETag, Upload},
};
use latchkey_service::Policy;
use latchkey_testkit::{Person, Wiring, World, png};

use crate::{
    api_keys::{asks_for, creates, generates, with},
    code,
    every_endpoint::{call, endpoints},
    stories,
};

stories! {
    every_endpoint_holds_the_scope_of_a_key;
    a_key_ends_when_its_time_has_come;
    policy_and_disabling_hold_for_keys;
    a_key_edits_the_profile_but_for_the_address;
    what_a_key_does_is_told_by_its_name;
}

fn any() -> IfMatch {
    IfMatch { if_match: ETag("*".into()) }
}

fn bio(text: &str) -> ProfilePatch {
    ProfilePatch { bio: Some(Some(text.into())), ..ProfilePatch::default() }
}

async fn every_endpoint_holds_the_scope_of_a_key(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let personal = generates(&world, &ada).await;
    let api = with(&creates(&world, &ada, asks_for("API", &[Scope::Api])).await.token);
    let registry = with(&creates(&world, &ada, asks_for("Registry", &[Scope::Registry])).await.token);
    let mut opened = Vec::new();
    for endpoint in endpoints() {
        let id = endpoint.meta.id;
        let answers = [call(&*world.api, &personal, id).await, call(&*world.api, &api, id).await];
        let on_registry = call(&*world.api, &registry, id).await;
        if endpoint.meta.auth == Auth::Session {
            assert_eq!(answers, [Some(ErrorCode::SessionRequired); 2], "{id}");
            assert_eq!(on_registry, Some(ErrorCode::SessionRequired), "{id}");
        } else {
            let gate = [ErrorCode::Unauthenticated, ErrorCode::SessionRequired, ErrorCode::InsufficientScope];
            assert!(answers.iter().flatten().all(|code| !gate.contains(code)), "{id}: {answers:?}");
            assert_eq!(on_registry, Some(ErrorCode::InsufficientScope), "{id}");
            opened.push(id);
        }
    }
    let expected = ["get_two_factor", "list_ssh_keys", "get_profile", "update_profile", "put_avatar", "delete_avatar"];
    opened.sort_unstable();
    assert_eq!(
        opened,
        {
            let mut ids = expected;
            ids.sort_unstable();
            ids
        },
        "nothing else is open to keys"
    );
}

async fn a_key_ends_when_its_time_has_come(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let ends = ada.profile.created_at + Duration::days(7);
    let key =
        creates(&world, &ada, CreateApiKey { expires_at: Some(Some(ends)), ..asks_for("x", &[Scope::Api]) }).await;
    let personal = generates(&world, &ada).await;
    world.clock.advance(Duration::days(7) - Duration::seconds(1));
    world.api.get_profile(&with(&key.token)).await.unwrap();
    world.clock.advance(Duration::seconds(1));
    assert_eq!(code(world.api.get_profile(&with(&key.token)).await), ErrorCode::ApiKeyExpired);
    world.api.get_profile(&personal).await.unwrap();
    let listed = world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!((listed.len(), listed[0].expires_at), (1, Some(ends)), "it is still shown");
    let bytes = key.token.expose();
    let tampered = format!("{}{}", &bytes[..bytes.len() - 1], if bytes.ends_with('0') { '1' } else { '0' });
    let before = world.service.statistics();
    assert_eq!(code(world.api.get_profile(&Caller::with_token(tampered)).await), ErrorCode::Unauthenticated);
    assert_eq!(world.service.statistics(), before, "a wrong checksum costs no look at the database");
}

async fn policy_and_disabling_hold_for_keys(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let keys = [generates(&world, &ada).await, with(&creates(&world, &ada, asks_for("x", &[Scope::Api])).await.token)];
    world.service.set_policy(Policy::TwoFactor(TwoFactorPolicy::Required)).await.unwrap();
    for key in &keys {
        let refused = world.api.update_profile(key, any(), bio("x")).await;
        assert_eq!(code(refused), ErrorCode::TwoFactorSetupRequired);
        // As for sessions: who one is may be read.
        world.api.get_profile(key).await.unwrap();
    }
    ada.sets_two_factor_up(&world).await;
    for key in &keys {
        world.api.update_profile(key, any(), bio("x")).await.unwrap();
    }
    world.service.disable_user("ada").await.unwrap();
    for key in &keys {
        assert_eq!(code(world.api.get_profile(key).await), ErrorCode::AccountDisabled);
    }
    world.service.enable_user("ada").await.unwrap();
    for key in &keys {
        world.api.get_profile(key).await.unwrap();
    }
}

async fn a_key_edits_the_profile_but_for_the_address(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = generates(&world, &ada).await;
    let read = world.api.get_profile(&key).await.unwrap();
    let patch = ProfilePatch { email: Some("ada@example.com".into()), ..bio("by a key") };
    let saved = world.api.update_profile(&key, IfMatch { if_match: read.etag }, patch).await.unwrap().value;
    assert_eq!(saved.bio.as_deref(), Some("by a key"), "naming the address of now changes nothing");
    let address = |email: &str| ProfilePatch { email: Some(email.into()), ..ProfilePatch::default() };
    for email in ["thief@example.com", "ADA@example.com"] {
        let refused = world.api.update_profile(&key, any(), address(email)).await;
        assert_eq!(code(refused), ErrorCode::SessionRequired, "{email}");
    }
    // Nor can it give up an address that waits.
    world.api.update_profile(&ada.caller, any(), address("ada@new.example")).await.unwrap();
    assert_eq!(
        code(world.api.update_profile(&key, any(), address("ada@example.com")).await),
        ErrorCode::SessionRequired
    );
    let waits = world.api.get_profile(&ada.caller).await.unwrap().value.pending_email;
    assert_eq!(waits.as_deref(), Some("ada@new.example"));
    let upload = Upload { media_type: "image/png".into(), bytes: png(32, 32, [1, 2, 3]) };
    assert!(world.api.put_avatar(&key, upload).await.unwrap().value.avatar.custom);
    assert!(!world.api.delete_avatar(&key).await.unwrap().value.avatar.custom);
}

async fn what_a_key_does_is_told_by_its_name(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = with(&creates(&world, &ada, asks_for("Nightly backups", &[Scope::Api])).await.token);
    world.api.update_profile(&key, any(), bio("x")).await.unwrap();
    let events = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap().items;
    assert_eq!((events[0].kind, events[0].session_id), (ActivityKind::ProfileUpdated, None));
    assert_eq!(events[0].device.as_deref(), Some("API key Nightly backups"));
    assert!(!events[0].current_session);
}

/// Noted in memory, written by the upkeep, and once a minute at most.
#[tokio::test]
async fn the_last_use_is_written_with_its_address() {
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let named = creates(&world, &ada, asks_for("x", &[Scope::Api])).await;
    let from = |caller: Caller, address: &str| Caller { address: Some(address.parse().unwrap()), ..caller };
    let personal = generates(&world, &ada).await;
    let begun = world.service.statistics();
    for n in 1..=9 {
        world.api.get_profile(&from(with(&named.token), &format!("192.0.2.{n}"))).await.unwrap();
        world.api.get_profile(&from(personal.clone(), "::ffff:192.0.2.77")).await.unwrap();
    }
    assert_eq!(world.service.statistics().writes, begun.writes, "no request costs a write");
    world.service.upkeep(false).await;
    let used = async || {
        let key = world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items.remove(0);
        (key.last_used_at, key.last_used_ip)
    };
    let first = ada.profile.created_at;
    assert_eq!(used().await, (Some(first), Some("192.0.2.9".into())));
    assert_eq!(world.api.get_api_key(&ada.caller).await.unwrap().last_used_at, Some(first));
    world.clock.advance(Duration::seconds(59));
    world.api.get_profile(&from(with(&named.token), "192.0.2.50")).await.unwrap();
    world.service.upkeep(false).await;
    assert_eq!(used().await.0, Some(first), "within a minute it is not worth a write");
    world.clock.advance(Duration::seconds(1));
    world.api.get_profile(&from(with(&named.token), "192.0.2.51")).await.unwrap();
    // A service that ends writes what it knows.
    world.service.close().await;
    let again = world.another_service().await;
    let key = again.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items.remove(0);
    assert_eq!(
        (key.last_used_at, key.last_used_ip.as_deref()),
        (Some(first + Duration::minutes(1)), Some("192.0.2.51"))
    );
}

/// A request that was let in and whose body came late: the key was deleted, replaced, or ended in between.
#[tokio::test]
async fn a_key_that_is_gone_finishes_nothing() {
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let service = &world.service;
    let named = creates(&world, &ada, asks_for("x", &[Scope::Api])).await;
    let ends = ada.profile.created_at + Duration::hours(1);
    let short = CreateApiKey { expires_at: Some(Some(ends)), ..asks_for("y", &[Scope::Api]) };
    let short = creates(&world, &ada, short).await;
    let personal = generates(&world, &ada).await;
    let let_in = async |caller: Caller, meta| service.admit(caller, meta).await.unwrap();
    let update = let_in(with(&named.token), &UPDATE_PROFILE.meta).await;
    let put = let_in(with(&named.token), &PUT_AVATAR.meta).await;
    let replaced = let_in(personal, &UPDATE_PROFILE.meta).await;
    let ended = let_in(with(&short.token), &UPDATE_PROFILE.meta).await;
    let before = world.api.get_profile(&ada.caller).await.unwrap();
    world.api.delete_api_key(&ada.caller, ApiKeyPath { id: named.id }).await.unwrap();
    generates(&world, &ada).await;
    let picture = || Upload { media_type: "image/png".into(), bytes: png(32, 32, [1, 2, 3]) };
    assert_eq!(code(service.update_profile(&update, any(), bio("thief")).await), ErrorCode::Unauthenticated);
    assert_eq!(code(service.put_avatar(&put, picture()).await), ErrorCode::Unauthenticated);
    assert_eq!(code(service.update_profile(&replaced, any(), bio("thief")).await), ErrorCode::Unauthenticated);
    let disabled = let_in(with(&short.token), &PUT_AVATAR.meta).await;
    world.clock.advance(Duration::hours(1));
    assert_eq!(code(service.update_profile(&ended, any(), bio("late")).await), ErrorCode::ApiKeyExpired);
    assert_eq!(world.api.get_profile(&ada.caller).await.unwrap(), before);
    world.clock.advance(-Duration::hours(1));
    service.disable_user("ada").await.unwrap();
    assert_eq!(code(service.put_avatar(&disabled, picture()).await), ErrorCode::AccountDisabled);
}

/// What one door let in is held again at the next.
#[tokio::test]
async fn a_key_that_was_let_in_somewhere_is_let_in_nowhere_else_by_that() {
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = generates(&world, &ada).await;
    let admitted = world.service.admit(key, &GET_PROFILE.meta).await.unwrap();
    assert_eq!(code(world.service.get_api_key(&admitted).await), ErrorCode::SessionRequired);
    assert_eq!(code(world.service.reveal_api_key(&admitted).await), ErrorCode::SessionRequired);
}

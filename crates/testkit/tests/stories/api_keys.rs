//! Making, showing and deleting API keys.

use chrono::Duration;
use latchkey_api::{
    AccountApi,
    activity::ActivityQuery,
    api_keys::{ApiKeyPath, CreateApiKey, MAX_API_KEYS, NewApiKey, RevealedApiKey, Scope},
    common::{Caller, PageQuery},
    problem::{ErrorCode, FieldCode},
};
use latchkey_service::Policy;
use latchkey_testkit::{Person, Wiring, World, proof};

use crate::{code, pointers, stories};

stories! {
    a_personal_key_works_until_it_is_replaced;
    a_personal_key_is_shown_again_after_a_fresh_proof;
    a_named_key_is_created_listed_and_deleted;
    what_does_not_fit_is_told_at_its_field;
    a_key_lasts_no_longer_than_the_policy_allows;
    of_many_replacements_one_key_works;
    keys_are_part_of_what_leaves_with_a_person;
}

/// With the token of a key.
pub(crate) fn with(token: &latchkey_api::wire::Secret) -> Caller {
    Caller::with_token(token.expose())
}

pub(crate) fn asks_for(name: &str, scopes: &[Scope]) -> CreateApiKey {
    CreateApiKey { name: name.into(), scopes: scopes.to_vec(), expires_at: None }
}

pub(crate) async fn creates(world: &World, person: &Person, body: CreateApiKey) -> NewApiKey {
    world.api.create_api_key(&person.caller, body).await.unwrap()
}

pub(crate) async fn generates(world: &World, person: &Person) -> Caller {
    let RevealedApiKey { api_key } = world.api.generate_api_key(&person.caller).await.unwrap();
    with(&api_key)
}

async fn a_personal_key_works_until_it_is_replaced(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let none = world.api.get_api_key(&ada.caller).await.unwrap();
    assert_eq!((none.exists, none.masked, none.created_at), (false, None, None));
    assert_eq!(code(world.api.reveal_api_key(&ada.caller).await), ErrorCode::NotFound);
    let old = generates(&world, &ada).await;
    assert_eq!(world.api.get_profile(&old).await.unwrap().value.username, "ada");
    let token = old.credential.as_ref().unwrap().expose().to_owned();
    assert!(token.starts_with("lk_"), "{token}");
    let described = world.api.get_api_key(&ada.caller).await.unwrap();
    assert_eq!(described.masked.unwrap(), format!("lk_••••••••{}", &token[token.len() - 4..]));
    assert_eq!((described.exists, described.created_at), (true, Some(ada.profile.created_at)));
    let new = generates(&world, &ada).await;
    assert_eq!(code(world.api.get_profile(&old).await), ErrorCode::Unauthenticated);
    world.api.get_profile(&new).await.unwrap();
    // Making one is for somebody who proved who they are just now.
    world.clock.advance(Duration::minutes(6));
    let refused = world.api.generate_api_key(&ada.caller).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InsufficientUserAuthentication);
    world.api.get_profile(&new).await.unwrap();
}

async fn a_personal_key_is_shown_again_after_a_fresh_proof(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = generates(&world, &ada).await;
    world.clock.advance(Duration::minutes(16));
    let refused = world.api.reveal_api_key(&ada.caller).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InsufficientUserAuthentication);
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    let shown = world.api.reveal_api_key(&ada.caller).await.unwrap();
    assert_eq!(shown.api_key.expose(), key.credential.as_ref().unwrap().expose());
}

async fn a_named_key_is_created_listed_and_deleted(wiring: Wiring) {
    let world = World::new(wiring).await;
    let (ada, bob) = (Person::joins(&*world.api, "Ada").await, Person::joins(&*world.api, "bob").await);
    let both = creates(&world, &ada, asks_for("  Nightly backups ", &[Scope::Registry, Scope::Api])).await;
    assert!(both.token.expose().starts_with("lkt_") && both.token.expose().ends_with(&both.last_four));
    assert_eq!((both.username.as_str(), both.name.as_str()), ("Ada", "Nightly backups"));
    assert_eq!(both.scopes, [Scope::Api, Scope::Registry]);
    assert_eq!(both.expires_at, Some(ada.profile.created_at + Duration::days(90)));
    world.clock.advance(Duration::seconds(1));
    let asked = CreateApiKey { expires_at: Some(None), ..asks_for("Nightly backups", &[Scope::Api]) };
    let for_ever = creates(&world, &ada, asked).await;
    assert_eq!(for_ever.expires_at, None);
    let page = |after| PageQuery { limit: Some(1), after };
    let first = world.api.list_api_keys(&ada.caller, page(None)).await.unwrap();
    let second = world.api.list_api_keys(&ada.caller, page(first.next.clone())).await.unwrap();
    let ids: Vec<_> = [&first, &second].iter().map(|page| page.items[0].id).collect();
    assert_eq!((ids, second.next.clone()), (vec![for_ever.id, both.id], None), "the newest first");
    let listed = &second.items[0];
    assert_eq!((&listed.name, &listed.scopes, &listed.last_four), (&both.name, &both.scopes, &both.last_four));
    assert_eq!((listed.expires_at, listed.last_used_at, listed.last_used_ip.as_deref()), (both.expires_at, None, None));
    assert_eq!(code(world.api.list_api_keys(&ada.caller, page(Some("x".into()))).await), ErrorCode::InvalidParameter);
    assert_eq!(world.api.list_api_keys(&bob.caller, PageQuery::default()).await.unwrap().items, []);

    world.api.get_profile(&with(&both.token)).await.unwrap();
    let path = |id| ApiKeyPath { id };
    assert_eq!(code(world.api.delete_api_key(&bob.caller, path(both.id)).await), ErrorCode::NotFound);
    world.api.delete_api_key(&ada.caller, path(both.id)).await.unwrap();
    assert_eq!(code(world.api.get_profile(&with(&both.token)).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.api.delete_api_key(&ada.caller, path(both.id)).await), ErrorCode::NotFound);
    world.api.get_profile(&with(&for_ever.token)).await.unwrap();
}

async fn what_does_not_fit_is_told_at_its_field(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let past = Some(Some(ada.profile.created_at - Duration::seconds(1)));
    let bad = CreateApiKey { name: " ".into(), scopes: vec![], expires_at: past };
    let refused = world.api.create_api_key(&ada.caller, bad).await.unwrap_err();
    let expected = [
        ("/name".to_owned(), FieldCode::Blank),
        ("/scopes".to_owned(), FieldCode::Blank),
        ("/expires_at".to_owned(), FieldCode::Invalid),
    ];
    assert_eq!(pointers(&refused), expected);
    for n in 0..MAX_API_KEYS {
        creates(&world, &ada, asks_for(&format!("Key {n}"), &[Scope::Api])).await;
    }
    assert_eq!(code(world.api.create_api_key(&ada.caller, asks_for("x", &[Scope::Api])).await), ErrorCode::Conflict);
    let all = world.api.list_api_keys(&ada.caller, PageQuery { limit: Some(100), after: None }).await.unwrap();
    assert_eq!(all.items.len(), 100);
    world.api.delete_api_key(&ada.caller, ApiKeyPath { id: all.items[50].id }).await.unwrap();
    creates(&world, &ada, asks_for("x", &[Scope::Api])).await;
}

async fn a_key_lasts_no_longer_than_the_policy_allows(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let never = || CreateApiKey { expires_at: Some(None), ..asks_for("For ever", &[Scope::Api]) };
    let before = creates(&world, &ada, never()).await;
    world.service.set_policy(Policy::ApiKeyMaxDays(Some(30))).await.unwrap();
    let refused = world.api.create_api_key(&ada.caller, never()).await.unwrap_err();
    assert_eq!(pointers(&refused), [("/expires_at".to_owned(), FieldCode::Invalid)]);
    let asked = CreateApiKey { expires_at: Some(Some(ada.profile.created_at + Duration::days(31))), ..never() };
    assert_eq!(code(world.api.create_api_key(&ada.caller, asked).await), ErrorCode::InvalidField);
    let usual = creates(&world, &ada, asks_for("Usual", &[Scope::Api])).await;
    let end = ada.profile.created_at + Duration::days(30);
    assert_eq!(usual.expires_at, Some(end));
    let listed = world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert!(listed.iter().all(|key| key.expires_at == Some(end)), "also the one that was to last for ever");
    world.clock.advance(Duration::days(30));
    for token in [&before.token, &usual.token] {
        assert_eq!(code(world.api.get_profile(&with(token)).await), ErrorCode::ApiKeyExpired);
    }
    world.service.set_policy(Policy::ApiKeyMaxDays(None)).await.unwrap();
    world.api.get_profile(&with(&before.token)).await.unwrap();
    assert_eq!(code(world.api.get_profile(&with(&usual.token)).await), ErrorCode::ApiKeyExpired);
}

async fn of_many_replacements_one_key_works(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let generating = (0..32).map(|_| {
        let (api, caller) = (world.api.clone(), ada.caller.clone());
        async move { api.generate_api_key(&caller).await.unwrap().api_key }
    });
    let keys = futures_util::future::join_all(generating).await;
    let mut works = Vec::new();
    for key in &keys {
        match world.api.get_profile(&with(key)).await {
            Ok(_) => works.push(key.expose()),
            Err(refused) => assert_eq!(refused.code(), ErrorCode::Unauthenticated),
        }
    }
    let shown = world.api.reveal_api_key(&ada.caller).await.unwrap();
    assert_eq!(works, [shown.api_key.expose()], "and it is the one that is shown");
}

async fn keys_are_part_of_what_leaves_with_a_person(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let personal = generates(&world, &ada).await;
    let ends = ada.profile.created_at + Duration::hours(1);
    let short = CreateApiKey { expires_at: Some(Some(ends)), ..asks_for("Short", &[Scope::Api]) };
    let (short, long) =
        (creates(&world, &ada, short).await, creates(&world, &ada, asks_for("Long", &[Scope::Api])).await);
    assert_eq!(world.api.get_deletion(&ada.caller).await.unwrap().api_keys, 3);
    let export = world.api.export_account(&ada.caller).await.unwrap();
    assert!(export.api_key.exists);
    let listed = world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!((export.api_keys.len(), &export.api_keys), (2, &listed));
    let text = format!("{export:?}");
    for caller in [personal.clone(), with(&short.token), with(&long.token)] {
        assert!(!text.contains(caller.credential.unwrap().expose()));
    }
    world.clock.advance(Duration::hours(1));
    assert_eq!(world.api.get_deletion(&ada.caller).await.unwrap().api_keys, 2, "one has ended");
    let events = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap();
    assert!(events.items.iter().any(|event| event.details.key.as_deref() == Some("Long")));
    leaves(&*world.api, &ada).await;
    for caller in [personal, with(&short.token), with(&long.token)] {
        assert_eq!(code(world.api.get_profile(&caller).await), ErrorCode::Unauthenticated);
    }
}

async fn leaves(api: &dyn AccountApi, person: &Person) {
    let password = latchkey_api::wire::Secret::new(latchkey_testkit::PASSWORD);
    let username = person.profile.username.clone();
    let body = latchkey_api::deletion::DeleteAccount { username, password, code: None };
    api.delete_account(&person.caller, body).await.unwrap();
}

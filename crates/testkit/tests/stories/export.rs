//! Everything the service holds about a person.

use chrono::Duration;
use latchkey_api::{
    activity::ActivityKind,
    password::Reauthentication,
    problem::ErrorCode,
    profile::{IfMatch, ProfilePatch},
    wire::{ETag, Secret, Upload},
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, png};

use crate::{code, nobody, stories};

stories! {
    an_export_asks_for_a_fresh_proof;
    an_export_has_everything_and_no_secret;
}

async fn an_export_asks_for_a_fresh_proof(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.clock.advance(Duration::minutes(16));
    let refused = world.api.export_account(&ada.caller).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InsufficientUserAuthentication);
    let body = Reauthentication { password: Secret::new(PASSWORD), code: None, backup_code: None };
    world.api.reauthenticate(&ada.caller, body).await.unwrap();
    world.api.export_account(&ada.caller).await.unwrap();
}

async fn an_export_has_everything_and_no_secret(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    Person::signs_in(&*world.api, "ada").await;
    Person::joins(&*world.api, "bob").await;
    let patch = ProfilePatch { bio: Some(Some("Mathematician".into())), ..ProfilePatch::default() };
    let saved = world.api.update_profile(&ada.caller, IfMatch { if_match: ETag("*".into()) }, patch).await.unwrap();
    let bare = world.api.export_account(&ada.caller).await.unwrap();
    assert_eq!((bare.profile, bare.avatar), (saved.value, None));
    assert_eq!(bare.password_changed_at, ada.profile.created_at);
    assert!(!bare.two_factor.enabled);
    assert_eq!(bare.sessions.len(), 2);
    let kinds: Vec<_> = bare.events.iter().map(|event| event.kind).collect();
    assert_eq!((kinds[0], kinds[1]), (ActivityKind::DataExported, ActivityKind::ProfileUpdated));
    assert_eq!(kinds.last(), Some(&ActivityKind::AccountCreated));
    assert!(bare.events[0].current_session);

    let upload = Upload { media_type: "image/png".into(), bytes: png(32, 32, [1, 2, 3]) };
    world.api.put_avatar(&ada.caller, upload).await.unwrap();
    let whole = world.api.export_account(&ada.caller).await.unwrap();
    assert!(whole.avatar.as_ref().unwrap().starts_with("data:image/"), "{:?}", whole.avatar);
    let text = format!("{whole:?}");
    assert!(!text.contains("bob@example.com"));
    for secret in [PASSWORD, "argon2", "lks_"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    let on = world.api.export_account(&ada.caller).await.unwrap();
    assert!(on.two_factor.enabled);
    let text = format!("{on:?}");
    for secret in &codes {
        assert!(!text.contains(secret.expose()), "{}", secret.expose());
    }
    assert_eq!(code(world.api.export_account(&nobody()).await), ErrorCode::Unauthenticated);
}

//! A new e-mail address, confirmed by a mailed code.

use chrono::Duration;
use latchkey_api::{
    email::ConfirmEmail,
    problem::{ApiResult, ErrorCode, FieldCode},
    profile::{IfMatch, Profile, ProfilePatch},
    wire::{ETag, Secret, Versioned},
};
use latchkey_testkit::{Person, Wiring, World, sign_in};

use crate::{code, nobody, pointers, stories};

stories! {
    a_new_address_takes_over_when_its_code_is_entered;
    an_address_that_waits_claims_nothing;
    guessing_a_code_kills_it_and_a_new_one_works;
    a_code_expires;
    a_new_address_is_given_up;
    nobody_is_mailed_without_end;
    without_mail_an_address_changes_at_once;
}

async fn patch(world: &World, person: &Person, patch: ProfilePatch) -> ApiResult<Versioned<Profile>> {
    world.api.update_profile(&person.caller, IfMatch { if_match: ETag("*".into()) }, patch).await
}

async fn moves(world: &World, person: &Person, email: &str) -> ApiResult<Versioned<Profile>> {
    patch(world, person, ProfilePatch { email: Some(email.into()), ..ProfilePatch::default() }).await
}

async fn enters(world: &World, person: &Person, code: &str) -> ApiResult<Versioned<Profile>> {
    world.api.confirm_email(&person.caller, ConfirmEmail { code: Secret::new(code) }).await
}

async fn a_new_address_takes_over_when_its_code_is_entered(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    assert!(world.api.get_instance(&nobody()).await.unwrap().mail);
    let ada = Person::joins(&*world.api, "ada").await;
    let before = world.api.get_profile(&ada.caller).await.unwrap();
    let both =
        ProfilePatch { email: Some("Ada@New.example".into()), name: Some("Ada L".into()), ..ProfilePatch::default() };
    let waiting = patch(&world, &ada, both).await.unwrap();
    assert_ne!(waiting.etag, before.etag);
    assert_eq!(waiting.value.email, "ada@example.com", "nothing has moved yet");
    assert_eq!((waiting.value.pending_email.as_deref(), &*waiting.value.name), (Some("Ada@New.example"), "Ada L"));
    let mailed = world.post().code("Ada@New.example", "Confirm").await;
    let typed = format!(" {} ", mailed.to_lowercase().replace('-', " "));
    let changed = enters(&world, &ada, &typed).await.unwrap();
    assert_eq!((&*changed.value.email, changed.value.pending_email), ("Ada@New.example", None));
    let notice = world.post().next("ada@example.com", "was changed").await;
    assert!(notice.text.contains("Ada@New.example"), "{}", notice.text);
    Person::signs_in(&*world.api, "ada@new.example").await;
    assert_eq!(code(world.api.sign_in(&nobody(), sign_in("ada@example.com")).await), ErrorCode::InvalidCredentials);
    assert_eq!(code(enters(&world, &ada, &mailed).await), ErrorCode::Conflict, "a code works once");
}

async fn an_address_that_waits_claims_nothing(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let taken = moves(&world, &ada, "BOB@example.com").await.unwrap_err();
    assert_eq!(pointers(&taken), [("/email".into(), FieldCode::Taken)]);
    for person in [&ada, &bob] {
        moves(&world, person, "both@new.example").await.unwrap();
    }
    let first = world.post().code("both@new.example", "Confirm").await;
    let second = world.post().code("both@new.example", "Confirm").await;
    // Which of the two is whose: a code is bound to its account.
    let (adas, bobs) = if enters(&world, &bob, &first).await.is_ok() { (second, first) } else { (first, second) };
    if world.api.get_profile(&bob.caller).await.unwrap().value.pending_email.is_some() {
        enters(&world, &bob, &bobs).await.unwrap();
    }
    for _ in 0..6 {
        let taken = enters(&world, &ada, &adas).await.unwrap_err();
        assert_eq!(pointers(&taken), [("/email".into(), FieldCode::Taken)], "the code stays the right one");
    }
    let profile = world.api.get_profile(&ada.caller).await.unwrap().value;
    assert_eq!((&*profile.email, profile.pending_email.as_deref()), ("ada@example.com", Some("both@new.example")));
}

async fn guessing_a_code_kills_it_and_a_new_one_works(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    moves(&world, &ada, "ada@new.example").await.unwrap();
    let right = world.post().code("ada@new.example", "Confirm").await;
    for _ in 0..5 {
        let wrong = enters(&world, &ada, "0000-0000").await.unwrap_err();
        assert_eq!(pointers(&wrong), [("/code".into(), FieldCode::Incorrect)]);
    }
    assert_eq!(code(enters(&world, &ada, &right).await), ErrorCode::Conflict, "even the right code is too late");
    moves(&world, &ada, "ada@new.example").await.unwrap();
    let new = world.post().code("ada@new.example", "Confirm").await;
    assert_eq!(code(enters(&world, &ada, &right).await), ErrorCode::InvalidField, "the one before counts no more");
    assert_eq!(enters(&world, &ada, &new).await.unwrap().value.email, "ada@new.example");
}

async fn a_code_expires(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    assert_eq!(code(enters(&world, &ada, "0000-0000").await), ErrorCode::Conflict, "nothing waits");
    moves(&world, &ada, "ada@new.example").await.unwrap();
    let late = world.post().code("ada@new.example", "Confirm").await;
    world.clock.advance(Duration::minutes(61));
    let refused = enters(&world, &ada, &late).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Conflict);
    assert!(refused.body().detail.as_ref().unwrap().contains("no longer valid"), "{refused}");
}

async fn a_new_address_is_given_up(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let none = world.api.cancel_email_change(&ada.caller).await.unwrap();
    moves(&world, &ada, "ada@new.example").await.unwrap();
    let mailed = world.post().code("ada@new.example", "Confirm").await;
    let cancelled = world.api.cancel_email_change(&ada.caller).await.unwrap();
    assert!(cancelled.value.pending_email.is_none() && cancelled.etag != none.etag);
    assert_eq!(code(enters(&world, &ada, &mailed).await), ErrorCode::Conflict);
    moves(&world, &ada, "ada@new.example").await.unwrap();
    let back = moves(&world, &ada, "ada@example.com").await.unwrap();
    assert_eq!(back.value.pending_email, None, "the address of now gives the new one up");
}

async fn nobody_is_mailed_without_end(wiring: Wiring) {
    let world = World::with(wiring).mail().settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    for n in 0..5 {
        moves(&world, &ada, &format!("ada{n}@new.example")).await.unwrap();
    }
    let refused = moves(&world, &ada, "ada5@new.example").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyRequests);
    let wait = refused.body().members.retry_after.unwrap();
    assert!((1..=601).contains(&wait), "{wait} s");
    world.clock.advance(Duration::seconds(i64::from(wait)));
    moves(&world, &ada, "ada5@new.example").await.unwrap();
}

async fn without_mail_an_address_changes_at_once(wiring: Wiring) {
    let world = World::new(wiring).await;
    assert!(!world.api.get_instance(&nobody()).await.unwrap().mail);
    let ada = Person::joins(&*world.api, "ada").await;
    let changed = moves(&world, &ada, "ada@new.example").await.unwrap().value;
    assert_eq!((&*changed.email, changed.pending_email), ("ada@new.example", None));
}

//! Leaving for good.

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery, Push},
    deletion::DeleteAccount,
    problem::{CloseReason, ErrorCode, FieldCode},
    profile::{IfMatch, ProfilePatch},
    wire::{ETag, Secret, Upload},
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, png, sign_in, sign_up};

use crate::{code, nobody, pointers, stories, stream::next};

stories! {
    an_account_is_deleted_with_everything;
    what_does_not_match_deletes_nothing;
    with_two_factor_authentication_a_code_is_asked_for;
    a_backup_code_serves_too_and_its_hash_goes;
    guessing_at_the_door_out_is_slowed_down;
    the_last_message_goes_to_the_address_that_was;
    a_name_is_held_for_30_days;
    @files
    a_deleted_person_is_in_no_file;
}

pub(crate) fn farewell(username: &str, password: &str) -> DeleteAccount {
    DeleteAccount { username: username.into(), password: Secret::new(password), code: None }
}

async fn an_account_is_deleted_with_everything(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "Ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let upload = Upload { media_type: "image/png".into(), bytes: png(32, 32, [1, 2, 3]) };
    world.api.put_avatar(&laptop.caller, upload).await.unwrap();
    let events = world.api.list_events(&laptop.caller, ActivityQuery::default()).await.unwrap().items.len();
    let what = world.api.get_deletion(&laptop.caller).await.unwrap();
    assert_eq!((what.username.as_str(), what.avatar, what.sessions), ("Ada", true, 2));
    assert_eq!((what.events as usize, what.backup_codes, what.code_required), (events, 0, false));
    assert_eq!(what.username_held_days, 30);

    let mut heard = [world.events(&laptop.caller).await.unwrap(), world.events(&phone.caller).await.unwrap()];
    world.api.delete_account(&laptop.caller, farewell(" ADA ", PASSWORD)).await.unwrap();
    for stream in &mut heard {
        let ended = Push::SessionClosed { reason: Some(CloseReason::AccountDeleted) };
        assert_eq!(next(stream).await, Some(ended));
        assert_eq!(next(stream).await, None);
    }
    for caller in [&laptop.caller, &phone.caller] {
        assert_eq!(code(world.api.get_profile(caller).await), ErrorCode::Unauthenticated);
        assert_eq!(code(world.events(caller).await), ErrorCode::Unauthenticated);
    }
    assert_eq!(code(world.api.sign_in(&nobody(), sign_in("ada")).await), ErrorCode::InvalidCredentials);
    world.api.get_profile(&bob.caller).await.unwrap();
    let verified = world.service.verify_activity(None).await.unwrap();
    assert_eq!((verified.accounts, verified.broken), (1, vec![]));
}

async fn what_does_not_match_deletes_nothing(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    for (username, password, expected) in [
        ("grace", PASSWORD, vec!["/username"]),
        ("", PASSWORD, vec!["/username"]),
        ("ada", "not the password", vec!["/password"]),
        ("bob", "", vec!["/username", "/password"]),
    ] {
        let refused = world.api.delete_account(&ada.caller, farewell(username, password)).await.unwrap_err();
        let expected: Vec<_> = expected.iter().map(|field| ((*field).to_owned(), FieldCode::Incorrect)).collect();
        assert_eq!(pointers(&refused), expected);
    }
    assert_eq!(code(world.api.delete_account(&nobody(), farewell("ada", PASSWORD)).await), ErrorCode::Unauthenticated);
    world.api.get_profile(&ada.caller).await.unwrap();
}

fn with_code(code: Secret) -> DeleteAccount {
    DeleteAccount { code: Some(code), ..farewell("ada", PASSWORD) }
}

async fn with_two_factor_authentication_a_code_is_asked_for(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    let what = world.api.get_deletion(&ada.caller).await.unwrap();
    assert_eq!((what.code_required, what.backup_codes as usize), (true, codes.len()));
    let missing = world.api.delete_account(&ada.caller, farewell("ada", PASSWORD)).await.unwrap_err();
    assert_eq!(pointers(&missing), [("/code".into(), FieldCode::Missing)]);
    let used = app.code(&world.clock);
    for code in [app.wrong_code(&world.clock), used, Secret::new("abcde-fghij"), Secret::new("")] {
        let refused = world.api.delete_account(&ada.caller, with_code(code)).await.unwrap_err();
        assert_eq!(pointers(&refused), [("/code".into(), FieldCode::Incorrect)]);
        assert!(refused.body().members.server_time.is_some());
    }
    let newest = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap();
    assert_eq!(newest.items[0].kind, ActivityKind::WrongSecondFactor);
    // What is right is not spent while something else is wrong.
    let right = app.next_code(&world.clock);
    let mistyped = DeleteAccount { password: Secret::new("mistyped"), ..with_code(right.clone()) };
    let refused = world.api.delete_account(&ada.caller, mistyped).await.unwrap_err();
    assert_eq!(pointers(&refused), [("/password".into(), FieldCode::Incorrect)]);
    world.api.delete_account(&ada.caller, with_code(right)).await.unwrap();
    assert_eq!(code(world.api.get_profile(&ada.caller).await), ErrorCode::Unauthenticated);
}

async fn a_backup_code_serves_too_and_its_hash_goes(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    let spaced = Secret::new(format!(" {} ", codes[3].expose().to_uppercase()));
    world.api.delete_account(&ada.caller, with_code(spaced)).await.unwrap();
    assert_eq!(code(world.api.sign_in(&nobody(), sign_in("ada")).await), ErrorCode::InvalidCredentials);
}

async fn guessing_at_the_door_out_is_slowed_down(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let stolen = Person::joins(&*world.api, "ada").await;
    for n in 0..5 {
        let guess = farewell("ada", &format!("guess {n}"));
        assert_eq!(code(world.api.delete_account(&stolen.caller, guess).await), ErrorCode::InvalidField);
    }
    let refused = world.api.delete_account(&stolen.caller, farewell("ada", PASSWORD)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyRequests);
    assert!(refused.body().members.retry_after.is_some());
    let own = Person::signs_in(&*world.api, "ada").await;
    world.api.delete_account(&own.caller, farewell("ada", PASSWORD)).await.unwrap();
}

async fn the_last_message_goes_to_the_address_that_was(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.delete_account(&ada.caller, farewell("ada", PASSWORD)).await.unwrap();
    let message = world.post().next("ada@example.com", "was deleted").await;
    assert!(message.text.contains("Hello ada,"), "{}", message.text);
}

/// In a registry what somebody pushed stays under their name: nobody else is to get both.
#[tokio::test]
async fn where_there_is_a_registry_a_name_stays_held() {
    let registry = || latchkey_service::RegistrySettings {
        info: latchkey_api::instance::RegistryInfo { service: "registry".into(), host: "registry".into() },
        issuer: "latchkey".into(),
    };
    let world = World::with(Wiring::Direct).settings(|settings| settings.registry = Some(registry())).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    assert_eq!(world.api.get_deletion(&ada.caller).await.unwrap().username_held_days, 36_525);
    world.api.delete_account(&ada.caller, farewell("ada", PASSWORD)).await.unwrap();
    world.clock.advance(Duration::days(36_524));
    world.service.upkeep(true).await;
    let again = world.api.create_account(&nobody(), sign_up("ada")).await.unwrap_err();
    assert_eq!(pointers(&again), [("/username".to_owned(), FieldCode::Taken)]);
}

async fn a_name_is_held_for_30_days(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.delete_account(&ada.caller, farewell("ada", PASSWORD)).await.unwrap();
    for days in [0, 29] {
        world.clock.advance(Duration::days(days));
        world.service.upkeep(true).await;
        let refused = world.api.create_account(&nobody(), sign_up("ADA")).await.unwrap_err();
        assert_eq!(pointers(&refused), [("/username".into(), FieldCode::Taken)], "the address is free at once");
    }
    let mut other = sign_up("ada-two");
    other.email = "ada@example.com".into();
    world.api.create_account(&nobody(), other).await.unwrap();
    world.clock.advance(Duration::days(1));
    let mut again = sign_up("ada");
    again.email = "ada@example.net".into();
    world.api.create_account(&nobody(), again).await.unwrap();
}

/// In the bytes of the database and its log, while the service runs.
async fn a_deleted_person_is_in_no_file(wiring: Wiring) {
    const BIO: &str = "zithers and zeppelins over Zwolle";
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let zoe = Person::joins(&*world.api, "zebedee-zoe").await;
    Person::joins(&*world.api, "bob").await;
    let patch = ProfilePatch { bio: Some(Some(BIO.into())), ..ProfilePatch::default() };
    world.api.update_profile(&zoe.caller, IfMatch { if_match: ETag("*".into()) }, patch).await.unwrap();
    let upload = Upload { media_type: "image/png".into(), bytes: png(600, 600, [90, 40, 200]) };
    world.api.put_avatar(&zoe.caller, upload).await.unwrap();
    world.service.upkeep(false).await;
    let traces = || {
        let files = ["", "-wal", "-shm"].map(|end| format!("{}{end}", world.file().display()));
        let bytes: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect();
        let found = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        [found(b"zebedee"), found(BIO.as_bytes()), found(zoe.profile.id.as_bytes()), found(zoe.session.id.as_bytes())]
    };
    assert_eq!(traces(), [true; 4]);
    world.api.delete_account(&zoe.caller, farewell("zebedee-zoe", PASSWORD)).await.unwrap();
    assert_eq!(traces(), [false; 4]);
    world.service.upkeep(true).await;
    assert_eq!(traces(), [false; 4]);
}

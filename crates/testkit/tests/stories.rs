//! The account's stories, each over every wiring.

use chrono::Duration;
use latchkey_api::{
    AccountApi,
    avatar::{AvatarPath, AvatarSize},
    common::{Caller, PageQuery},
    instance::SignUpPolicy,
    problem::{CloseReason, ErrorCode, FieldCode},
    profile::{IfMatch, ProfilePatch},
    sessions::{SessionPath, SignIn},
    wire::{ETag, Secret, Upload},
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, png, sign_in, sign_up};

/// Runs a story over every wiring.
macro_rules! stories {
    ($($name:ident;)*) => {
        mod direct { $(#[tokio::test] async fn $name() { super::$name(super::Wiring::Direct).await; })* }
        mod in_process { $(#[tokio::test] async fn $name() { super::$name(super::Wiring::InProcess).await; })* }
        mod socket { $(#[tokio::test] async fn $name() { super::$name(super::Wiring::Socket).await; })* }
    };
}

stories! {
    an_account_has_a_profile_from_the_first_moment;
    bad_fields_are_all_named_at_once;
    a_taken_name_and_address_land_on_their_fields;
    a_closed_service_takes_nobody;
    signing_in_works_by_name_and_by_address_in_any_case;
    a_wrong_password_and_an_unknown_name_look_the_same;
    two_editors_of_one_profile;
    a_patch_changes_what_it_names_and_nothing_else;
    an_address_moves_and_frees_the_old_one;
    an_avatar_is_put_served_and_removed;
    what_is_no_picture_is_refused_and_the_old_one_stays;
    sessions_are_listed_closed_and_told_why;
    an_unused_session_expires_and_a_used_one_lives_on;
    pages_of_sessions_hold_each_once;
    a_disabled_account_is_out_everywhere;
    guessing_is_slowed_down_and_the_owner_gets_in;
}

fn nobody() -> Caller {
    Caller::default()
}

fn password(login: &str, password: &str) -> SignIn {
    SignIn { login: login.into(), password: Secret::new(password), client: None }
}

fn code<T>(result: Result<T, latchkey_api::problem::Problem>) -> ErrorCode {
    result.err().expect("a refusal").code()
}

fn pointers(problem: &latchkey_api::problem::Problem) -> Vec<(String, FieldCode)> {
    problem.errors().iter().map(|error| (error.pointer.clone(), error.code)).collect()
}

fn current() -> SessionPath {
    SessionPath { id: "current".into() }
}

async fn an_account_has_a_profile_from_the_first_moment(wiring: Wiring) {
    let world = World::new(wiring).await;
    let made = world.api.create_account(&nobody(), sign_up("Ada")).await.unwrap();
    let ada = Person::signs_in(&*world.api, "ada").await;
    let read = world.api.get_profile(&ada.caller).await.unwrap();
    assert_eq!((&read.value, &made), (&ada.profile, &ada.profile));
    assert_eq!((made.username.as_str(), made.name.as_str()), ("Ada", "Ada Example"));
    assert_eq!((made.location, made.bio, made.avatar.custom, made.two_factor_enabled), (None, None, false, false));
    assert_eq!(made.created_at, made.updated_at);
}

async fn bad_fields_are_all_named_at_once(wiring: Wiring) {
    let world = World::new(wiring).await;
    let mut bad = sign_up("a b");
    (bad.email, bad.name, bad.password) = ("nowhere".into(), "  ".into(), Secret::new("short"));
    let problem = world.api.create_account(&nobody(), bad).await.unwrap_err();
    assert_eq!(problem.code(), ErrorCode::InvalidField);
    let found = pointers(&problem);
    assert_eq!(
        found,
        [
            ("/username".into(), FieldCode::Invalid),
            ("/email".into(), FieldCode::Invalid),
            ("/name".into(), FieldCode::Blank),
            ("/password".into(), FieldCode::TooShort),
        ]
    );
    assert!(problem.errors().iter().all(|error| error.detail.ends_with('.')), "each says what to do");
}

async fn a_taken_name_and_address_land_on_their_fields(wiring: Wiring) {
    let world = World::new(wiring).await;
    Person::joins(&*world.api, "ada").await;
    let problem = world.api.create_account(&nobody(), sign_up("ADA")).await.unwrap_err();
    assert_eq!(
        pointers(&problem),
        [("/username".into(), FieldCode::Taken), ("/email".into(), FieldCode::Taken)],
        "both at once, whatever the case"
    );
    // Nothing of the refused account is left behind.
    let mut other = sign_up("grace");
    other.email = "ada@example.com".into();
    assert_eq!(pointers(&world.api.create_account(&nobody(), other).await.unwrap_err()).len(), 1);
    Person::joins(&*world.api, "grace").await;
}

async fn a_closed_service_takes_nobody(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.sign_up = SignUpPolicy::Closed).build().await;
    assert_eq!(world.api.get_instance(&nobody()).await.unwrap().sign_up, SignUpPolicy::Closed);
    assert_eq!(code(world.api.create_account(&nobody(), sign_up("ada")).await), ErrorCode::SignUpClosed);
    world.service.create_user(sign_up("ada")).await.unwrap();
    Person::signs_in(&*world.api, "ada").await;
}

async fn signing_in_works_by_name_and_by_address_in_any_case(wiring: Wiring) {
    let world = World::new(wiring).await;
    world.api.create_account(&nobody(), sign_up("Ada")).await.unwrap();
    for login in ["ada", " ADA ", "Ada@Example.com"] {
        Person::signs_in(&*world.api, login).await;
    }
}

async fn a_wrong_password_and_an_unknown_name_look_the_same(wiring: Wiring) {
    let world = World::new(wiring).await;
    Person::joins(&*world.api, "ada").await;
    let wrong = world.api.sign_in(&nobody(), password("ada", "not the password")).await.unwrap_err();
    let unknown = world.api.sign_in(&nobody(), password("bob", "not the password")).await.unwrap_err();
    let endless = world.api.sign_in(&nobody(), password("ada", &"x".repeat(5000))).await.unwrap_err();
    for problem in [&wrong, &unknown, &endless] {
        assert_eq!(problem.code(), ErrorCode::InvalidCredentials);
        assert_eq!(problem.body().detail, None);
    }
}

async fn two_editors_of_one_profile(wiring: Wiring) {
    let world = World::new(wiring).await;
    let one = Person::joins(&*world.api, "ada").await;
    let two = Person::signs_in(&*world.api, "ada").await;
    let read = world.api.get_profile(&one.caller).await.unwrap();
    let change = |bio: &str| ProfilePatch { bio: Some(Some(bio.into())), ..ProfilePatch::default() };
    let tag = || IfMatch { if_match: read.etag.clone() };
    let saved = world.api.update_profile(&one.caller, tag(), change("first")).await.unwrap();
    assert_ne!(saved.etag, read.etag);
    assert_eq!(code(world.api.update_profile(&two.caller, tag(), change("second")).await), ErrorCode::Stale);
    assert_eq!(world.api.get_profile(&two.caller).await.unwrap().value.bio.as_deref(), Some("first"));
    let overwrite = IfMatch { if_match: ETag("*".into()) };
    let saved = world.api.update_profile(&two.caller, overwrite, change("second")).await.unwrap();
    assert_eq!(saved.value.bio.as_deref(), Some("second"));
}

async fn a_patch_changes_what_it_names_and_nothing_else(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let any = || IfMatch { if_match: ETag("*".into()) };
    let patch = ProfilePatch {
        location: Some(Some("  Bergen, Norway ".into())),
        bio: Some(Some("Two\r\nlines".into())),
        ..ProfilePatch::default()
    };
    let saved = world.api.update_profile(&ada.caller, any(), patch).await.unwrap();
    assert_eq!(saved.value.location.as_deref(), Some("Bergen, Norway"));
    assert_eq!(saved.value.bio.as_deref(), Some("Two\nlines"));
    assert_eq!(saved.value.name, "ada Example");
    let unchanged = world.api.update_profile(&ada.caller, any(), ProfilePatch::default()).await.unwrap();
    assert_eq!(unchanged, saved, "nothing to change is no change");
    let blank = ProfilePatch { location: Some(Some("  ".into())), bio: Some(None), ..ProfilePatch::default() };
    let cleared = world.api.update_profile(&ada.caller, any(), blank).await.unwrap();
    assert_eq!((cleared.value.location, cleared.value.bio), (None, None));
    let bad = ProfilePatch { name: Some(" ".into()), bio: Some(Some("x".repeat(251))), ..ProfilePatch::default() };
    let problem = world.api.update_profile(&ada.caller, any(), bad).await.unwrap_err();
    assert_eq!(pointers(&problem), [("/name".into(), FieldCode::Blank), ("/bio".into(), FieldCode::TooLong)]);
}

async fn an_address_moves_and_frees_the_old_one(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let any = || IfMatch { if_match: ETag("*".into()) };
    let to = |email: &str| ProfilePatch { email: Some(email.into()), ..ProfilePatch::default() };
    let taken = world.api.update_profile(&ada.caller, any(), to("BOB@example.com")).await.unwrap_err();
    assert_eq!(pointers(&taken), [("/email".into(), FieldCode::Taken)]);
    world.api.update_profile(&ada.caller, any(), to("ada@new.example")).await.unwrap();
    world.api.update_profile(&bob.caller, any(), to("ada@example.com")).await.unwrap();
    assert_eq!(Person::signs_in(&*world.api, "ada@new.example").await.profile.username, "ada");
    assert_eq!(Person::signs_in(&*world.api, "ada@example.com").await.profile.username, "bob");
    assert_eq!(code(world.api.sign_in(&nobody(), sign_in("bob@example.com")).await), ErrorCode::InvalidCredentials);
}

async fn an_avatar_is_put_served_and_removed(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let path = |size| AvatarPath { username: "ADA".into(), size };
    let initials = world.api.get_avatar(&nobody(), path(None)).await.unwrap();
    assert_eq!(initials.media_type, "image/svg+xml");
    let upload = Upload { media_type: "image/png".into(), bytes: png(300, 200, [200, 30, 30]) };
    let put = world.api.put_avatar(&ada.caller, upload).await.unwrap();
    assert!(put.value.avatar.custom);
    assert_ne!(put.etag, world.api.delete_avatar(&ada.caller).await.unwrap().etag);
    let upload = Upload { media_type: "image/png".into(), bytes: png(300, 200, [30, 30, 200]) };
    world.api.put_avatar(&ada.caller, upload).await.unwrap();
    for size in AvatarSize::ALL {
        let served = world.api.get_avatar(&nobody(), path(Some(size))).await.unwrap();
        let picture = image::load_from_memory(&served.bytes).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (size.pixels(), size.pixels()));
        let [red, _, blue] = picture.get_pixel(size.pixels() / 2, size.pixels() / 2).0;
        assert!(blue > 180 && red < 60, "the picture that was uploaded, in {size:?}");
    }
    let removed = world.api.delete_avatar(&ada.caller).await.unwrap();
    assert!(!removed.value.avatar.custom);
    assert_eq!(world.api.get_avatar(&nobody(), path(None)).await.unwrap(), initials);
    let unknown = AvatarPath { username: "nobody-here".into(), size: None };
    assert_eq!(code(world.api.get_avatar(&nobody(), unknown).await), ErrorCode::NotFound);
}

async fn what_is_no_picture_is_refused_and_the_old_one_stays(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let png = png(64, 64, [9, 9, 9]);
    let upload = |bytes: bytes::Bytes| Upload { media_type: "image/png".into(), bytes };
    let put = world.api.put_avatar(&ada.caller, upload(png.clone())).await.unwrap();
    for bad in [bytes::Bytes::from_static(b"PK\x03\x04 a zip"), png.slice(..png.len() / 2), bytes::Bytes::new()] {
        let problem = world.api.put_avatar(&ada.caller, upload(bad)).await.unwrap_err();
        assert_eq!(problem.code(), ErrorCode::InvalidImage);
        assert!(problem.body().detail.as_ref().is_some_and(|detail| detail.ends_with('.')), "{problem}");
    }
    assert_eq!(world.api.get_profile(&ada.caller).await.unwrap().etag, put.etag);
}

async fn sessions_are_listed_closed_and_told_why(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let tablet = Person::signs_in(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let page = world.api.list_sessions(&laptop.caller, PageQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 3);
    let here: Vec<_> = page.items.iter().filter(|session| session.current).map(|session| session.id).collect();
    assert_eq!(here, [laptop.session.id]);
    assert_eq!(page.items[0].browser.as_deref(), Some("Latchkey"));
    let close = |id: uuid::Uuid| SessionPath { id: id.to_string() };
    let others = world.api.close_session(&bob.caller, close(phone.session.id)).await;
    assert_eq!(code(others), ErrorCode::NotFound, "nobody closes somebody else's session");
    world.api.close_session(&laptop.caller, close(phone.session.id)).await.unwrap();
    let refused = world.api.get_profile(&phone.caller).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SessionClosed);
    assert_eq!(refused.body().members.close_reason, Some(CloseReason::ClosedElsewhere));
    assert_eq!(code(world.api.close_session(&laptop.caller, close(phone.session.id)).await), ErrorCode::NotFound);
    assert_eq!(world.api.close_other_sessions(&laptop.caller).await.unwrap().closed, 1);
    assert_eq!(code(world.api.get_profile(&tablet.caller).await), ErrorCode::SessionClosed);
    assert_eq!(world.api.get_session(&laptop.caller, current()).await.unwrap().id, laptop.session.id);
    world.api.close_session(&laptop.caller, current()).await.unwrap();
    let refused = world.api.get_session(&laptop.caller, current()).await.unwrap_err();
    assert_eq!(refused.body().members.close_reason, Some(CloseReason::SignedOut));
}

async fn an_unused_session_expires_and_a_used_one_lives_on(wiring: Wiring) {
    let world = World::new(wiring).await;
    let used = Person::joins(&*world.api, "ada").await;
    let unused = Person::signs_in(&*world.api, "ada").await;
    for _ in 0..3 {
        world.clock.advance(Duration::days(20));
        world.api.get_profile(&used.caller).await.unwrap();
        world.service.upkeep(false).await;
    }
    let session = world.api.get_session(&used.caller, current()).await.unwrap();
    assert_eq!(session.last_modified_at, session.created_at + Duration::days(60));
    assert_eq!(session.expires_at, session.created_at + Duration::days(90));
    assert_eq!(code(world.api.get_profile(&unused.caller).await), ErrorCode::SessionExpired);
    for _ in 0..5 {
        world.clock.advance(Duration::days(20));
        let _ = world.api.get_profile(&used.caller).await;
        world.service.upkeep(true).await;
    }
    world.clock.advance(Duration::days(21));
    assert_eq!(code(world.api.get_profile(&used.caller).await), ErrorCode::SessionExpired, "used or not");
    assert_eq!(code(world.api.get_profile(&unused.caller).await), ErrorCode::Unauthenticated, "swept");
}

async fn pages_of_sessions_hold_each_once(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    for _ in 0..6 {
        Person::signs_in(&*world.api, "ada").await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = world.api.list_sessions(&ada.caller, PageQuery { limit: Some(3), after }).await.unwrap();
        assert!(page.items.len() <= 3);
        seen.extend(page.items.iter().map(|session| session.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 7);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 7);
    for query in [
        PageQuery { limit: Some(0), after: None },
        PageQuery { limit: Some(101), after: None },
        PageQuery { limit: None, after: Some("elsewhere".into()) },
    ] {
        assert_eq!(code(world.api.list_sessions(&ada.caller, query).await), ErrorCode::InvalidParameter);
    }
}

async fn a_disabled_account_is_out_everywhere(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.service.disable_user("ada@example.com").await.unwrap();
    assert_eq!(code(world.api.get_profile(&ada.caller).await), ErrorCode::AccountDisabled);
    assert_eq!(code(world.api.sign_in(&nobody(), sign_in("ada")).await), ErrorCode::AccountDisabled);
    let wrong = world.api.sign_in(&nobody(), password("ada", "a guess")).await;
    assert_eq!(code(wrong), ErrorCode::InvalidCredentials, "a stranger does not learn it");
    world.service.enable_user("ada").await.unwrap();
    Person::signs_in(&*world.api, "ada").await;
}

async fn guessing_is_slowed_down_and_the_owner_gets_in(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let guess = async |n: usize| world.api.sign_in(&nobody(), password("ada", &format!("guess {n}"))).await;
    for n in 0..5 {
        assert_eq!(code(guess(n).await), ErrorCode::InvalidCredentials);
    }
    let refused = guess(5).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyRequests);
    let wait = refused.body().members.retry_after.unwrap();
    assert!((1..=61).contains(&wait), "{wait} s");
    let right = world.api.sign_in(&nobody(), password("ada", PASSWORD)).await;
    assert_eq!(code(right), ErrorCode::TooManyRequests, "even the right password has to wait");
    assert_eq!(code(guess(6).await), ErrorCode::TooManyRequests);
    world.clock.advance(Duration::seconds(i64::from(wait)));
    Person::signs_in(&*world.api, "ada").await;
    for n in 7..12 {
        assert_eq!(code(guess(n).await), ErrorCode::InvalidCredentials, "what was mistyped before is forgiven");
    }
    world.api.get_profile(&ada.caller).await.unwrap();
}

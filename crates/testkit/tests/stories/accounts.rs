//! Creating accounts, and keeping people out.

use chrono::Duration;
use latchkey_api::{
    accounts::SignUp,
    instance::SignUpPolicy,
    problem::{ErrorCode, FieldCode},
    wire::Secret,
};
use latchkey_testkit::{Person, Wiring, World, sign_in, sign_up};
use tokio::time::timeout;

use crate::{code, nobody, password, pointers, stories};

stories! {
    an_account_has_a_profile_from_the_first_moment;
    bad_fields_are_all_named_at_once;
    a_taken_name_and_address_land_on_their_fields;
    a_closed_service_takes_nobody;
    trying_to_sign_up_is_slowed_down_whatever_comes_of_it;
    what_is_endless_about_a_person_is_refused_like_anything_else;
    a_disabled_account_is_out_everywhere;
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

async fn trying_to_sign_up_is_slowed_down_whatever_comes_of_it(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let attempt = async || {
        let bad = SignUp { password: Secret::new("passwordpassword"), ..sign_up("a b") };
        code(world.api.create_account(&nobody(), bad).await)
    };
    for _ in 0..30 {
        assert_eq!(attempt().await, ErrorCode::InvalidField);
    }
    assert_eq!(attempt().await, ErrorCode::TooManyRequests);
    world.clock.advance(Duration::seconds(2));
    Person::joins(&*world.api, "ada").await;
    assert_eq!(attempt().await, ErrorCode::TooManyRequests);
}

async fn what_is_endless_about_a_person_is_refused_like_anything_else(wiring: Wiring) {
    let world = World::new(wiring).await;
    let endless = "tea at four ".repeat(20_000);
    let bad = SignUp { username: endless.clone(), email: endless.clone(), name: endless, ..sign_up("ada") };
    let answer = timeout(std::time::Duration::from_secs(5), world.api.create_account(&nobody(), bad)).await;
    assert_eq!(pointers(&answer.expect("judged in bounded time").unwrap_err()).len(), 3);
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

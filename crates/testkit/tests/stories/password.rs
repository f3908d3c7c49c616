//! Changing the password.

use chrono::Duration;
use latchkey_api::{
    password::ChangePassword,
    problem::{CloseReason, ErrorCode, FieldCode},
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World};

use crate::{code, nobody, password, pointers, stories};

const NEW: &str = "nine purple herons wait";

stories! {
    a_changed_password_signs_the_other_devices_out;
    the_other_devices_stay_where_that_is_wanted;
    what_is_wrong_with_a_change_is_said_at_its_field;
    guessing_inside_of_a_session_is_slowed_down_there_alone;
    an_administrator_sets_a_password_and_switches_the_second_factor_off;
}

fn change(current: &str, new: &str) -> ChangePassword {
    let [current_password, new_password] = [current, new].map(Secret::new);
    ChangePassword { current_password, new_password, close_other_sessions: true }
}

async fn a_changed_password_signs_the_other_devices_out(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let made = world.api.get_password_status(&ada.caller).await.unwrap().changed_at;
    world.clock.advance(Duration::hours(1));
    world.api.change_password(&ada.caller, change(PASSWORD, NEW)).await.unwrap();
    let changed = world.api.get_password_status(&ada.caller).await.unwrap().changed_at;
    assert_eq!(changed - made, Duration::hours(1));
    let refused = world.api.get_profile(&phone.caller).await.unwrap_err();
    assert_eq!(refused.body().members.close_reason, Some(CloseReason::PasswordChanged));
    assert_eq!(code(world.api.sign_in(&nobody(), password("ada", PASSWORD)).await), ErrorCode::InvalidCredentials);
    world.api.sign_in(&nobody(), password("ada", NEW)).await.unwrap();
    // The current password was proved by it: what asks for a fresh proof goes on.
    world.api.start_two_factor(&ada.caller).await.unwrap();
}

async fn the_other_devices_stay_where_that_is_wanted(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let keep = ChangePassword { close_other_sessions: false, ..change(PASSWORD, NEW) };
    world.api.change_password(&ada.caller, keep).await.unwrap();
    world.api.get_profile(&phone.caller).await.unwrap();
}

async fn what_is_wrong_with_a_change_is_said_at_its_field(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    for (current, new, expected) in [
        ("not mine", NEW, vec![("/current_password", FieldCode::Incorrect)]),
        (PASSWORD, PASSWORD, vec![("/new_password", FieldCode::Unchanged)]),
        (PASSWORD, "short", vec![("/new_password", FieldCode::TooShort)]),
        (PASSWORD, "1qaz2wsx3edc", vec![("/new_password", FieldCode::Common)]),
        (PASSWORD, "ada@example.com", vec![("/new_password", FieldCode::LikeIdentity)]),
        ("no", "short", vec![("/current_password", FieldCode::Incorrect), ("/new_password", FieldCode::TooShort)]),
    ] {
        let refused = world.api.change_password(&ada.caller, change(current, new)).await.unwrap_err();
        let expected: Vec<_> = expected.into_iter().map(|(pointer, code)| (pointer.to_owned(), code)).collect();
        assert_eq!(pointers(&refused), expected, "{current} -> {new}");
    }
    world.api.sign_in(&nobody(), password("ada", PASSWORD)).await.unwrap();
}

async fn guessing_inside_of_a_session_is_slowed_down_there_alone(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    for _ in 0..5 {
        let refused = world.api.change_password(&phone.caller, change("a guess", NEW)).await;
        assert_eq!(code(refused), ErrorCode::InvalidField);
    }
    assert_eq!(code(world.api.change_password(&phone.caller, change(PASSWORD, NEW)).await), ErrorCode::TooManyRequests);
    world.api.change_password(&ada.caller, change(PASSWORD, NEW)).await.unwrap();
}

async fn an_administrator_sets_a_password_and_switches_the_second_factor_off(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    ada.sets_two_factor_up(&world).await;
    let weak = world.service.reset_user_password("ada", &Secret::new("short")).await.unwrap_err();
    assert_eq!(pointers(&weak), [("/password".into(), FieldCode::TooShort)]);
    let summary = world.service.reset_user_password("ada", &Secret::new(NEW)).await.unwrap();
    assert!(summary.two_factor_enabled);
    let refused = world.api.get_profile(&ada.caller).await.unwrap_err();
    assert_eq!(refused.body().members.close_reason, Some(CloseReason::ClosedByAdministrator));
    let asked = world.api.sign_in(&nobody(), password("ada", NEW)).await;
    assert_eq!(code(asked), ErrorCode::SecondFactorRequired, "the second factor stays");
    let summary = world.service.disable_user_two_factor("ada@example.com").await.unwrap();
    assert!(!summary.two_factor_enabled);
    assert_eq!(code(world.service.disable_user_two_factor("ada").await), ErrorCode::Conflict);
    let signed_in = world.api.sign_in(&nobody(), password("ada", NEW)).await.unwrap();
    assert!(!signed_in.profile.two_factor_enabled);
}

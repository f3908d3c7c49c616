//! Switching two-factor authentication on and off.

use chrono::Duration;
use latchkey_api::{
    problem::{CloseReason, ErrorCode, FieldCode},
    two_factor::VerifyTwoFactor,
    wire::Secret,
};
use latchkey_testkit::{Authenticator, Person, Wiring, World, proof, sign_in, with_code};

use crate::{code, nobody, pointers, stories};

stories! {
    a_person_switches_it_on_signs_in_with_it_and_switches_it_off;
    a_setup_ends_after_a_quarter_of_an_hour_and_a_second_one_replaces_it;
    a_wrong_first_code_says_how_far_the_clock_is_off;
    a_session_that_ended_meanwhile_switches_nothing_on;
}

async fn a_person_switches_it_on_signs_in_with_it_and_switches_it_off(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let before = world.api.get_profile(&ada.caller).await.unwrap();
    let off = world.api.get_two_factor(&ada.caller).await.unwrap();
    assert_eq!(
        (off.enabled, off.can_disable, off.backup_codes_remaining, off.backup_codes_low),
        (false, false, 0, false)
    );
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    assert_eq!(codes.len(), 10);
    let on = world.api.get_two_factor(&ada.caller).await.unwrap();
    assert_eq!((on.enabled, on.can_disable, on.backup_codes_remaining, on.backup_codes_low), (true, true, 10, false));
    assert_eq!(on.enabled_at, on.backup_codes_created_at);
    let after = world.api.get_profile(&ada.caller).await.unwrap();
    assert!(after.value.two_factor_enabled && after.etag != before.etag);
    let refused = world.api.get_profile(&phone.caller).await.unwrap_err();
    assert_eq!(refused.body().members.close_reason, Some(CloseReason::TwoFactorChanged));
    assert_eq!(code(world.api.start_two_factor(&ada.caller).await), ErrorCode::Conflict, "it is on");

    let laptop = Person::signs_in_with(&world, "ada", &app).await;
    assert!(laptop.profile.two_factor_enabled);
    world.api.disable_two_factor(&laptop.caller).await.unwrap();
    assert_eq!(code(world.api.get_profile(&ada.caller).await), ErrorCode::SessionClosed);
    assert_eq!(code(world.api.disable_two_factor(&laptop.caller).await), ErrorCode::Conflict, "it is off");
    assert_eq!(code(world.api.generate_backup_codes(&laptop.caller).await), ErrorCode::Conflict);
    let again = Person::signs_in(&*world.api, "ada").await;
    assert!(!again.profile.two_factor_enabled);
    assert_eq!(world.api.get_two_factor(&again.caller).await.unwrap(), off);
}

async fn a_setup_ends_after_a_quarter_of_an_hour_and_a_second_one_replaces_it(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let verify = async |app: &Authenticator| {
        let body = VerifyTwoFactor { code: app.code(&world.clock) };
        world.api.verify_two_factor(&ada.caller, body).await
    };
    let nothing = VerifyTwoFactor { code: Secret::new("123456") };
    assert_eq!(code(world.api.verify_two_factor(&ada.caller, nothing).await), ErrorCode::Conflict, "nothing was begun");
    let first = Authenticator::scans(&world.api.start_two_factor(&ada.caller).await.unwrap());
    let second = Authenticator::scans(&world.api.start_two_factor(&ada.caller).await.unwrap());
    assert_eq!(code(verify(&first).await), ErrorCode::InvalidField);
    world.clock.advance(Duration::minutes(15));
    assert_eq!(code(verify(&second).await), ErrorCode::Conflict);
    world.service.upkeep(true).await;
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    let third = Authenticator::scans(&world.api.start_two_factor(&ada.caller).await.unwrap());
    world.clock.advance(Duration::minutes(14));
    verify(&third).await.unwrap();
}

async fn a_wrong_first_code_says_how_far_the_clock_is_off(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let app = Authenticator::scans(&world.api.start_two_factor(&ada.caller).await.unwrap());
    let verify = async |code: Secret| world.api.verify_two_factor(&ada.caller, VerifyTwoFactor { code }).await;
    for (seconds, offset) in [(90, Some(90)), (-90, Some(-90)), (600, Some(600)), (3600, None)] {
        let refused = verify(app.ahead_by(seconds).code(&world.clock)).await.unwrap_err();
        assert_eq!(pointers(&refused), [("/code".into(), FieldCode::Incorrect)]);
        let members = &refused.body().members;
        assert_eq!((members.clock_offset, members.server_time.is_some()), (offset, true), "{seconds} s");
    }
    for bad in ["", "12345", "1234567", "abcdef"] {
        assert_eq!(pointers(&verify(Secret::new(bad)).await.unwrap_err()), [("/code".into(), FieldCode::Incorrect)]);
    }
    let shown = app.code(&world.clock);
    let (left, right) = shown.expose().split_at(3);
    verify(Secret::new(format!(" {left} {right} "))).await.unwrap();
    // The code that switched it on does not sign in.
    let transaction = Person::begins_to_sign_in(&*world.api, "ada").await;
    let refused = world.api.sign_in_second_factor(&nobody(), with_code(&transaction, shown)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidCode);
    assert!(refused.body().detail.as_ref().is_some_and(|detail| detail.contains("next one")), "{refused}");
}

async fn a_session_that_ended_meanwhile_switches_nothing_on(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let other = Person::signs_in(&*world.api, "ada").await;
    let app = Authenticator::scans(&world.api.start_two_factor(&ada.caller).await.unwrap());
    world.api.close_other_sessions(&other.caller).await.unwrap();
    let body = VerifyTwoFactor { code: app.code(&world.clock) };
    assert_eq!(code(world.api.verify_two_factor(&ada.caller, body).await), ErrorCode::SessionClosed);
    world.api.sign_in(&nobody(), sign_in("ada")).await.unwrap();
}

//! Having forgotten the password.

use chrono::Duration;
use latchkey_api::{
    common::Caller,
    email::ConfirmEmail,
    freshness::Method,
    password::{PasswordApi, PasswordReset, PasswordResetRequest},
    problem::{ApiResult, CloseReason, ErrorCode, FieldCode},
    profile::{IfMatch, ProfilePatch},
    wire::{ETag, Secret},
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, with_code};

use crate::{code, nobody, password, pointers, stories};

const NEW: &str = "nine large herons sleep";

stories! {
    a_mailed_code_sets_a_new_password_and_signs_all_devices_out;
    a_stranger_learns_nothing;
    guessing_a_reset_code_kills_it;
    a_weak_password_leaves_the_code_usable;
    a_reset_code_expires_and_two_of_them_count;
    a_stranger_locks_nobody_out_of_a_reset;
    a_reset_code_dies_with_the_address_it_was_mailed_to;
    nobody_is_mailed_reset_codes_without_end;
    without_mail_there_is_no_reset;
    a_mailbox_is_one_factor_and_the_second_is_asked_for;
}

async fn forgets(world: &World, login: &str) -> ApiResult<()> {
    world.api.request_password_reset(&nobody(), PasswordResetRequest { login: login.into() }).await
}

fn reset(login: &str, code: &str, new: &str) -> PasswordReset {
    PasswordReset {
        login: login.into(),
        code: Secret::new(code),
        new_password: Secret::new(new),
        second_factor_code: None,
        backup_code: None,
    }
}

async fn resets(world: &World, login: &str, code: &str, new: &str) -> ApiResult<()> {
    world.api.reset_password(&nobody(), reset(login, code, new)).await
}

async fn mailed(world: &World) -> String {
    world.post().code("ada@example.com", "A new password").await
}

async fn a_mailed_code_sets_a_new_password_and_signs_all_devices_out(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    forgets(&world, " ADA ").await.unwrap();
    let mailed = mailed(&world).await;
    assert_eq!(mailed.replace('-', "").len(), 10);
    resets(&world, "Ada@example.com", &mailed.to_lowercase(), NEW).await.unwrap();
    let closed = world.api.get_profile(&ada.caller).await.unwrap_err();
    assert_eq!(closed.code(), ErrorCode::SessionClosed);
    assert_eq!(closed.body().members.close_reason, Some(CloseReason::PasswordChanged));
    assert_eq!(code(world.api.sign_in(&nobody(), password("ada", PASSWORD)).await), ErrorCode::InvalidCredentials);
    world.api.sign_in(&nobody(), password("ada", NEW)).await.unwrap();
    let notice = world.post().next("ada@example.com", "set anew").await;
    assert!(notice.text.contains("12 January 2026, 12:00 UTC"), "{}", notice.text);
    let twice = resets(&world, "ada", &mailed, NEW).await.unwrap_err();
    assert_eq!(pointers(&twice), [("/code".into(), FieldCode::Incorrect)], "a code works once");
}

async fn a_stranger_learns_nothing(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    Person::joins(&*world.api, "ada").await;
    for login in ["ada", "nobody-here", "nobody@example.com", "", "not a name"] {
        forgets(&world, login).await.unwrap();
    }
    let right = mailed(&world).await;
    let answers = [
        resets(&world, "ada", "00000-00000", NEW).await,
        resets(&world, "nobody-here", &right, NEW).await,
        resets(&world, "nobody-here", &right, "short").await,
        resets(&world, "ada", "", NEW).await,
    ];
    let answers = answers.map(Result::unwrap_err);
    for answer in &answers {
        assert_eq!((answer.code(), answer.errors()), (answers[0].code(), answers[0].errors()));
    }
    // Somebody else, who stays disabled: who it is, is looked up after the answer.
    Person::joins(&*world.api, "grace").await;
    world.service.disable_user("grace").await.unwrap();
    forgets(&world, "grace").await.unwrap();
    forgets(&world, "ada").await.unwrap();
    mailed(&world).await;
    assert!(world.post().subjects().is_empty(), "one message for each that could be: {:?}", world.post().subjects());
}

async fn guessing_a_reset_code_kills_it(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    Person::joins(&*world.api, "ada").await;
    forgets(&world, "ada").await.unwrap();
    let right = mailed(&world).await;
    for _ in 0..100 {
        assert_eq!(code(resets(&world, "ada", "00000-00000", NEW).await), ErrorCode::InvalidField);
    }
    assert_eq!(code(resets(&world, "ada", &right, NEW).await), ErrorCode::InvalidField);
    Person::signs_in(&*world.api, "ada").await;
}

async fn a_weak_password_leaves_the_code_usable(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    Person::joins(&*world.api, "ada").await;
    forgets(&world, "ada").await.unwrap();
    let mailed = mailed(&world).await;
    for _ in 0..6 {
        let weak = resets(&world, "ada", &mailed, "short").await.unwrap_err();
        assert_eq!(pointers(&weak), [("/new_password".into(), FieldCode::TooShort)]);
    }
    resets(&world, "ada", &mailed, NEW).await.unwrap();
}

async fn a_reset_code_expires_and_two_of_them_count(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    Person::joins(&*world.api, "ada").await;
    forgets(&world, "ada").await.unwrap();
    let first = mailed(&world).await;
    forgets(&world, "ada@example.com").await.unwrap();
    let second = mailed(&world).await;
    forgets(&world, "ada").await.unwrap();
    let third = mailed(&world).await;
    assert_eq!(
        code(resets(&world, "ada", &first, NEW).await),
        ErrorCode::InvalidField,
        "the one before the one before"
    );
    resets(&world, "ada", &second, NEW).await.unwrap();
    assert_eq!(code(resets(&world, "ada", &third, NEW).await), ErrorCode::InvalidField, "one is enough");
    forgets(&world, "ada").await.unwrap();
    let second = mailed(&world).await;
    world.clock.advance(Duration::minutes(31));
    assert_eq!(code(resets(&world, "ada", &second, NEW).await), ErrorCode::InvalidField);
    world.service.upkeep(true).await;
    forgets(&world, "ada").await.unwrap();
    resets(&world, "ada", &mailed(&world).await, PASSWORD).await.unwrap();
}

/// The stranger sits elsewhere: the service is asked as an edge would, with an address.
async fn a_stranger_locks_nobody_out_of_a_reset(wiring: Wiring) {
    let world = World::with(wiring).mail().settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, _) = ada.sets_two_factor_up(&world).await;
    let stranger = Caller { address: Some("192.0.2.66".parse().unwrap()), ..Caller::default() };
    for _ in 0..15 {
        let wrong = world.service.reset_password(&stranger, reset("ada", "00000-00000", NEW)).await;
        assert_eq!(code(wrong), ErrorCode::InvalidField);
    }
    let refused = world.service.reset_password(&stranger, reset("ada", "00000-00000", NEW)).await;
    assert_eq!(code(refused), ErrorCode::TooManyRequests);
    let transaction = Person::begins_to_sign_in(&*world.api, "ada").await;
    for _ in 0..10 {
        let wrong = with_code(&transaction, app.wrong_code(&world.clock));
        assert_eq!(code(world.api.sign_in_second_factor(&nobody(), wrong).await), ErrorCode::InvalidCode);
    }
    forgets(&world, "ada").await.unwrap();
    let hers = mailed(&world).await;
    // One more, by whomever: hers still counts.
    forgets(&world, "ada").await.unwrap();
    mailed(&world).await;
    let body = PasswordReset { second_factor_code: Some(app.next_code(&world.clock)), ..reset("ada", &hers, NEW) };
    world.api.reset_password(&nobody(), body).await.unwrap();
}

async fn a_reset_code_dies_with_the_address_it_was_mailed_to(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    forgets(&world, "ada").await.unwrap();
    let old = mailed(&world).await;
    let any = IfMatch { if_match: ETag("*".into()) };
    let patch = ProfilePatch { email: Some("ada@new.example".into()), ..ProfilePatch::default() };
    world.api.update_profile(&ada.caller, any, patch).await.unwrap();
    let confirm = ConfirmEmail { code: Secret::new(world.post().code("ada@new.example", "Confirm").await) };
    world.api.confirm_email(&ada.caller, confirm).await.unwrap();
    assert_eq!(code(resets(&world, "ada", &old, NEW).await), ErrorCode::InvalidField);
    Person::signs_in(&*world.api, "ada").await;
}

async fn nobody_is_mailed_reset_codes_without_end(wiring: Wiring) {
    let world = World::with(wiring).mail().settings(|settings| settings.throttles = true).build().await;
    Person::joins(&*world.api, "ada").await;
    for _ in 0..5 {
        forgets(&world, "ada").await.unwrap();
        mailed(&world).await;
    }
    let refused = forgets(&world, "ada").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyRequests);
    for _ in 0..5 {
        forgets(&world, "nobody-here").await.unwrap();
    }
    let unknown = forgets(&world, "nobody-here").await.unwrap_err();
    assert_eq!(unknown.code(), refused.code(), "whether there is such an account or not");
    // By the other name of the same account: answered, and not mailed.
    forgets(&world, "ada@example.com").await.unwrap();
    world.clock.advance(Duration::minutes(11));
    forgets(&world, "ada").await.unwrap();
    mailed(&world).await;
    assert!(world.post().subjects().is_empty());
}

async fn without_mail_there_is_no_reset(wiring: Wiring) {
    let world = World::new(wiring).await;
    Person::joins(&*world.api, "ada").await;
    for refused in [forgets(&world, "ada").await, resets(&world, "ada", "0", NEW).await] {
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::NotFound);
        assert!(refused.body().detail.as_ref().unwrap().contains("System Administrator"), "{refused}");
    }
}

async fn a_mailbox_is_one_factor_and_the_second_is_asked_for(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, backup_codes) = ada.sets_two_factor_up(&world).await;
    forgets(&world, "ada").await.unwrap();
    let code = mailed(&world).await;
    let attempt = async |second_factor_code: Option<Secret>, backup_code: Option<Secret>| {
        let body = PasswordReset { second_factor_code, backup_code, ..reset("ada", &code, NEW) };
        world.api.reset_password(&nobody(), body).await
    };
    let asked = attempt(None, None).await.unwrap_err();
    assert_eq!(asked.code(), ErrorCode::SecondFactorRequired);
    let members = &asked.body().members;
    assert_eq!(members.methods, Some(vec![Method::Totp, Method::BackupCode]));
    assert_eq!(members.transaction, None, "the same is sent again with the factor");
    for _ in 0..6 {
        let wrong = attempt(Some(app.wrong_code(&world.clock)), None).await.unwrap_err();
        assert_eq!(wrong.code(), ErrorCode::InvalidCode);
    }
    world.api.get_profile(&ada.caller).await.unwrap();
    attempt(Some(app.next_code(&world.clock)), None).await.unwrap();
    let closed = world.api.get_profile(&ada.caller).await.unwrap_err();
    assert_eq!(closed.body().members.close_reason, Some(CloseReason::PasswordChanged));

    forgets(&world, "ada").await.unwrap();
    let code = mailed(&world).await;
    let by_backup_code =
        |new: &str| PasswordReset { backup_code: Some(backup_codes[0].clone()), ..reset("ada", &code, new) };
    world.api.reset_password(&nobody(), by_backup_code(PASSWORD)).await.unwrap();
    world.post().next("ada@example.com", "backup code was used").await;
    forgets(&world, "ada").await.unwrap();
    let code = mailed(&world).await;
    let twice = PasswordReset { backup_code: Some(backup_codes[0].clone()), ..reset("ada", &code, NEW) };
    assert_eq!(self::code(world.api.reset_password(&nobody(), twice).await), ErrorCode::InvalidCode);
    let again = Person::signs_in_with(&world, "ada", &app).await;
    assert_eq!(world.api.get_two_factor(&again.caller).await.unwrap().backup_codes_remaining, 9);
}

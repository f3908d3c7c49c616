//! Signing in, and guessing.

use chrono::Duration;
use latchkey_api::problem::ErrorCode;
use latchkey_testkit::{PASSWORD, Person, Wiring, World, sign_up};

use crate::{code, nobody, password, stories};

stories! {
    signing_in_works_by_name_and_by_address_in_any_case;
    a_wrong_password_and_an_unknown_name_look_the_same;
    guessing_is_slowed_down_and_the_owner_gets_in;
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

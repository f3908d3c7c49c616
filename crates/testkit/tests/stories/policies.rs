//! Policies that change while the service runs.

use std::time::Duration as Span;

use chrono::Duration;
use latchkey_api::{
    activity::Push,
    common::PageQuery,
    instance::{SignUpPolicy, TwoFactorPolicy},
    problem::ErrorCode,
    sessions::SessionPath,
};
use latchkey_service::{Policy, PolicyName, PolicySource};
use latchkey_testkit::{Person, Wiring, World, sign_up};

use crate::{
    code, nobody, stories,
    stream::{next, until_the_next_look},
};

stories! {
    a_policy_holds_at_once_and_can_be_taken_back;
    what_the_configuration_sets_is_changed_there;
    a_shorter_life_ends_sessions_that_are_open;
    a_shorter_rest_ends_sessions_that_are_open;
}

async fn a_policy_holds_at_once_and_can_be_taken_back(wiring: Wiring) {
    let world = World::new(wiring).await;
    let set = async |policy| world.service.set_policy(policy).await;
    set(Policy::SignUp(SignUpPolicy::Closed)).await.unwrap();
    set(Policy::PasswordMinLength(20)).await.unwrap();
    set(Policy::TwoFactor(TwoFactorPolicy::Required)).await.unwrap();
    let instance = world.api.get_instance(&nobody()).await.unwrap();
    assert_eq!((instance.sign_up, instance.two_factor), (SignUpPolicy::Closed, TwoFactorPolicy::Required));
    assert_eq!(instance.password.min_length, 20);
    assert_eq!(code(world.api.create_account(&nobody(), sign_up("ada")).await), ErrorCode::SignUpClosed);
    let all = world.service.policies().await.unwrap();
    assert!(all.contains(&(Policy::PasswordMinLength(20), PolicySource::Database)));
    assert!(all.contains(&(Policy::PasswordMinScore(3), PolicySource::Default)));
    for name in [PolicyName::SignUp, PolicyName::PasswordMinLength] {
        assert!(world.service.unset_policy(name).await.unwrap());
        assert!(!world.service.unset_policy(name).await.unwrap(), "once");
    }
    world.api.create_account(&nobody(), sign_up("ada")).await.unwrap();
    for bad in [
        Policy::PasswordMinLength(7),
        Policy::PasswordMinScore(5),
        Policy::SessionIdle(Span::from_secs(59)),
        Policy::SessionIdle(Span::from_hours(24 * 200)),
        Policy::SessionLifetime(Span::from_hours(24)),
    ] {
        assert_eq!(code(set(bad).await), ErrorCode::InvalidParameter, "{bad:?}");
    }
}

async fn what_the_configuration_sets_is_changed_there(wiring: Wiring) {
    let configured = vec![PolicyName::SignUp];
    let world = World::with(wiring).settings(|settings| settings.configured = configured).build().await;
    let refused = world.service.set_policy(Policy::SignUp(SignUpPolicy::Closed)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Conflict);
    assert!(refused.body().detail.as_ref().unwrap().contains("policy.sign_up"), "{refused}");
    assert_eq!(code(world.service.unset_policy(PolicyName::SignUp).await), ErrorCode::Conflict);
    let all = world.service.policies().await.unwrap();
    assert!(all.contains(&(Policy::SignUp(SignUpPolicy::Open), PolicySource::Configuration)));
}

async fn a_shorter_rest_ends_sessions_that_are_open(wiring: Wiring) {
    let world = World::new(wiring).await;
    let unused = Person::joins(&*world.api, "ada").await;
    let used = Person::signs_in(&*world.api, "ada").await;
    world.clock.advance(Duration::hours(2));
    world.api.get_profile(&used.caller).await.unwrap();
    world.service.upkeep(false).await;
    let mut heard = world.events(&unused.caller).await.unwrap();
    world.service.set_policy(Policy::SessionIdle(Span::from_hours(1))).await.unwrap();
    until_the_next_look().await;
    assert_eq!(next(&mut heard).await, Some(Push::SessionClosed { reason: None }));
    assert_eq!(code(world.api.get_profile(&unused.caller).await), ErrorCode::SessionExpired);
    let open = world.api.list_sessions(&used.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!(open.iter().map(|session| session.id).collect::<Vec<_>>(), [used.session.id]);
    assert_eq!(open[0].expires_at, used.session.created_at + Duration::hours(3));
    let other = SessionPath { id: unused.session.id.to_string() };
    assert_eq!(code(world.api.get_session(&used.caller, other).await), ErrorCode::NotFound);
}

async fn a_shorter_life_ends_sessions_that_are_open(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.clock.advance(Duration::days(2));
    world.api.get_profile(&ada.caller).await.unwrap();
    world.service.set_policy(Policy::SessionIdle(Span::from_hours(1))).await.unwrap();
    world.service.set_policy(Policy::SessionLifetime(Span::from_hours(24))).await.unwrap();
    assert_eq!(code(world.api.get_profile(&ada.caller).await), ErrorCode::SessionExpired);
    let again = Person::signs_in(&*world.api, "ada").await;
    world.api.get_profile(&again.caller).await.unwrap();
    assert_eq!(again.session.expires_at, again.session.created_at + Duration::hours(1));
}

//! Two-factor authentication where the System Administrator demands it.

use latchkey_api::{instance::TwoFactorPolicy, problem::ErrorCode};
use latchkey_testkit::{Person, Wiring, World};

use crate::{code, every_endpoint::*, stories};

stories! {
    whoever_is_without_it_gets_nowhere_but_to_its_setup;
    nobody_switches_it_off_but_the_administrator;
}

async fn required(wiring: Wiring) -> World {
    World::with(wiring).settings(|settings| settings.two_factor = TwoFactorPolicy::Required).build().await
}

async fn whoever_is_without_it_gets_nowhere_but_to_its_setup(wiring: Wiring) {
    let world = required(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    // Stale as well: the policy is told first, because proving who one is would not help.
    world.clock.advance(chrono::Duration::days(1));
    let (mut open, mut shut) = (Vec::new(), 0);
    for endpoint in endpoints() {
        let answer = call(&*world.api, &ada.caller, endpoint.meta.id).await;
        let refused = answer == Some(ErrorCode::TwoFactorSetupRequired);
        assert_eq!(refused, !endpoint.meta.during_setup, "{}: {answer:?}", endpoint.meta.id);
        if refused { shut += 1 } else { open.push(endpoint.meta.id) }
    }
    open.sort_unstable();
    let setup =
        ["close_session", "get_profile", "get_two_factor", "reauthenticate", "start_two_factor", "verify_two_factor"];
    assert_eq!(open, setup);
    assert!(shut >= 10, "{shut}");
}

async fn nobody_switches_it_off_but_the_administrator(wiring: Wiring) {
    let world = required(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let before = world.api.get_two_factor(&ada.caller).await.unwrap();
    assert_eq!((before.enabled, before.required_by_policy, before.can_disable), (false, true, false));
    let (app, _) = ada.sets_two_factor_up(&world).await;
    let after = world.api.get_two_factor(&ada.caller).await.unwrap();
    assert_eq!((after.enabled, after.required_by_policy, after.can_disable), (true, true, false));
    assert_eq!(code(world.api.disable_two_factor(&ada.caller).await), ErrorCode::RequiredByPolicy);
    world.api.list_sessions(&ada.caller, latchkey_api::common::PageQuery::default()).await.unwrap();
    let laptop = Person::signs_in_with(&world, "ada", &app).await;
    world.service.disable_user_two_factor("ada").await.unwrap();
    assert_eq!(code(world.api.get_profile(&laptop.caller).await), ErrorCode::SessionClosed);
    let again = Person::signs_in(&*world.api, "ada").await;
    assert_eq!(code(world.api.get_password_status(&again.caller).await), ErrorCode::TwoFactorSetupRequired);
    again.sets_two_factor_up(&world).await;
    world.api.get_password_status(&again.caller).await.unwrap();
}

//! The devices that are signed in.

use chrono::Duration;
use latchkey_api::{
    common::PageQuery,
    problem::{CloseReason, ErrorCode},
    sessions::SessionPath,
};
use latchkey_service::{Settings, Statistics};
use latchkey_testkit::{Person, Wiring, World};

use crate::{code, current, stories};

stories! {
    sessions_are_listed_closed_and_told_why;
    an_unused_session_expires_and_a_used_one_lives_on;
    pages_of_sessions_hold_each_once;
    a_request_in_a_session_costs_one_read_and_no_write;
    a_sign_in_costs_two_writes_to_wait_for;
    a_session_that_asks_too_often_waits;
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

/// What makes it quick, said without a clock: benchmarks are in `scripts/bench`.
async fn a_request_in_a_session_costs_one_read_and_no_write(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    // Long enough for the use to be written down, later.
    world.clock.advance(Duration::hours(1));
    let before = world.service.statistics();
    for _ in 0..20 {
        world.api.get_profile(&ada.caller).await.unwrap();
    }
    assert_eq!(world.service.statistics(), Statistics { reads: before.reads + 20, ..before });
    world.api.list_sessions(&ada.caller, PageQuery::default()).await.unwrap();
    assert_eq!(world.service.statistics(), Statistics { reads: before.reads + 22, ..before }, "and one for the list");
    world.service.upkeep(false).await;
    let session = world.api.get_session(&ada.caller, current()).await.unwrap();
    assert_eq!(session.last_modified_at, session.created_at + Duration::hours(1), "the use was noted all the same");
}

/// While the password is looked at, its limits are counted, on SQLite after a look at each of the three; when it is right,
/// the session begins while what was counted against the pair of login and address is forgiven.
async fn a_sign_in_costs_two_writes_to_wait_for(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    Person::joins(&*world.api, "ada").await;
    let before = world.service.statistics();
    Person::signs_in(&*world.api, "ada").await;
    let after = world.service.statistics();
    let reads = if wiring == Wiring::Postgres { 4 } else { 7 };
    assert_eq!((after.reads - before.reads, after.writes - before.writes), (reads, 3));
}

async fn a_session_that_asks_too_often_waits(wiring: Wiring) {
    let change = |settings: &mut Settings| (settings.throttles, settings.session_rate) = (true, 3);
    let world = World::with(wiring).settings(change).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let other = Person::signs_in(&*world.api, "ada").await;
    for _ in 0..3 {
        world.api.get_profile(&ada.caller).await.unwrap();
    }
    let refused = world.api.get_profile(&ada.caller).await.unwrap_err();
    let members = &refused.body().members;
    assert_eq!((refused.code(), members.retry_after), (ErrorCode::TooManyRequests, Some(20)));
    assert_eq!(members.rate_limit, None, "headers tell of keys alone");
    let refused = world.api.list_sessions(&ada.caller, PageQuery::default()).await;
    assert_eq!(code(refused), ErrorCode::TooManyRequests, "whatever is asked for");
    world.api.get_profile(&other.caller).await.unwrap();
    world.clock.advance(Duration::seconds(20));
    world.api.get_profile(&ada.caller).await.unwrap();
    assert_eq!(code(world.api.get_profile(&ada.caller).await), ErrorCode::TooManyRequests);
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

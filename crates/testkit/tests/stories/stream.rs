//! What open sessions hear as it happens.

use std::time::Duration;

use futures_util::{StreamExt, stream::BoxStream};
use latchkey_api::{
    activity::Push,
    problem::{ApiResult, CloseReason, ErrorCode},
};
use latchkey_testkit::{Person, Wiring, World};
use tokio::time::{advance, pause, resume, timeout};

use crate::{code, nobody, stories};

stories! {
    strangers_hear_nothing;
    a_session_closed_by_another_node_is_told_soon;
    a_session_that_expires_ends_its_stream;
    an_account_has_so_many_streams;
    a_service_that_stops_ends_its_streams;
}

/// The next thing that is heard, within two seconds.
pub(crate) async fn next(events: &mut BoxStream<'static, ApiResult<Push>>) -> Option<Push> {
    let heard = timeout(Duration::from_secs(2), events.next()).await.expect("something is heard in time");
    heard.map(|push| push.expect("no problem"))
}

/// Lets the time pass that a stream waits until it looks at its session, and not that of the service's clock.
async fn until_the_next_look() {
    // The first look, which is due at once, is over.
    tokio::time::sleep(Duration::from_millis(200)).await;
    pause();
    advance(Duration::from_secs(12)).await;
    resume();
}

async fn strangers_hear_nothing(wiring: Wiring) {
    let world = World::new(wiring).await;
    assert_eq!(code(world.events(&nobody()).await), ErrorCode::Unauthenticated);
}

/// Nothing tells this process; the stream looks by itself.
async fn a_session_closed_by_another_node_is_told_soon(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut events = world.events(&ada.caller).await.unwrap();
    let elsewhere = world.another_service().await;
    until_the_next_look().await;
    assert!(timeout(Duration::from_millis(300), events.next()).await.is_err(), "it is open as yet");
    elsewhere.close_user_sessions("ada").await.unwrap();
    until_the_next_look().await;
    let reason = Some(CloseReason::ClosedByAdministrator);
    assert_eq!(next(&mut events).await, Some(Push::SessionClosed { reason }));
    assert_eq!(next(&mut events).await, None);
    elsewhere.close().await;
}

async fn a_session_that_expires_ends_its_stream(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut events = world.events(&ada.caller).await.unwrap();
    world.clock.advance(chrono::Duration::days(31));
    until_the_next_look().await;
    assert_eq!(next(&mut events).await, Some(Push::SessionClosed { reason: None }));
    assert_eq!(next(&mut events).await, None);
}

async fn an_account_has_so_many_streams(wiring: Wiring) {
    let world = World::new(wiring).await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    let mut open = Vec::new();
    while let Ok(events) = world.events(&ada.caller).await {
        open.push(events);
        assert!(open.len() <= 20);
    }
    assert_eq!(open.len(), 20);
    let refused = world.events(&ada.caller).await.err().unwrap();
    assert_eq!((refused.code(), refused.body().members.retry_after), (ErrorCode::TooManyRequests, Some(60)));
    world.events(&bob.caller).await.unwrap();
}

async fn a_service_that_stops_ends_its_streams(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut events = world.events(&ada.caller).await.unwrap();
    world.service.close().await;
    assert_eq!(next(&mut events).await, None);
}

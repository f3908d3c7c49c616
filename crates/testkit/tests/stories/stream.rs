//! What open sessions hear as it happens.

use std::time::Duration;

use futures_util::{StreamExt, stream::BoxStream};
use latchkey_api::{
    activity::{Category, Push},
    password::ChangePassword,
    problem::{ApiResult, CloseReason, ErrorCode},
    sessions::SessionPath,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World};
use tokio::time::{advance, pause, resume, timeout};

use crate::{code, current, nobody, stories};

stories! {
    strangers_hear_nothing;
    a_new_sign_in_is_heard_everywhere_else;
    a_session_that_is_closed_hears_why_and_nothing_more;
    a_changed_password_ends_the_other_streams;
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
pub(crate) async fn until_the_next_look() {
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

async fn a_new_sign_in_is_heard_everywhere_else(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let (mut heard, mut bobs) = (world.events(&laptop.caller).await.unwrap(), world.events(&bob.caller).await.unwrap());
    let phone = Person::signs_in(&*world.api, "ada").await;
    let ip_address = (wiring == Wiring::Socket).then(|| "127.0.0.1".to_owned());
    let new = Push::SignInNew { session_id: phone.session.id, device: Some("Latchkey".into()), ip_address };
    assert_eq!(next(&mut heard).await, Some(new));
    assert!(timeout(Duration::from_millis(100), bobs.next()).await.is_err(), "nobody hears of somebody else");
}

async fn a_session_that_is_closed_hears_why_and_nothing_more(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "ada").await;
    let (phone, tablet) = (Person::signs_in(&*world.api, "ada").await, Person::signs_in(&*world.api, "ada").await);
    let mut on_phone = world.events(&phone.caller).await.unwrap();
    let mut on_tablet = world.events(&tablet.caller).await.unwrap();
    world.api.close_session(&laptop.caller, SessionPath { id: phone.session.id.to_string() }).await.unwrap();
    let closed = Push::SessionClosed { reason: Some(CloseReason::ClosedElsewhere) };
    assert_eq!(next(&mut on_phone).await, Some(closed.clone()));
    assert_eq!(next(&mut on_phone).await, None);
    assert_eq!(next(&mut on_tablet).await, Some(Push::ActivityNew { category: Category::SignIn }));
    world.api.close_other_sessions(&laptop.caller).await.unwrap();
    assert_eq!(next(&mut on_tablet).await, Some(closed));
    assert_eq!(next(&mut on_tablet).await, None);
    let refused = world.events(&tablet.caller).await.err().unwrap();
    assert_eq!(refused.body().members.close_reason, Some(CloseReason::ClosedElsewhere));

    let mut here = world.events(&laptop.caller).await.unwrap();
    world.api.close_session(&laptop.caller, current()).await.unwrap();
    assert_eq!(next(&mut here).await, Some(Push::SessionClosed { reason: Some(CloseReason::SignedOut) }));
    assert_eq!(next(&mut here).await, None);
}

async fn a_changed_password_ends_the_other_streams(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let mut on_phone = world.events(&phone.caller).await.unwrap();
    let mut here = world.events(&laptop.caller).await.unwrap();
    let change = ChangePassword {
        current_password: Secret::new(PASSWORD),
        new_password: Secret::new("eleven quiet foxes sing"),
        close_other_sessions: true,
    };
    world.api.change_password(&laptop.caller, change).await.unwrap();
    let reason = Some(CloseReason::PasswordChanged);
    assert_eq!(next(&mut on_phone).await, Some(Push::SessionClosed { reason }));
    assert_eq!(next(&mut on_phone).await, None);
    assert!(timeout(Duration::from_millis(100), here.next()).await.is_err(), "the one that did it goes on");
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
    assert!(world.events(&bob.caller).await.is_ok());
}

async fn a_service_that_stops_ends_its_streams(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut events = world.events(&ada.caller).await.unwrap();
    world.service.close().await;
    assert_eq!(next(&mut events).await, None);
}

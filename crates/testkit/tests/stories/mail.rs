//! How mail goes out.

use chrono::Duration;
use latchkey_api::{
    common::Caller,
    password::PasswordResetRequest,
    sessions::{SessionsApi, SignedIn},
};
use latchkey_service::MailError;
use latchkey_testkit::{Person, Wiring, World, sign_in};

use crate::nobody;

async fn world() -> World {
    let world = World::with(Wiring::Direct).mail().build().await;
    Person::joins(&*world.api, "ada").await;
    world
}

async fn forgets(world: &World) {
    world.api.request_password_reset(&nobody(), PasswordResetRequest { login: "ada".into() }).await.unwrap();
}

/// Until the sender has written down what became of it, moving the clock does nothing; then a round finds it.
async fn rounds_until(world: &World, attempts: usize) {
    for _ in 0..200 {
        world.service.upkeep(false).await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        if world.post().attempts(0).await >= attempts {
            return;
        }
    }
    panic!("no attempt {attempts}");
}

#[tokio::test]
async fn what_was_refused_for_now_is_tried_again_with_growing_pauses() {
    let world = world().await;
    for _ in 0..2 {
        world.post().refuse_next(MailError::transient("down"));
    }
    forgets(&world).await;
    world.post().attempts(1).await;
    world.clock.advance(Duration::seconds(29));
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    world.service.upkeep(false).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(world.post().attempts(0).await, 1, "not yet");
    world.clock.advance(Duration::seconds(2));
    rounds_until(&world, 2).await;
    world.clock.advance(Duration::seconds(61));
    rounds_until(&world, 3).await;
    world.post().next("ada@example.com", "A new password").await;
    world.clock.advance(Duration::hours(7));
    world.service.upkeep(false).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(world.post().attempts(0).await, 3, "what was taken is not sent again");
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up() {
    let world = world().await;
    world.post().refuse_next(MailError::permanent("no such mailbox"));
    forgets(&world).await;
    world.post().attempts(1).await;
    for _ in 0..5 {
        world.clock.advance(Duration::minutes(5));
        world.service.upkeep(false).await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.post().attempts(0).await, 1);
}

/// A code that is of no use any more is not sent.
#[tokio::test]
async fn what_has_waited_too_long_is_given_up() {
    let world = world().await;
    world.post().refuse_next(MailError::transient("down"));
    forgets(&world).await;
    world.post().attempts(1).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    world.clock.advance(Duration::minutes(31));
    for _ in 0..5 {
        world.service.upkeep(false).await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.post().attempts(0).await, 1);
}

async fn signs_in_from(world: &World, address: &str) -> SignedIn {
    let caller = Caller { address: Some(address.parse().unwrap()), ..Caller::default() };
    world.service.sign_in(&caller, sign_in("ada")).await.unwrap()
}

/// The same app on another network is somebody else's until the person says so.
#[tokio::test]
async fn a_sign_in_is_familiar_by_its_device_and_its_network() {
    let world = world().await;
    signs_in_from(&world, "2001:db8:1:2::1").await;
    assert_eq!(world.post().attempts(1).await, 1, "not from this computer, as the first one");
    signs_in_from(&world, "2001:db8:1:2:ffff::9").await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(world.post().attempts(0).await, 1, "the same network");
    signs_in_from(&world, "2001:db8:1:3::1").await;
    world.post().attempts(2).await;
    // Every session is gone, and that there were some is not.
    world.clock.advance(Duration::days(200));
    world.service.upkeep(true).await;
    signs_in_from(&world, "2001:db8:1:3::1").await;
    world.post().attempts(3).await;
}

#[tokio::test]
async fn nobody_is_mailed_notices_without_end() {
    let world = World::with(Wiring::Direct).mail().settings(|settings| settings.throttles = true).build().await;
    Person::joins(&*world.api, "ada").await;
    for n in 1..=25 {
        signs_in_from(&world, &format!("192.0.2.{n}")).await;
    }
    world.post().attempts(20).await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(world.post().attempts(0).await, 20);
    forgets(&world).await;
    world.post().code("ada@example.com", "A new password").await;
    world.clock.advance(Duration::minutes(10));
    signs_in_from(&world, "192.0.2.99").await;
    world.post().attempts(22).await;
}

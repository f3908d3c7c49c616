//! How mail goes out.

use chrono::Duration;
use latchkey_api::password::PasswordResetRequest;
use latchkey_service::MailError;
use latchkey_testkit::{Person, Wiring, World};

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

//! The window appears when the page has something to show.

use std::time::Duration;

use latchkey::commands::outside;
use latchkey_api::desktop::NoArgs;
use latchkey_testkit::{Wiring, World};
use tokio::time::timeout;

use crate::desk::Desk;

#[tokio::test]
async fn the_page_says_when_the_window_may_appear() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    assert!(timeout(Duration::ZERO, desk.first_screen.notified()).await.is_err(), "it has said nothing yet");
    outside::show_window(&desk, NoArgs {}).await.unwrap();
    desk.first_screen.notified().await;
}

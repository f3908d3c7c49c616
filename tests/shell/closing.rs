//! The window on its way to being closed: the page is told first, and nobody waits for long.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use latchkey::commands::outside;
use latchkey_api::desktop::NoArgs;
use latchkey_testkit::{Wiring, World};
use tokio::{
    task::{JoinHandle, yield_now},
    time::{Instant, pause},
};

use crate::desk::Desk;

/// A window that may be closed; how long it took.
async fn open() -> (Desk, JoinHandle<Duration>) {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    pause();
    let app = Arc::clone(&desk.app);
    let begun = Instant::now();
    let over = tokio::spawn(async move {
        app.closing.until_over().await;
        begun.elapsed()
    });
    yield_now().await;
    (desk, over)
}

fn asks(desk: &Desk) -> bool {
    desk.closing.ask(&*desk.heard)
}

#[tokio::test]
async fn the_page_is_told_once_and_says_when_it_may_close() {
    let (desk, over) = open().await;
    assert!(asks(&desk) && asks(&desk), "it stays");
    assert_eq!(desk.heard.closings.load(Ordering::SeqCst), 1);
    assert!(!over.is_finished());
    outside::close_window(&desk, NoArgs {}).await.unwrap();
    assert_eq!(over.await.unwrap(), Duration::ZERO);
    assert!(!asks(&desk), "nothing holds it any more");
    assert_eq!(desk.heard.closings.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_page_that_says_nothing_is_not_waited_for() {
    let (desk, over) = open().await;
    asks(&desk);
    let took = over.await.unwrap();
    assert!(took >= Duration::from_secs(3) && took < Duration::from_secs(4), "{took:?}");
    assert!(!asks(&desk));
}

#[tokio::test]
async fn what_is_running_has_a_moment_to_end_and_no_more() {
    let (desk, over) = open().await;
    let running = desk.closing.running();
    outside::close_window(&desk, NoArgs {}).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!over.is_finished() && asks(&desk), "it still runs");
    drop(running);
    assert_eq!(over.await.unwrap().as_secs(), 1);
}

#[tokio::test]
async fn what_never_ends_does_not_hold_the_window() {
    let (desk, over) = open().await;
    let _stuck = desk.closing.running();
    outside::close_window(&desk, NoArgs {}).await.unwrap();
    assert_eq!(over.await.unwrap().as_secs(), 3);
}

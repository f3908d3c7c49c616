//! A secret on the clipboard: for a minute, and no longer than it is there.

use std::time::Duration;

use latchkey::commands::outside;
use latchkey_api::{
    desktop::{CopySecret, CopyText},
    wire::Secret,
};
use latchkey_testkit::{Wiring, World};

use crate::desk::Desk;

async fn copies(desk: &Desk, text: &str) {
    let copied = outside::copy_secret(desk, CopySecret { text: Secret::new(text) }).await.unwrap();
    assert_eq!(copied.clears_after, 60);
}

fn there(desk: &Desk) -> Option<String> {
    desk.clipboard.text.lock().unwrap().clone()
}

/// Lets time pass, and what was due be done.
async fn after(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

async fn somebody() -> Desk {
    let desk = Desk::new(&World::new(Wiring::Direct).await);
    tokio::time::pause();
    desk
}

#[tokio::test]
async fn a_secret_is_taken_off_after_a_minute_and_managers_are_asked_not_to_keep_it() {
    let desk = somebody().await;
    copies(&desk, "abcde-fghij").await;
    after(59).await;
    assert_eq!(there(&desk).as_deref(), Some("abcde-fghij"));
    after(2).await;
    assert_eq!(there(&desk), None);
    assert_eq!(*desk.clipboard.secrets.lock().unwrap(), ["abcde-fghij"]);
}

#[tokio::test]
async fn a_later_copy_is_left_alone() {
    let desk = somebody().await;
    copies(&desk, "abcde-fghij").await;
    after(30).await;
    outside::copy_text(&desk, CopyText { text: "192.0.2.1".into() }).await.unwrap();
    after(90).await;
    assert_eq!(there(&desk).as_deref(), Some("192.0.2.1"));
    assert_eq!(desk.clipboard.secrets.lock().unwrap().len(), 1, "what is no secret is not hidden");
}

#[tokio::test]
async fn a_second_secret_has_a_minute_of_its_own() {
    let desk = somebody().await;
    copies(&desk, "abcde-fghij").await;
    after(40).await;
    copies(&desk, "abcde-fghij").await;
    after(40).await;
    assert_eq!(there(&desk).as_deref(), Some("abcde-fghij"));
    after(21).await;
    assert_eq!(there(&desk), None);
}

#[tokio::test]
async fn a_secret_does_not_outlive_the_app() {
    let desk = somebody().await;
    copies(&desk, "abcde-fghij").await;
    desk.secret_on_clipboard.take_off();
    assert_eq!(there(&desk), None);
    outside::copy_text(&desk, CopyText { text: "abcde-fghij".into() }).await.unwrap();
    desk.secret_on_clipboard.take_off();
    after(61).await;
    assert_eq!(there(&desk).as_deref(), Some("abcde-fghij"), "what the person copied themselves is theirs");
}

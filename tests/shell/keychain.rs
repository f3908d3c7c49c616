//! A computer without a keychain.

use latchkey::{
    commands::{account, profile},
    places::LOCAL,
};
use latchkey_api::desktop::NoArgs;
use latchkey_testkit::{Wiring, World, sign_up};

use crate::desk::{Desk, here};

#[tokio::test]
async fn without_a_keychain_the_session_ends_with_the_app_and_that_is_said_from_the_start() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.keychain.take_away(true);
    let view = desk.first_view().await;
    assert!(!view.keychain.available && view.keychain.detail.is_some());

    desk.chooses(LOCAL).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    profile::get_profile(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.keychain.token(&here("ada")).await, None);

    let again = desk.restart();
    let view = again.first_view().await;
    assert_eq!(again.signed_out(), (None, Some("ada".into())));
    assert!(!view.keychain.available);
    assert_eq!(view.accounts.len(), 1, "the keychain may still hold it");
}

#[tokio::test]
async fn a_keychain_that_is_unlocked_later_takes_the_session() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.keychain.take_away(true);
    desk.chooses(LOCAL).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    desk.keychain.take_away(false);
    let view = desk.chooses(LOCAL).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
    assert!(view.keychain.available);
    assert!(desk.keychain.token(&here("ada")).await.is_some());
}

#[tokio::test]
async fn a_keychain_that_is_started_later_is_found_without_anybody_doing_anything() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.keychain.take_away(true);
    desk.chooses(LOCAL).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    desk.look_for_keychain().await;
    assert!(desk.heard.views.lock().unwrap().is_empty(), "nothing changed");
    desk.keychain.take_away(false);
    desk.look_for_keychain().await;
    desk.look_for_keychain().await;
    let told: Vec<_> = desk.heard.views.lock().unwrap().iter().map(|view| view.keychain.available).collect();
    assert_eq!(told, [true], "the page is told once");
    assert!(desk.keychain.token(&here("ada")).await.is_some());
}

#[tokio::test]
async fn signing_out_without_a_keychain_leaves_nothing_behind() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.keychain.take_away(true);
    desk.chooses(LOCAL).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.keychain.take_away(false);
    desk.chooses(LOCAL).await.unwrap();
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
}

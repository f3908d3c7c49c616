//! Two wishes at once.

use std::sync::Arc;

use latchkey::{
    commands::{account, place, profile, sessions},
    places::LOCAL,
};
use latchkey_api::{
    common::{Caller, PageQuery},
    desktop::{AccountArgs, ListArgs, NoArgs, Phase, ShellCode, SignInArgs},
    sessions::SessionsApi,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Wiring, World, sign_up};

use crate::desk::{Desk, here};

fn switch(username: &str) -> AccountArgs {
    AccountArgs { place: LOCAL.into(), username: username.into() }
}

#[tokio::test]
async fn two_first_calls_open_the_place_once() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await.restart();
    desk.line.hold("/v1/me");
    let (one, two) = (Arc::clone(&desk.app), Arc::clone(&desk.app));
    let one = tokio::spawn(async move { place::get_view(&one, NoArgs {}).await });
    let two = tokio::spawn(async move { place::get_view(&two, NoArgs {}).await });
    desk.line.until_held(1).await;
    desk.line.release();
    for view in [one.await.unwrap().unwrap(), two.await.unwrap().unwrap()] {
        assert!(matches!(view.phase, Phase::SignedIn { .. }));
    }
}

#[tokio::test]
async fn an_answer_for_the_account_before_is_not_shown() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();

    desk.line.hold("/v1/me/sessions");
    let app = Arc::clone(&desk.app);
    let slow = tokio::spawn(async move { sessions::list_sessions(&app, ListArgs { after: None }).await });
    desk.line.until_held(1).await;
    account::switch_account(&desk, switch("ada")).await.unwrap();
    desk.line.release();
    assert_eq!(slow.await.unwrap().unwrap_err().code, ShellCode::Cancelled.into());
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn the_last_of_two_wishes_wins() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    desk.line.hold("/v1/me");
    let app = Arc::clone(&desk.app);
    let first = tokio::spawn(async move { account::switch_account(&app, switch("ada")).await });
    desk.line.until_held(1).await;
    let app = Arc::clone(&desk.app);
    let second = tokio::spawn(async move { account::switch_account(&app, switch("bob")).await });
    desk.line.until_held(2).await;
    desk.line.release();
    assert_eq!(first.await.unwrap().unwrap_err().code, ShellCode::Cancelled.into());
    second.await.unwrap().unwrap();
    assert_eq!(desk.profile().profile.username, "bob");
    assert!(desk.keychain.token(&here("ada")).await.is_some(), "ada stays signed in");
}

#[tokio::test]
async fn a_sign_in_that_is_overtaken_leaves_no_session_behind() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    account::sign_out(&desk, NoArgs {}).await.unwrap();

    desk.line.hold("/v1/sessions");
    let app = Arc::clone(&desk.app);
    let args = SignInArgs { login: "bob".into(), password: Secret::new(PASSWORD) };
    let overtaken = tokio::spawn(async move { account::sign_in(&app, args).await });
    desk.line.until_held(1).await;
    account::switch_account(&desk, switch("ada")).await.unwrap();
    desk.line.release();
    assert_eq!(overtaken.await.unwrap().unwrap_err().code, ShellCode::Cancelled.into());

    assert_eq!(desk.profile().profile.username, "ada");
    assert_eq!(desk.keychain.token(&here("bob")).await, None);
    let left: Vec<_> = desk.view().accounts.into_iter().map(|account| account.username).collect();
    assert_eq!(left, ["ada"]);
    desk.signs_in("bob").await.unwrap();
    let caller = Caller::with_token(desk.keychain.token(&here("bob")).await.unwrap().expose());
    let open = world.service.list_sessions(&caller, PageQuery::default()).await.unwrap();
    assert_eq!(open.items.len(), 1, "the session that was overtaken is closed");
}

#[tokio::test]
async fn two_calls_that_hear_of_the_end_end_it_once() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.hold("/v1/me");
    desk.line.fail("/v1/me", latchkey_api::problem::ErrorCode::SessionExpired);
    let calls: Vec<_> = (0..2)
        .map(|_| {
            let app = Arc::clone(&desk.app);
            tokio::spawn(async move { profile::get_profile(&app, NoArgs {}).await })
        })
        .collect();
    desk.line.until_held(2).await;
    desk.line.release();
    for call in calls {
        call.await.unwrap().unwrap_err();
    }
    assert_eq!(desk.heard.views.lock().unwrap().len(), 2, "of the end, and of the token's end");
    desk.line.repair();
    desk.signs_in("ada").await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

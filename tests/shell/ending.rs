//! Sessions that end elsewhere: whichever call hears of it lands on the sign-in screen with the reason.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use latchkey::{
    commands::{account, avatar, profile, sessions},
    places::LOCAL,
};
use latchkey_api::{
    desktop::{AvatarArgs, Failure, ListArgs, NoArgs, Phase, ProfileView, SignInArgs, SignedOutReason},
    problem::{CloseReason, ErrorCode},
    sessions::SessionsApi,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World};
use tokio::task::JoinHandle;

use crate::desk::{Desk, here};

/// Each of them hears of the end by itself.
async fn every_call(desk: &Desk) -> Vec<Failure> {
    vec![
        profile::get_profile(desk, NoArgs {}).await.unwrap_err(),
        sessions::list_sessions(desk, ListArgs { after: None }).await.unwrap_err(),
        avatar::remove_avatar(desk, NoArgs {}).await.unwrap_err(),
    ]
}

async fn close_from_elsewhere(world: &World, username: &str) {
    let elsewhere = Person::signs_in(&*world.api, username).await;
    world.service.close_other_sessions(&elsewhere.caller).await.unwrap();
}

/// A call that hears of the end while the keychain is slow to let go of the token.
async fn hears_while_the_keychain_is_slow(desk: &Desk) -> JoinHandle<Result<ProfileView, Failure>> {
    desk.keychain.hold();
    let app = Arc::clone(&desk.app);
    let call = tokio::spawn(async move { profile::get_profile(&app, NoArgs {}).await });
    desk.keychain.until_held().await;
    call
}

#[tokio::test]
async fn a_session_that_was_closed_elsewhere_says_so_and_leaves_nothing() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    close_from_elsewhere(&world, "ada").await;
    let codes: Vec<_> = every_call(&desk).await.into_iter().map(|failure| failure.code).collect();
    assert_eq!(codes[0], ErrorCode::SessionClosed.into());
    assert_eq!(codes[1], ErrorCode::Unauthenticated.into(), "nobody is signed in by then");

    let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
    assert_eq!(desk.signed_out(), (Some(reason), Some("ada".into())));
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
    assert!(desk.view().accounts.is_empty());
    let views = desk.heard.views.lock().unwrap();
    assert_eq!(views.len(), 2, "the page is told at once, and when the account is off the list");
    for view in &*views {
        assert!(matches!(view.phase, Phase::SignedOut { reason: Some(said), .. } if said == reason));
    }
}

#[tokio::test]
async fn a_slow_keychain_does_not_keep_a_closed_session_on_the_screen() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    close_from_elsewhere(&world, "ada").await;
    let call = hears_while_the_keychain_is_slow(&desk).await;
    let told = || -> Vec<_> {
        let views = desk.heard.views.lock().unwrap();
        views.iter().map(|view| (matches!(view.phase, Phase::SignedOut { .. }), view.accounts.len())).collect()
    };
    assert_eq!(told(), [(true, 1)], "the page is told before the token is gone");
    desk.keychain.release();
    call.await.unwrap().unwrap_err();
    assert_eq!(told(), [(true, 1), (true, 0)], "and again");
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
}

#[tokio::test]
async fn whoever_signs_in_before_the_old_token_is_gone_stays_signed_in() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let old = desk.keychain.token(&here("ada")).await;
    close_from_elsewhere(&world, "ada").await;
    let call = hears_while_the_keychain_is_slow(&desk).await;
    let app = Arc::clone(&desk.app);
    let args = SignInArgs { login: "ada".into(), password: Secret::new(PASSWORD) };
    let mut again = tokio::spawn(async move { account::sign_in(&app, args).await });
    let overtaken = tokio::time::timeout(Duration::from_millis(500), &mut again).await;
    assert!(overtaken.is_err(), "the new token waits for the end of the old one");
    desk.keychain.release();
    call.await.unwrap().unwrap_err();
    again.await.unwrap().unwrap();

    let new = desk.keychain.token(&here("ada")).await;
    assert!(new.is_some() && new != old);
    assert_eq!(desk.profile().profile.username, "ada");
    assert_eq!(desk.view().accounts.len(), 1);
    let restarted = desk.restart();
    restarted.first_view().await;
    assert_eq!(restarted.profile().profile.username, "ada");
}

#[tokio::test]
async fn a_session_that_was_closed_while_the_app_was_off_says_so_at_the_start() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    close_from_elsewhere(&world, "ada").await;
    let again = desk.restart();
    again.first_view().await;
    let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
    assert_eq!(again.signed_out(), (Some(reason), Some("ada".into())));
    assert_eq!(again.keychain.token(&here("ada")).await, None);
    assert!(again.view().instance.is_some());
}

#[tokio::test]
async fn a_session_that_was_not_used_for_long_has_expired() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    world.clock.advance(TimeDelta::days(400));
    let refused = profile::get_profile(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SessionExpired.into());
    assert_eq!(desk.signed_out().0, Some(SignedOutReason::Expired));
}

#[tokio::test]
async fn whatever_code_ends_a_session_from_any_call_it_ends_here_too() {
    for (code, reason) in [
        (ErrorCode::SessionClosed, SignedOutReason::Closed(CloseReason::ClosedElsewhere)),
        (ErrorCode::SessionExpired, SignedOutReason::Expired),
        (ErrorCode::Unauthenticated, SignedOutReason::Unknown),
        (ErrorCode::AccountDisabled, SignedOutReason::Disabled),
    ] {
        for call in 0..3 {
            let world = World::new(Wiring::Direct).await;
            let desk = Desk::of(&world, "ada").await;
            desk.line.fail("/v1/me", code);
            let refused = match call {
                0 => profile::get_profile(&desk, NoArgs {}).await.unwrap_err(),
                1 => sessions::close_other_sessions(&desk, NoArgs {}).await.unwrap_err(),
                _ => avatar::remove_avatar(&desk, NoArgs {}).await.unwrap_err(),
            };
            assert_eq!(refused.code, code.into());
            assert_eq!(desk.signed_out(), (Some(reason), Some("ada".into())));
            assert_eq!(desk.keychain.token(&here("ada")).await, None);
        }
    }
}

#[tokio::test]
async fn other_failures_end_nothing() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    for code in [ErrorCode::Offline, ErrorCode::Internal, ErrorCode::Busy, ErrorCode::CertificateInvalid] {
        desk.line.fail("/v1/me", code);
        for refused in every_call(&desk).await {
            assert_eq!(refused.code, code.into());
        }
    }
    desk.line.repair();
    assert_eq!(desk.profile().profile.username, "ada");
    assert!(desk.keychain.token(&here("ada")).await.is_some());
    assert!(desk.heard.views.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_other_account_stays_signed_in() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, latchkey_testkit::sign_up("bob")).await.unwrap();
    close_from_elsewhere(&world, "bob").await;
    profile::get_profile(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(desk.signed_out().1.as_deref(), Some("bob"));
    let left: Vec<_> = desk.view().accounts.into_iter().map(|account| account.username).collect();
    assert_eq!(left, ["ada"]);
    desk.chooses(LOCAL).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn without_a_session_nothing_is_asked() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.first_view().await;
    for refused in every_call(&desk).await {
        assert_eq!(refused.code, ErrorCode::Unauthenticated.into());
    }
    let refused = avatar::get_avatar(&desk, AvatarArgs { size: 64 }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unauthenticated.into());
}

//! What happens elsewhere reaches the window by itself.

use latchkey::commands::{account, profile};
use latchkey_api::{
    activity::{Category, Push},
    desktop::{AccountArgs, NoArgs, Phase, Request, SignedOutReason, UpdateProfile},
    problem::{CloseReason, ErrorCode},
    profile::ProfilePatch,
    sessions::SessionsApi,
};
use latchkey_testkit::{Person, Wiring, World, sign_up};

use crate::desk::{Desk, here, soon};

const STREAM: &str = "/v1/me/events/stream";

/// Somebody signs in elsewhere, until the window hears of it: from then on it listens.
pub(crate) async fn until_heard(world: &World, desk: &Desk, username: &str) -> Person {
    for _ in 0..40 {
        let elsewhere = Person::signs_in(&*world.api, username).await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        if !desk.heard.pushes.lock().unwrap().is_empty() {
            return elsewhere;
        }
    }
    panic!("the window does not listen");
}

fn signed_out(desk: &Desk) -> bool {
    matches!(desk.view().phase, Phase::SignedOut { .. })
}

#[tokio::test]
async fn a_session_closed_elsewhere_ends_within_two_seconds_without_anybody_asking() {
    for wiring in [Wiring::Direct, Wiring::Socket] {
        let world = World::new(wiring).await;
        let desk = match &world.origin {
            None => Desk::of(&world, "ada").await,
            Some(origin) => {
                let desk = Desk::new(&world);
                desk.chooses(origin).await.unwrap();
                account::create_account(&desk, sign_up("ada")).await.unwrap();
                desk
            }
        };
        let _following = desk.follows();
        let elsewhere = until_heard(&world, &desk, "ada").await;
        world.service.close_other_sessions(&elsewhere.caller).await.unwrap();
        soon("the window is at the sign-in screen", || signed_out(&desk)).await;
        let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
        assert_eq!(desk.signed_out(), (Some(reason), Some("ada".into())));
        let told = || desk.heard.views.lock().unwrap().len();
        soon("the page is told, and told again when the token is gone", || told() == 2).await;
        assert!(desk.view().accounts.is_empty());
        if world.origin.is_none() {
            assert_eq!(desk.keychain.token(&here("ada")).await, None);
        }
        assert!(!desk.heard.pushes.lock().unwrap().iter().any(|push| matches!(push, Push::SessionClosed { .. })));

        // And whoever signs in next is followed.
        desk.heard.pushes.lock().unwrap().clear();
        desk.signs_in("ada").await.unwrap();
        until_heard(&world, &desk, "ada").await;
    }
}

#[tokio::test]
async fn a_sign_in_elsewhere_is_told_to_the_page_and_to_the_person_once() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let _following = desk.follows();
    until_heard(&world, &desk, "ada").await;
    desk.notices.0.lock().unwrap().clear();
    let elsewhere = Person::signs_in(&*world.api, "ada").await;
    let request = Request::ReviewSignIn { session_id: elsewhere.session.id };
    soon("a notification", || desk.notices.0.lock().unwrap().iter().any(|notice| notice.request == request)).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let notices = desk.notices.0.lock().unwrap().clone();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_eq!((notices[0].summary.as_str(), &notices[0].account), ("New sign-in to this computer", &here("ada")));
    let told = |push: &Push| matches!(push, Push::SignInNew { session_id, .. } if *session_id == elsewhere.session.id);
    assert!(desk.heard.pushes.lock().unwrap().iter().any(told));
}

#[tokio::test]
async fn who_signs_out_here_is_not_told_that_the_session_was_closed() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let _following = desk.follows();
    until_heard(&world, &desk, "ada").await;
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    assert!(desk.heard.views.lock().unwrap().is_empty());
}

#[tokio::test]
async fn another_account_in_the_window_is_another_stream() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    let _following = desk.follows();
    until_heard(&world, &desk, "bob").await;
    let ada = AccountArgs { place: latchkey::places::LOCAL.into(), username: "ada".into() };
    account::switch_account(&desk, ada).await.unwrap();
    desk.heard.pushes.lock().unwrap().clear();
    until_heard(&world, &desk, "ada").await;
    desk.heard.pushes.lock().unwrap().clear();

    // What happens to bob is found when he is opened.
    let bob = Person::signs_in(&*world.api, "bob").await;
    world.service.close_other_sessions(&bob.caller).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(desk.heard.pushes.lock().unwrap().is_empty());
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn what_happened_while_the_connection_was_lost_is_found_when_it_is_back() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.fail(STREAM, ErrorCode::Offline);
    let _following = desk.follows();
    let elsewhere = Desk::new(&world);
    elsewhere.chooses(latchkey::places::LOCAL).await.unwrap();
    elsewhere.signs_in("ada").await.unwrap();
    let patch = ProfilePatch { name: Some("From there".into()), ..ProfilePatch::default() };
    let etag = elsewhere.profile().etag;
    profile::update_profile(&elsewhere, UpdateProfile { etag, patch }).await.unwrap();
    assert_ne!(desk.profile().profile.name, "From there");
    desk.line.repair();
    soon("the profile is the new one", || desk.profile().profile.name == "From there").await;
    let all = || desk.heard.pushes.lock().unwrap().contains(&Push::ActivityNew { category: Category::Account });
    soon("the page is asked to read again", all).await;
    assert_eq!(desk.heard.views.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_closed_while_the_connection_was_lost_ends_when_it_is_back() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.fail(STREAM, ErrorCode::Offline);
    let _following = desk.follows();
    let elsewhere = Person::signs_in(&*world.api, "ada").await;
    world.service.close_other_sessions(&elsewhere.caller).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!signed_out(&desk));
    desk.line.repair();
    soon("the window is at the sign-in screen", || signed_out(&desk)).await;
    assert_eq!(desk.signed_out().0, Some(SignedOutReason::Closed(CloseReason::ClosedElsewhere)));
}

#[tokio::test]
async fn a_service_that_tells_nothing_is_used_all_the_same() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.fail(STREAM, ErrorCode::NotFound);
    let _following = desk.follows();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    profile::get_profile(&desk, NoArgs {}).await.unwrap();
    assert!(desk.heard.views.lock().unwrap().is_empty());
}

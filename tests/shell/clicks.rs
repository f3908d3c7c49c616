//! A notification that is clicked leads to the account it is about, whatever is in the window by then.

use latchkey::{
    commands::{account, place},
    notifications::clicked,
    places::LOCAL,
};
use latchkey_api::{
    desktop::{AccountArgs, NoArgs, Phase, PlaceArgs, Request, SignedOutReason, View},
    problem::CloseReason,
    sessions::SessionsApi,
};
use latchkey_testkit::{Person, Wiring, World, sign_up};

use crate::desk::{Desk, here};

/// Ada was told something, and bob is in the window by now.
async fn told_before_bob_came(world: &World) -> Desk {
    let desk = Desk::of(world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    desk
}

/// She clicks.
async fn clicks(desk: &Desk) {
    clicked(desk, &here("ada"), Request::GenerateBackupCodes).await;
}

fn shown(view: &View) -> Option<&str> {
    match &view.phase {
        Phase::SignedIn { profile, .. } => Some(&profile.profile.username),
        _ => None,
    }
}

/// Who the page was told is in the window, and how often it was asked for something.
fn told(desk: &Desk) -> (Vec<Option<String>>, usize) {
    let views = desk.heard.views.lock().unwrap();
    let who = views.iter().map(|view| shown(view).map(Into::into)).collect();
    (who, desk.heard.requests.lock().unwrap().len())
}

#[tokio::test]
async fn the_account_is_in_the_window_before_the_page_is_asked() {
    let world = World::new(Wiring::Direct).await;
    let desk = told_before_bob_came(&world).await;
    clicks(&desk).await;
    assert_eq!(desk.profile().profile.username, "ada");
    assert_eq!(told(&desk), (vec![Some("ada".into())], 1));
    assert_eq!(*desk.heard.requests.lock().unwrap(), [Request::GenerateBackupCodes]);
    clicks(&desk).await;
    assert_eq!(told(&desk), (vec![Some("ada".into())], 2), "who is there already is not fetched again");

    account::add_account(&desk, NoArgs {}).await.unwrap();
    clicks(&desk).await;
    assert_eq!(desk.profile().profile.username, "ada", "from the sign-in screen too");
    assert_eq!(told(&desk).1, 3);
}

#[tokio::test]
async fn the_account_may_be_at_another_place() {
    let world = World::new(Wiring::Socket).await;
    let desk = Desk::of(&world, "ada").await;
    desk.chooses(&world.origin.clone().unwrap()).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    clicks(&desk).await;
    let view = desk.view();
    assert_eq!((view.place.as_ref().unwrap().id.as_str(), shown(&view)), (LOCAL, Some("ada")));
    assert_eq!(told(&desk), (vec![Some("ada".into())], 1));
}

#[tokio::test]
async fn an_account_that_is_not_signed_in_here_any_more_leaves_the_window_where_it_is() {
    let world = World::new(Wiring::Direct).await;
    let desk = told_before_bob_came(&world).await;
    let ada = AccountArgs { place: LOCAL.into(), username: "ada".into() };
    account::switch_account(&desk, ada).await.unwrap();
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    let bob = AccountArgs { place: LOCAL.into(), username: "bob".into() };
    account::switch_account(&desk, bob).await.unwrap();
    clicks(&desk).await;
    assert_eq!((desk.profile().profile.username.as_str(), told(&desk)), ("bob", (vec![], 0)));

    place::forget_place(&desk, PlaceArgs { id: LOCAL.into() }).await.unwrap();
    clicks(&desk).await;
    assert!(matches!(desk.view().phase, Phase::FirstRun));
    assert_eq!(told(&desk), (vec![], 0));
}

#[tokio::test]
async fn an_account_whose_session_ended_meanwhile_says_so_and_is_asked_for_nothing() {
    let world = World::new(Wiring::Direct).await;
    let desk = told_before_bob_came(&world).await;
    let elsewhere = Person::signs_in(&*world.api, "ada").await;
    world.service.close_other_sessions(&elsewhere.caller).await.unwrap();
    clicks(&desk).await;
    let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
    assert_eq!(desk.signed_out(), (Some(reason), Some("ada".into())));
    assert_eq!(told(&desk), (vec![None], 0));
}

//! Accounts at a server that cannot be reached: what was seen of them is shown until it answers.

use std::{fs, sync::atomic::Ordering, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use latchkey::{
    commands::{
        account, activity, api_keys, integrations, password, profile, registries, sessions, ssh_keys, two_factor,
    },
    places::AccountKey,
    snapshot,
};
use latchkey_api::{
    desktop::{ListActivity, ListArgs, NoArgs, Phase, SignedOutReason, Snapshot},
    problem::{CloseReason, ErrorCode},
    profile::{ProfileApi, ProfilePatch},
    sessions::SessionsApi,
};
use latchkey_service::Clock;
use latchkey_testkit::{Person, Wiring, World, sign_up};

use crate::{
    desk::{Desk, soon},
    line::ELSEWHERE,
};

/// Every request to the service, the event stream among them.
pub(crate) const EVERYTHING: &str = "/v1";
pub(crate) const FIRST: ListArgs = ListArgs { after: None };
pub(crate) fn ada() -> AccountKey {
    AccountKey { place: ELSEWHERE.into(), username: "ada".into() }
}

/// Somebody has an account at a server, and looked at every page.
pub(crate) async fn looked_around(world: &World) -> Desk {
    let desk = Desk::new(world);
    desk.chooses(ELSEWHERE).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    desk
}

pub(crate) async fn looks_at_everything(desk: &Desk) {
    profile::get_profile(desk, NoArgs {}).await.unwrap();
    password::get_password_status(desk, NoArgs {}).await.unwrap();
    two_factor::get_two_factor(desk, NoArgs {}).await.unwrap();
    api_keys::get_api_key(desk, NoArgs {}).await.unwrap();
    api_keys::list_api_keys(desk, FIRST).await.unwrap();
    sessions::list_sessions(desk, FIRST).await.unwrap();
    ssh_keys::list_ssh_keys(desk, FIRST).await.unwrap();
    integrations::list_integrations(desk, NoArgs {}).await.unwrap();
    registries::list_container_registries(desk, FIRST).await.unwrap();
    activity::list_activity(desk, ListActivity { after: None, category: None }).await.unwrap();
}

/// The app starts while nobody answers.
pub(crate) async fn starts_offline(desk: &Desk) -> Desk {
    desk.line.fail(EVERYTHING, ErrorCode::Offline);
    let again = desk.restart();
    again.first_view().await;
    again
}

pub(crate) fn saved(desk: &Desk) -> Option<Snapshot> {
    match desk.view().phase {
        Phase::SignedIn { saved, .. } => saved.map(|saved| *saved),
        other => panic!("somebody is signed in: {other:?}"),
    }
}

/// The files of snapshots on this computer.
pub(crate) fn files(desk: &Desk) -> usize {
    fs::read_dir(desk.home.path().join("snapshots")).map_or(0, Iterator::count)
}

pub(crate) async fn nothing_is_left(desk: &Desk) {
    // What was on its way does not come back either.
    snapshot::write(desk).await;
    assert_eq!(files(desk), 0);
    assert_eq!(desk.keychain.token(&ada().snapshot_key()).await, None);
}

#[tokio::test]
async fn opened_without_its_server_an_account_shows_what_was_seen_and_when() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    let (seen_at, profile) = (desk.clock.now(), desk.profile());
    desk.clock.advance(TimeDelta::hours(2));
    sessions::list_sessions(&desk, FIRST).await.unwrap();
    snapshot::write(&desk).await;

    let again = starts_offline(&desk).await;
    assert_eq!(again.profile(), profile);
    assert!(again.view().instance.is_some(), "what the server said of itself");
    let saved_before = saved(&again).unwrap();
    let times: [Option<DateTime<Utc>>; 10] = [
        saved_before.profile.map(|kept| kept.at),
        saved_before.instance.map(|kept| kept.at),
        saved_before.password.map(|kept| kept.at),
        saved_before.two_factor.map(|kept| kept.at),
        saved_before.api_key.map(|kept| kept.at),
        saved_before.api_keys.map(|kept| kept.at),
        saved_before.ssh_keys.map(|kept| kept.at),
        saved_before.integrations.map(|kept| kept.at),
        saved_before.registries.map(|kept| kept.at),
        saved_before.activity.map(|kept| kept.at),
    ];
    assert_eq!(times, [Some(seen_at); 10]);
    let listed = saved_before.sessions.unwrap();
    assert_eq!((listed.at, listed.value.items.len()), (seen_at + TimeDelta::hours(2), 1));
    // What is asked of the server is refused, and not kept for later.
    let refused = sessions::close_other_sessions(&again, NoArgs {}).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Offline.into());
}

#[tokio::test]
async fn it_comes_back_by_itself_and_what_it_says_then_counts() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    let elsewhere = Person::signs_in(&*world.api, "ada").await;
    let patch = ProfilePatch { name: Some("From there".into()), ..ProfilePatch::default() };
    let read = world.service.get_profile(&elsewhere.caller).await.unwrap();
    let read = latchkey_api::profile::IfMatch { if_match: read.etag };
    world.service.update_profile(&elsewhere.caller, read, patch).await.unwrap();

    // By the page, which asks again.
    let again = starts_offline(&desk).await;
    profile::get_profile(&again, NoArgs {}).await.unwrap_err();
    assert!(saved(&again).is_some());
    again.line.repair();
    assert_eq!(profile::get_profile(&again, NoArgs {}).await.unwrap().profile.name, "From there");
    assert!(saved(&again).is_none());
    let views = again.heard.views.lock().unwrap().len();
    assert_eq!(views, 1, "the page is told");

    // By the stream, without anybody asking.
    let again = starts_offline(&desk).await;
    let _following = again.follows();
    again.line.repair();
    soon("the account is there", || saved(&again).is_none()).await;
    soon("the page is told", || !again.heard.views.lock().unwrap().is_empty()).await;
    assert_eq!(again.heard.losses.load(Ordering::SeqCst), 0, "that it is offline is known");
}

#[tokio::test]
async fn a_server_that_stops_answering_is_told_once() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    desk.line.fail(EVERYTHING, ErrorCode::Offline);
    let _following = desk.follows();
    let told = || desk.heard.losses.load(Ordering::SeqCst);
    soon("the page is told", || told() == 1).await;
    desk.line.repair();
    let all = || !desk.heard.pushes.lock().unwrap().is_empty();
    soon("the page is asked to read again", all).await;
    assert_eq!(told(), 1);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_ends_here_and_what_was_seen_goes() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    let again = starts_offline(&desk).await;
    assert!(saved(&again).is_some());
    let elsewhere = Person::signs_in(&*world.api, "ada").await;
    world.service.close_other_sessions(&elsewhere.caller).await.unwrap();
    again.line.repair();
    profile::get_profile(&again, NoArgs {}).await.unwrap_err();
    let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
    assert_eq!(again.signed_out(), (Some(reason), Some("ada".into())));
    nothing_is_left(&again).await;
}

#[tokio::test]
async fn what_answers_and_is_not_the_server_is_said_instead() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    for code in [ErrorCode::CertificateInvalid, ErrorCode::NotLatchkey, ErrorCode::Internal] {
        desk.line.fail(EVERYTHING, code);
        let again = desk.restart();
        again.first_view().await;
        assert_eq!(again.unavailable().code, code.into());
    }
    for code in [ErrorCode::TimedOut, ErrorCode::ConnectionLost] {
        desk.line.fail(EVERYTHING, code);
        let again = desk.restart();
        again.first_view().await;
        assert!(saved(&again).is_some());
    }
}

#[tokio::test]
async fn a_server_that_is_slow_to_answer_is_not_waited_for() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    desk.line.hold("/v1/me");
    let again = desk.restart();
    tokio::time::timeout(Duration::from_secs(15), again.first_view()).await.unwrap();
    assert!(saved(&again).is_some());
    desk.line.release();
    profile::get_profile(&again, NoArgs {}).await.unwrap();
    assert!(saved(&again).is_none());
}

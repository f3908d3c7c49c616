//! Accounts at a server that cannot be reached: what was seen of them is shown, and goes where it has to go.

use std::{fs, sync::atomic::Ordering, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use latchkey::{
    commands::{
        account, activity, api_keys, deletion, integrations, password, place, profile, registries, sessions, ssh_keys,
        two_factor,
    },
    places::{AccountKey, LOCAL},
    snapshot,
};
use latchkey_api::{
    api_keys::{CreateApiKey, Scope},
    deletion::DeleteAccount,
    desktop::{AccountArgs, ListActivity, ListArgs, NoArgs, Phase, PlaceArgs, SignedOutReason, Snapshot},
    problem::{CloseReason, ErrorCode},
    profile::{ProfileApi, ProfilePatch},
    sessions::SessionsApi,
    ssh_keys::AddSshKey,
    wire::Secret,
};
use latchkey_service::Clock;
use latchkey_testkit::{PASSWORD, Person, Wiring, World, sign_up};

use crate::{
    desk::{Desk, soon},
    line::ELSEWHERE,
};

/// Every request to the service, the event stream among them.
const EVERYTHING: &str = "/v1";
const FIRST: ListArgs = ListArgs { after: None };
const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti ada@workbench";

fn ada() -> AccountKey {
    AccountKey { place: ELSEWHERE.into(), username: "ada".into() }
}

/// Somebody has an account at a server, and looked at every page.
async fn looked_around(world: &World) -> Desk {
    let desk = Desk::new(world);
    desk.chooses(ELSEWHERE).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    desk
}

async fn looks_at_everything(desk: &Desk) {
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
async fn starts_offline(desk: &Desk) -> Desk {
    desk.line.fail(EVERYTHING, ErrorCode::Offline);
    let again = desk.restart();
    again.first_view().await;
    again
}

fn saved(desk: &Desk) -> Option<Snapshot> {
    match desk.view().phase {
        Phase::SignedIn { saved, .. } => saved.map(|saved| *saved),
        other => panic!("somebody is signed in: {other:?}"),
    }
}

/// The files of snapshots on this computer.
fn files(desk: &Desk) -> usize {
    fs::read_dir(desk.home.path().join("snapshots")).map_or(0, Iterator::count)
}

async fn nothing_is_left(desk: &Desk) {
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
async fn whoever_leaves_takes_what_was_seen_along() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    assert_eq!(files(&desk), 1);
    sessions::list_sessions(&desk, FIRST).await.unwrap();
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    nothing_is_left(&desk).await;

    desk.signs_in("ada").await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 1);
    // Without the server too: nothing of it is kept for later.
    let again = starts_offline(&desk).await;
    account::sign_out(&again, NoArgs {}).await.unwrap();
    again.line.repair();
    nothing_is_left(&again).await;

    again.signs_in("ada").await.unwrap();
    snapshot::write(&again).await;
    assert_eq!(files(&again), 1);
    place::forget_place(&again, PlaceArgs { id: ELSEWHERE.into() }).await.unwrap();
    nothing_is_left(&again).await;

    again.chooses(ELSEWHERE).await.unwrap();
    again.signs_in("ada").await.unwrap();
    snapshot::write(&again).await;
    let leave = DeleteAccount { username: "ada".into(), password: Secret::new(PASSWORD), code: None };
    deletion::delete_account(&again, leave).await.unwrap();
    nothing_is_left(&again).await;
}

#[tokio::test]
async fn no_secret_is_in_what_is_kept() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    api_keys::copy_api_key(&desk, NoArgs {}).await.unwrap();
    let named = CreateApiKey { name: "Nightly".into(), scopes: vec![Scope::Api], expires_at: None };
    let named = api_keys::create_api_key(&desk, named).await.unwrap();
    let key = AddSshKey { name: "Workbench".into(), public_key: PUBLIC_KEY.into() };
    ssh_keys::add_ssh_key(&desk, key).await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;

    let again = starts_offline(&desk).await;
    let text = serde_json::to_string(&saved(&again).unwrap()).unwrap();
    assert!(text.contains("Nightly") && text.contains("Workbench"), "{text}");
    let session = desk.keychain.token(&ada()).await.unwrap();
    let personal = desk.keychain.token(&ada().api_key()).await.unwrap();
    let sealed = desk.keychain.token(&ada().snapshot_key()).await.unwrap();
    for secret in [&session, &personal, &sealed, &named.token, &Secret::new(PASSWORD)] {
        assert!(!text.contains(secret.expose()));
    }
    // Nor is there anything to read in the file.
    for file in fs::read_dir(desk.home.path().join("snapshots")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for word in ["ada", "Nightly", "Workbench", "AAAAC3", "example"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
        }
    }
}

#[tokio::test]
async fn without_a_keychain_nothing_is_kept() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.keychain.take_away(true);
    desk.chooses(ELSEWHERE).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 0);
}

#[tokio::test]
async fn of_accounts_on_this_computer_nothing_is_kept() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 0);
    desk.line.fail(EVERYTHING, ErrorCode::Offline);
    let again = desk.restart();
    again.first_view().await;
    assert_eq!(again.unavailable().code, ErrorCode::Offline.into());
    assert_eq!(again.view().place.unwrap().id, LOCAL);
}

#[tokio::test]
async fn what_was_changed_on_the_disk_is_not_shown_and_goes() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    let folder = desk.home.path().join("snapshots");
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let again = starts_offline(&desk).await;
    assert_eq!(again.unavailable().code, ErrorCode::Offline.into());
    assert_eq!(files(&again), 0);
    again.line.repair();
    place::retry(&again, NoArgs {}).await.unwrap();
    assert!(saved(&again).is_none(), "the session is as good as before");
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

#[tokio::test]
async fn accounts_are_kept_apart_and_those_that_left_are_cleared_away() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 2);
    let again = starts_offline(&desk).await;
    assert_eq!(again.profile().profile.username, "bob");
    let other = AccountArgs { place: ELSEWHERE.into(), username: "ada".into() };
    account::switch_account(&again, other).await.unwrap();
    assert_eq!(again.profile().profile.username, "ada");
    assert!(saved(&again).unwrap().activity.is_some());

    let stray = desk.home.path().join("snapshots/00000000000000000000000000000000.sealed");
    fs::write(&stray, "of nobody").unwrap();
    let app = std::sync::Arc::clone(&again.app);
    let keeping = tokio::spawn(async move { snapshot::follow(&app).await });
    soon("what is of nobody is gone", || !stray.exists()).await;
    assert_eq!(files(&again), 2);
    again.line.repair();
    let before =
        fs::read_dir(desk.home.path().join("snapshots")).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    let before: Vec<_> = before.collect();
    profile::get_profile(&again, NoArgs {}).await.unwrap();
    let changed = || {
        let now = fs::read_dir(again.home.path().join("snapshots")).unwrap();
        now.filter_map(|file| fs::read(file.ok()?.path()).ok()).any(|bytes| !before.contains(&bytes))
    };
    soon("what was read is written by itself", changed).await;
    keeping.abort();
}

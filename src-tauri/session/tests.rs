use chrono::{DateTime, TimeDelta};
use latchkey_api::{
    desktop::Phase,
    problem::CloseReason,
    profile::{AvatarLink, Profile},
    wire::ETag,
};
use tower::{service_fn, util::BoxCloneSyncService};

use super::*;
use crate::{
    places::{LOCAL, this_computer},
    scene::Account,
};

fn nobody_answers() -> Client {
    Client::in_process(BoxCloneSyncService::new(service_fn(|_| async { Err("nobody answers".into()) })))
}

fn profile(name: &str, minute: i64) -> ProfileView {
    let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
    let profile = Profile {
        id: uuid::Uuid::nil(),
        username: "ada".into(),
        name: name.into(),
        email: "ada@example.org".into(),
        pending_email: None,
        location: None,
        bio: None,
        avatar: AvatarLink { url: "/v1/users/ada/avatar".into(), custom: false },
        two_factor_enabled: false,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: at,
    };
    ProfileView { profile, etag: ETag(format!("\"{minute}\"")) }
}

fn signed_in(username: &str) -> Scene {
    let key = AccountKey { place: LOCAL.into(), username: username.into() };
    let account = Account { key, token: Secret::new("lks_1"), profile: profile("Ada", 1), saved: None };
    Scene {
        place: Some(this_computer()),
        client: Some(nobody_answers()),
        instance: None,
        state: State::SignedIn(Box::new(account)),
    }
}

#[test]
fn the_last_wish_wins_whichever_is_ready_first() {
    let session = Session::default();
    let (first, second) = (session.attempt(), session.attempt());
    assert!(session.land(second, signed_in("second")));
    assert!(!session.land(first, signed_in("first")));
    assert_eq!(session.ticket().unwrap().key.username, "second");
}

#[test]
fn an_answer_for_another_account_changes_nothing() {
    let session = Session::default();
    session.land(session.attempt(), signed_in("ada"));
    let old = session.ticket().unwrap();
    session.land(session.attempt(), signed_in("bob"));
    assert!(!session.holds(&old));
    assert!(!session.take_profile(&old, &profile("Late", 9)));
    assert!(!session.end(&old, SignedOutReason::Expired));
    let account = session.ticket().unwrap();
    assert_eq!((account.key.username.as_str(), account.profile.profile.name.as_str()), ("bob", "Ada"));
}

#[test]
fn a_slow_read_does_not_undo_a_newer_change() {
    let session = Session::default();
    session.land(session.attempt(), signed_in("ada"));
    let ticket = session.ticket().unwrap();
    assert!(session.take_profile(&ticket, &profile("New", 3)));
    assert!(session.take_profile(&ticket, &profile("Old", 2)));
    assert_eq!(session.ticket().unwrap().profile, profile("New", 3));
}

#[test]
fn a_session_ends_once_with_its_reason_and_name() {
    let session = Session::default();
    session.land(session.attempt(), signed_in("ada"));
    let ticket = session.ticket().unwrap();
    let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
    assert!(session.end(&ticket, reason));
    assert!(!session.end(&ticket, SignedOutReason::Expired));
    assert!(session.ticket().is_none());
    let Phase::SignedOut { reason: said, login } = session.scene().phase() else { panic!("signed out") };
    assert_eq!((said, login.as_deref()), (Some(reason), Some("ada")));
}

#[test]
fn a_session_that_ends_does_not_stop_a_transition_on_its_way() {
    let session = Session::default();
    session.land(session.attempt(), signed_in("ada"));
    let ticket = session.ticket().unwrap();
    let attempt = session.attempt();
    session.end(&ticket, SignedOutReason::Expired);
    assert!(session.land(attempt, signed_in("bob")));
    assert_eq!(session.ticket().unwrap().key.username, "bob");
}

#[test]
fn the_one_who_is_signed_in_is_followed_unless_the_person_is_ending_that_session_here() {
    let session = Session::default();
    let followed = session.followed();
    assert_eq!(*followed.borrow(), None);
    session.land(session.attempt(), signed_in("ada"));
    let ada = *followed.borrow();
    assert!(ada.is_some());
    {
        let _quiet = session.quiet();
        assert_eq!(*followed.borrow(), None);
    }
    assert_eq!(*followed.borrow(), ada);
    let quiet = session.quiet();
    session.end(&session.ticket().unwrap(), SignedOutReason::Deleted);
    drop(quiet);
    assert_eq!(*followed.borrow(), None);
    session.land(session.attempt(), signed_in("bob"));
    assert!(*followed.borrow() > ada);
}

#[test]
fn what_a_place_says_of_itself_stays_with_it() {
    let session = Session::default();
    session.land(session.attempt(), signed_in("ada"));
    let instance = serde_json::json!({
        "name": "X", "version": "1", "sign_up": "open", "two_factor": "optional",
        "password": {"min_length": 12, "min_score": 3}, "registry": null, "integrations": [], "mail": false
    });
    let instance: Instance = serde_json::from_value(instance).unwrap();
    session.take_instance("https://elsewhere.example.org", instance.clone());
    assert_eq!(session.scene().instance, None);
    session.take_instance(LOCAL, instance.clone());
    assert_eq!(session.scene().instance, Some(instance));
}

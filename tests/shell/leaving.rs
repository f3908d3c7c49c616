//! The password, the activity, a copy of everything, and leaving for good.

use std::fs;

use latchkey::{
    commands::{account, activity, deletion, email, password, profile},
    dialogs::SaveFile,
};
use latchkey_api::{
    common::Caller,
    deletion::DeleteAccount,
    desktop::{ConfirmEmailArgs, ListActivity, NativeWords, NoArgs, SignInArgs, SignedOutReason, UpdateProfile},
    password::{ChangePassword, PasswordReset, PasswordResetRequest},
    problem::{ErrorCode, FieldCode},
    profile::{ProfileApi, ProfilePatch},
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, sign_up};
use serde_json::Value;

use crate::desk::{Desk, here};

const NEW: &str = "eight tall herons listen";

fn leave(username: &str, password: &str) -> DeleteAccount {
    DeleteAccount { username: username.into(), password: Secret::new(password), code: None }
}

fn reset(login: &str, code: &str) -> PasswordReset {
    PasswordReset {
        login: login.into(),
        code: Secret::new(code),
        new_password: Secret::new(NEW),
        second_factor_code: None,
        backup_code: None,
    }
}

#[tokio::test]
async fn a_password_is_changed_and_this_session_stays() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let change = |current: &str| ChangePassword {
        current_password: Secret::new(current),
        new_password: Secret::new(NEW),
        close_other_sessions: true,
    };
    let wrong = password::change_password(&desk, change("not the password")).await.unwrap_err();
    assert_eq!((wrong.errors[0].pointer.as_str(), wrong.errors[0].code), ("/current_password", FieldCode::Incorrect));
    let before = password::get_password_status(&desk, NoArgs {}).await.unwrap();
    world.clock.advance(chrono::TimeDelta::seconds(1));
    password::change_password(&desk, change(PASSWORD)).await.unwrap();
    assert!(password::get_password_status(&desk, NoArgs {}).await.unwrap().changed_at > before.changed_at);
    assert_eq!(world.service.get_profile(&phone.caller).await.unwrap_err().code(), ErrorCode::SessionClosed);
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap_err();
    account::sign_in(&desk, SignInArgs { login: "ada".into(), password: Secret::new(NEW) }).await.unwrap();
}

#[tokio::test]
async fn without_mail_a_forgotten_password_and_a_new_address_have_no_code() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let no_code = email::confirm_email(&desk, ConfirmEmailArgs { code: Secret::new("abcd") }).await.unwrap_err();
    assert_eq!(no_code.code, ErrorCode::Conflict.into());
    assert_eq!(email::cancel_email_change(&desk, NoArgs {}).await.unwrap(), desk.profile());
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    let request = PasswordResetRequest { login: "ada".into() };
    let refused = password::request_password_reset(&desk, request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound.into());
    assert_eq!(
        password::reset_password(&desk, reset("ada", "abcd")).await.unwrap_err().code,
        ErrorCode::NotFound.into()
    );
    assert_eq!(desk.signed_out(), (None, Some("ada".into())), "the window stays where it is");
}

#[tokio::test]
async fn a_new_address_waits_for_its_code() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let desk = Desk::of(&world, "ada").await;
    let patch = || ProfilePatch { email: Some("ada@new.example".into()), ..ProfilePatch::default() };
    let change = || UpdateProfile { etag: desk.profile().etag, patch: patch() };
    let waiting = profile::update_profile(&desk, change()).await.unwrap();
    assert_eq!(waiting.profile.pending_email.as_deref(), Some("ada@new.example"));
    assert_eq!(email::cancel_email_change(&desk, NoArgs {}).await.unwrap().profile.pending_email, None);
    world.post().code("ada@new.example", "Confirm").await;

    profile::update_profile(&desk, change()).await.unwrap();
    let code = Secret::new(world.post().code("ada@new.example", "Confirm").await);
    let wrong = email::confirm_email(&desk, ConfirmEmailArgs { code: Secret::new("wrong") }).await.unwrap_err();
    assert_eq!((wrong.errors[0].pointer.as_str(), wrong.errors[0].code), ("/code", FieldCode::Incorrect));
    let changed = email::confirm_email(&desk, ConfirmEmailArgs { code }).await.unwrap();
    assert_eq!((changed.profile.email.as_str(), &changed.profile.pending_email), ("ada@new.example", &None));
    assert_eq!(desk.profile(), changed);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_a_mailed_code() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let desk = Desk::of(&world, "ada").await;
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    password::request_password_reset(&desk, PasswordResetRequest { login: "ada".into() }).await.unwrap();
    let code = world.post().code("ada@example.com", "password").await;
    let wrong = password::reset_password(&desk, reset("ada", "wrong")).await.unwrap_err();
    assert_eq!(wrong.errors[0].pointer, "/code");
    password::reset_password(&desk, reset("ada@example.com", &code)).await.unwrap();
    assert_eq!(desk.signed_out(), (None, Some("ada@example.com".into())));
    account::sign_in(&desk, SignInArgs { login: "ada".into(), password: Secret::new(NEW) }).await.unwrap();
}

#[tokio::test]
async fn the_whole_activity_becomes_a_file() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    // More than two pages.
    for _ in 0..210 {
        Person::signs_in(&*world.api, "ada").await;
    }
    let page = activity::list_activity(&desk, ListActivity { after: None, category: None }).await.unwrap();
    assert!(page.next.is_some());
    let path = desk.home.path().join("activity.json");
    desk.dialogs.answer(Some(path.clone()));
    let saved = activity::save_activity(&desk, NoArgs {}).await.unwrap().unwrap();
    assert_eq!(saved.name, "activity.json");
    let name = "latchkey-activity-this-computer-ada.json".to_owned();
    assert_eq!(desk.dialogs.asked(), [SaveFile::json(&NativeWords::default().dialogs, "Save activity", name)]);
    let document: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!((&document["account"], &document["server"]), (&"ada".into(), &"This computer".into()));
    assert!(document["saved_at"].as_str().unwrap().starts_with("2026-01-12T12:00:00"));
    let events = document["events"].as_array().unwrap();
    assert!(events.len() > 210, "{}", events.len());
    let first = serde_json::to_value(&page.items[0]).unwrap();
    assert_eq!(events[0], first);
}

#[tokio::test]
async fn everything_the_service_holds_becomes_a_file_after_a_fresh_proof() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let path = desk.home.path().join("data.json");
    world.clock.advance(chrono::TimeDelta::minutes(20));
    let stale = deletion::save_export(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(stale.code, ErrorCode::InsufficientUserAuthentication.into());
    assert!(desk.dialogs.asked().is_empty(), "no dialog opens for what is refused");
    password::reauthenticate(&desk, latchkey_testkit::proof(None)).await.unwrap();
    desk.dialogs.answer(Some(path.clone()));
    deletion::save_export(&desk, NoArgs {}).await.unwrap().unwrap();
    assert_eq!(desk.dialogs.asked()[0].title, "Save your data");
    let document: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(document["profile"]["username"], "ada");
    desk.dialogs.answer(None);
    assert_eq!(deletion::save_export(&desk, NoArgs {}).await.unwrap(), None);
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_on_this_computer() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "bob").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    let _following = desk.follows();
    let token = desk.keychain.token(&here("ada")).await.unwrap();
    assert_eq!(deletion::get_deletion(&desk, NoArgs {}).await.unwrap().username, "ada");
    let wrong = deletion::delete_account(&desk, leave("ada", "not the password")).await.unwrap_err();
    assert_eq!((wrong.errors[0].pointer.as_str(), wrong.errors[0].code), ("/password", FieldCode::Incorrect));
    assert_eq!(desk.profile().profile.username, "ada");

    let view = deletion::delete_account(&desk, leave("ada", PASSWORD)).await.unwrap();
    assert_eq!(desk.signed_out(), (Some(SignedOutReason::Deleted), None));
    assert!(view.instance.is_some());
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
    let left: Vec<_> = view.accounts.into_iter().map(|account| account.username).collect();
    assert_eq!(left, ["bob"]);
    assert!(world.service.get_profile(&Caller::with_token(token.expose())).await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(desk.heard.views.lock().unwrap().is_empty(), "the stream does not tell what was done here");
    let places = fs::read_to_string(desk.home.path().join("places.json")).unwrap();
    assert!(!places.contains("ada"), "{places}");
    let again = desk.restart();
    again.first_view().await;
    assert_eq!(again.profile().profile.username, "bob");
}

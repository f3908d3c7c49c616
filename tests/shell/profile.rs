//! Reading and changing the profile, and what two who do so at once see.

use latchkey::commands::{outside, profile, sessions};
use latchkey_api::{
    desktop::{CopyText, ListArgs, NoArgs, SessionArgs, UpdateProfile},
    problem::ErrorCode,
    profile::{IfMatch, ProfileApi, ProfilePatch},
};
use latchkey_testkit::{Person, Wiring, World};

use crate::desk::Desk;

fn named(name: &str) -> ProfilePatch {
    ProfilePatch { name: Some(name.into()), ..ProfilePatch::default() }
}

#[tokio::test]
async fn a_change_shows_at_once_everywhere_in_the_window() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let etag = desk.profile().etag;
    let patch = ProfilePatch { bio: Some(Some("First programmer".into())), ..named("Ada Lovelace") };
    let changed = profile::update_profile(&desk, UpdateProfile { etag, patch }).await.unwrap();
    assert_eq!(changed.profile.bio.as_deref(), Some("First programmer"));
    assert_eq!(desk.profile(), changed);
    assert_eq!(desk.view().accounts[0].name, "Ada Lovelace");
    assert_eq!(desk.restart().first_view().await.accounts[0].name, "Ada Lovelace");
}

#[tokio::test]
async fn the_second_of_two_changes_is_told_and_can_be_repeated_on_the_new_version() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let shown = desk.profile();
    let elsewhere = Person::signs_in(&*world.api, "ada").await;
    let elsewhere_read = world.service.get_profile(&elsewhere.caller).await.unwrap();
    let if_match = IfMatch { if_match: elsewhere_read.etag };
    world.service.update_profile(&elsewhere.caller, if_match, named("From there")).await.unwrap();

    let update = |etag| UpdateProfile { etag, patch: named("From here") };
    let refused = profile::update_profile(&desk, update(shown.etag.clone())).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Stale.into());
    assert_eq!(desk.profile(), shown, "the window still shows what was read");

    let fresh = profile::get_profile(&desk, NoArgs {}).await.unwrap();
    assert_eq!(fresh.profile.name, "From there");
    profile::update_profile(&desk, update(fresh.etag)).await.unwrap();
    assert_eq!(desk.profile().profile.name, "From here");
}

#[tokio::test]
async fn bad_fields_come_back_by_name() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let update = UpdateProfile { etag: desk.profile().etag, patch: named("  ") };
    let refused = profile::update_profile(&desk, update).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidField.into());
    assert_eq!(refused.errors[0].pointer, "/name");
    assert!(refused.request_id.is_some());
}

#[tokio::test]
async fn other_devices_are_listed_and_signed_out() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    Person::signs_in(&*world.api, "ada").await;
    let page = sessions::list_sessions(&desk, ListArgs { after: None }).await.unwrap();
    assert_eq!(page.items.len(), 3);
    assert_eq!(page.items.iter().filter(|session| session.current).count(), 1);

    sessions::close_session(&desk, SessionArgs { id: phone.session.id.to_string() }).await.unwrap();
    assert_eq!(world.service.get_profile(&phone.caller).await.unwrap_err().code(), ErrorCode::SessionClosed);
    let gone = SessionArgs { id: phone.session.id.to_string() };
    assert_eq!(sessions::close_session(&desk, gone).await.unwrap_err().code, ErrorCode::NotFound.into());
    assert_eq!(sessions::close_other_sessions(&desk, NoArgs {}).await.unwrap().closed, 1);
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn text_goes_to_the_clipboard_and_the_app_itself_has_no_page_for_a_browser() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    outside::copy_text(&desk, CopyText { text: "192.0.2.1".into() }).await.unwrap();
    assert_eq!(desk.clipboard.text.lock().unwrap().as_deref(), Some("192.0.2.1"));
    let refused = outside::open_api_documentation(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound.into());
    assert!(desk.browser.opened.lock().unwrap().is_empty());
}

//! The profile and the sessions.

use latchkey_api::{common::PageQuery, profile::ProfileApi, sessions::SessionsApi};
use latchkey_testkit::Person;

use crate::machine::{Machine, world};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_sees_and_changes_their_profile() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let who = machine.latchkey(&["whoami"]).done();
    let host = world.origin.as_ref().unwrap().strip_prefix("http://").unwrap();
    assert_eq!(who, format!("User name  ada\nName       ada Example\nAccount    Latchkey ({host})\n"));
    let document = machine.latchkey(&["whoami", "--json"]).json();
    let profile = world.service.get_profile(&ada.caller).await.unwrap().value;
    assert_eq!(document, serde_json::to_value(&profile).unwrap(), "the JSON is that of the REST API");

    let shown = machine.latchkey(&["profile", "set", "--name", "Ada L.", "--bio", "One\nTwo"]).done();
    assert!(shown.contains("\nName        Ada L.\n") && shown.contains("\nBio         One Two\n"), "{shown}");
    let profile = world.service.get_profile(&ada.caller).await.unwrap().value;
    assert_eq!((profile.name.as_str(), profile.bio.as_deref(), profile.location), ("Ada L.", Some("One\nTwo"), None));
    assert_eq!(machine.latchkey(&["profile"]).done(), machine.latchkey(&["profile", "show"]).done());
    machine.latchkey(&["profile", "set", "--bio", ""]).done();
    assert_eq!(world.service.get_profile(&ada.caller).await.unwrap().value.bio, None);
    let refused = machine.latchkey(&["profile", "set", "--name", " "]).ended(1);
    assert!(refused.starts_with("latchkey: ") && !refused.contains('{'), "{refused}");
    assert!(!shown.contains('\u{1b}'), "no colours where nobody looks");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_their_other_devices_out() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let tablet = Person::signs_in(&*world.api, "ada").await;
    let list = machine.latchkey(&["sessions"]).done();
    assert_eq!(list.lines().count(), 4, "{list}");
    assert_eq!(list.lines().filter(|line| line.starts_with('*')).count(), 1, "{list}");
    let document = machine.latchkey(&["sessions", "list", "--json"]).json();
    assert_eq!(document["items"].as_array().unwrap().len(), 3);
    assert_eq!(document["next"], serde_json::Value::Null);

    assert_eq!(machine.latchkey(&["sessions", "close", &phone.session.id.to_string(), "--json"]).done(), "{}\n");
    world.service.get_profile(&phone.caller).await.unwrap_err();
    assert_eq!(machine.latchkey(&["sessions", "close-others"]).done(), "Signed out: 1\n");
    world.service.get_profile(&tablet.caller).await.unwrap_err();
    world.service.list_sessions(&ada.caller, PageQuery::default()).await.unwrap();
    let gone = machine.latchkey(&["sessions", "close", &phone.session.id.to_string()]).ended(1);
    assert!(gone.starts_with("latchkey: "), "{gone}");
}

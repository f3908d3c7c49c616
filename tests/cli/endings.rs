//! How the program ends when it cannot do what it was asked for.

use std::{fs, io::pipe, process::Stdio};

use latchkey_api::sessions::{SessionPath, SessionsApi};
use latchkey_testkit::Person;
use serde_json::json;

use crate::machine::{Machine, world};

#[test]
fn wrong_arguments_and_nobody_who_is_signed_in() {
    let machine = Machine::new();
    for wrong in [&["nonsense"][..], &["profile", "set"], &["api-keys", "create", "x"], &["--account"]] {
        let said = machine.latchkey(wrong).ended(2);
        assert!(said.contains("--help"), "{said}");
    }
    // No launcher hands these on: the desktop entry takes one link to a section, and nothing else.
    let two = ["latchkey://sessions", "--json"];
    for wrong in [&two[..], &["--no-sandbox"], &["--display=:0"], &["file.txt"], &["https://example.org"]] {
        let said = machine.latchkey(wrong).ended(2);
        assert!(said.contains("Usage: latchkey"), "{said}");
    }
    let entry = include_str!("../../packaging/app/latchkey.desktop");
    assert!(entry.lines().any(|line| line == "Exec=latchkey %u"), "{entry}");
    let help = machine.latchkey(&["--help"]).done();
    assert!(help.contains("5  a fresh proof") && help.contains("ssh-keys") && !help.contains("  man "), "{help}");
    for command in [&["whoami"][..], &["profile"], &["export"], &["whoami", "--account", "ada"]] {
        let said = machine.latchkey(command).ended(3);
        assert!(said.contains("signed in"), "{said}");
    }
    assert!(!machine.data().exists(), "asking leaves nothing behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_leaves_the_keychain() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let entry = format!("ada@{}", world.origin.as_ref().unwrap());
    assert!(machine.kept(&entry).is_some());
    world.service.close_other_sessions(&phone.caller).await.unwrap();
    machine.latchkey(&["whoami"]).ended(3);
    assert_eq!(machine.kept(&entry), None);
    let places = fs::read_to_string(machine.data().join("places.json")).unwrap();
    assert!(places.contains("\"accounts\": []"), "{places}");
    // And a second one, of another account, is not the one that is used.
    world.service.close_session(&phone.caller, SessionPath { id: "current".into() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_picked_by_its_name_and_place() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let host = world.origin.as_ref().unwrap().strip_prefix("http://").unwrap();
    for known in ["ada", "ADA", &format!("ada@{host}"), "ada@latchkey"] {
        assert!(machine.latchkey(&["--account", known, "whoami"]).done().contains("ada"));
    }
    for unknown in ["bob", "ada@elsewhere.example"] {
        let said = machine.latchkey(&["whoami", "--account", unknown]).ended(3);
        assert_eq!(said, format!("latchkey: {unknown} is not signed in on this computer.\n"));
    }
}

#[test]
fn a_server_that_cannot_be_reached() {
    let machine = Machine::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let origin = format!("http://127.0.0.1:{port}");
    machine.knows(json!({"id": origin, "name": "Gone", "host": origin, "transport": "loopback"}), "ada");
    machine.keeps(&origin, "ada", &latchkey_api::common::Caller::with_token("lks_anything"));
    machine.latchkey(&["whoami"]).ended(4);
    assert!(machine.kept(&format!("ada@{origin}")).is_some(), "the session may still hold");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_left_is_no_failure() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let ran = machine.program(&["profile"]).stdout(Stdio::from(writer)).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(0), &[][..]));
}

#[test]
fn a_damaged_list_of_places_is_said() {
    let machine = Machine::new();
    fs::create_dir_all(machine.data()).unwrap();
    fs::write(machine.data().join("places.json"), "{").unwrap();
    assert!(machine.latchkey(&["whoami"]).ended(1).contains("is damaged"));
}

//! What asks for a fresh proof: at a terminal it is asked for, without one the program says so.

use std::{fs, os::unix::fs::PermissionsExt};

use chrono::TimeDelta;
use latchkey_testkit::PASSWORD;
use serde_json::Value;

use crate::machine::{Machine, world};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_the_export_says_what_is_missing() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let document = machine.latchkey(&["export"]).json();
    assert_eq!(document["profile"]["username"], "ada", "just signed in");
    world.clock.advance(TimeDelta::minutes(20));
    let said = machine.latchkey_fed(&["export"], PASSWORD).ended(5);
    assert!(said.contains("password") && said.contains("terminal"), "{said}");
    assert!(!machine.home().join("data.json").exists());
    machine.latchkey(&["export", "data.json"]).ended(5);
    assert!(!machine.home().join("data.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_terminal_the_password_is_asked_for_and_not_shown() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    world.clock.advance(TimeDelta::minutes(20));
    let (status, shown) = machine.at_a_terminal(&["export", "data.json"], &["wrong otters dance", PASSWORD]);
    assert_eq!(status, 0, "{shown}");
    assert_eq!(shown.matches("Password: ").count(), 2, "{shown}");
    assert!(shown.contains("latchkey: The password is not correct.\r\n"), "{shown}");
    assert!(!shown.contains("otters"), "{shown}");
    let file = machine.home().join("data.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let document: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert_eq!(document["profile"]["username"], "ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_the_authenticator_app_is_asked_for_too() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let (app, _) = ada.sets_two_factor_up(&world).await;
    world.clock.advance(TimeDelta::minutes(20));
    let code = app.next_code(&world.clock);
    let (status, shown) = machine.at_a_terminal(&["export", "data.json"], &[PASSWORD, code.expose()]);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("authenticator app"), "{shown}");
    assert!(machine.home().join("data.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_code_does_as_well() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    world.clock.advance(TimeDelta::minutes(20));
    let (status, shown) = machine.at_a_terminal(&["export", "data.json"], &[PASSWORD, codes[0].expose()]);
    assert!(status == 0 && shown.contains("backup code") && !shown.contains(codes[0].expose()), "{shown}");
}

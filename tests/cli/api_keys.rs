//! Named API keys.

use chrono::TimeDelta;
use latchkey_api::{common::Caller, problem::ErrorCode, profile::ProfileApi};
use latchkey_testkit::PASSWORD;

use crate::machine::{Machine, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_printed_once_and_alone_and_ends_with_its_key() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    assert_eq!(machine.latchkey(&["api-keys"]).done(), "There are no named API keys.\n");
    let ran = machine.latchkey(&["api-keys", "create", "backup", "--scope", "api", "--expires", "never"]);
    let (token, said) = (ran.out.trim_end().to_owned(), ran.said.clone());
    assert_eq!(ran.done(), format!("{token}\n"));
    assert!(token.starts_with("lkt_") && said.contains("somewhere safe") && said.contains("ada"), "{said}");
    assert!(!said.contains(&token));
    world.service.get_profile(&Caller::with_token(&token)).await.unwrap();

    world.service.upkeep(false).await;
    let listed = machine.latchkey(&["api-keys", "list"]).done();
    assert!(listed.contains("backup") && !listed.contains(&token), "{listed}");
    let document = machine.latchkey(&["api-keys", "--json"]).json();
    let key = &document["items"][0];
    assert_eq!((&key["scopes"][0], key["expires_at"].is_null()), (&"api".into(), true));
    let lines: Vec<_> = listed.lines().collect();
    assert!(lines[0].ends_with("LAST USED             FROM") && lines[1].ends_with("UTC  this computer"), "{listed}");
    assert_eq!(machine.latchkey(&["api-keys", "delete", key["id"].as_str().unwrap(), "--json"]).done(), "{}\n");
    let gone = world.service.get_profile(&Caller::with_token(&token)).await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::Unauthenticated);

    let both =
        ["api-keys", "create", "ci", "--scope", "registry", "--scope", "api", "--expires", "2030-01-31", "--json"];
    let made = machine.latchkey(&both).json();
    assert_eq!((&made["username"], &made["expires_at"]), (&"ada".into(), &"2030-01-31T23:59:59Z".into()));
    assert_eq!(made["scopes"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_one_asks_for_a_fresh_proof() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    world.clock.advance(TimeDelta::minutes(10));
    let create = ["api-keys", "create", "backup", "--scope", "registry"];
    machine.latchkey(&create).ended(5);
    let (status, shown) = machine.at_a_terminal(&create, &[PASSWORD]);
    assert!(status == 0 && shown.contains("lkt_"), "{shown}");
    let listed = machine.latchkey(&["api-keys"]).done();
    assert_eq!(listed.lines().count(), 2, "{listed}");
}

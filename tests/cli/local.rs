//! The account service on this computer, while the app has it open too.

use std::{os::unix::fs::DirBuilderExt, sync::Arc};

use latchkey_api::{AccountApi, profile::ProfileApi};
use latchkey_service::{Environment, FixedKey, HashCost, Service, Settings};
use latchkey_testkit::Person;
use serde_json::json;

use crate::machine::Machine;

#[tokio::test(flavor = "multi_thread")]
async fn the_service_on_this_computer_is_used_beside_the_app() {
    let machine = Machine::new();
    let folder = machine.data().join("service");
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).unwrap();
    let hash_cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    let settings = Settings { hash_cost, ..Settings::default() };
    let environment = Environment { keys: Arc::new(FixedKey([7; 32])), ..Environment::system() };
    let app = Service::open(&folder.join("latchkey.sqlite"), settings, environment).await.unwrap();
    let api: Arc<dyn AccountApi> = Arc::new(app.clone());
    let ada = Person::joins(&*api, "ada").await;
    machine.knows(json!({"id": "local", "name": "This computer", "host": null, "transport": "local"}), "ada");
    machine.keeps("local", "ada", &ada.caller);

    assert!(machine.latchkey(&["whoami"]).done().ends_with("Account    This computer\n"));
    machine.latchkey(&["profile", "set", "--location", "London", "--account", "ada@local"]).done();
    let read = app.get_profile(&ada.caller).await.unwrap().value;
    assert_eq!(read.location.as_deref(), Some("London"), "the app sees it");
    app.close().await;
    assert!(machine.latchkey(&["profile"]).done().contains("London"));
}

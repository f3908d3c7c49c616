//! API keys, from the window to the program that uses them: curl.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::output_of;
use serde_json::{Value, json};

use crate::{
    app::App, clipboard, curl::Curl, gallery::Gallery, keychain, person::ADA, screen::Screen, secrets, server::Server,
    stage::Stage,
};

/// Word for word from the requirements, but for what stands behind "Please note".
const WARNING: &str = "Please note: Generating a new API key will replace the existing API key. If a new API key is \
                       generated, then API calls made with the old API key will fail. Are you sure that you wish to \
                       proceed?";

#[tokio::test]
async fn the_personal_key_is_copied_used_and_replaced() {
    let stage = Stage::set("api_keys_personal");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;

    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.sees("Personal API key generated").await;
    screen.sees("never used").await;
    screen.press("button", "Copy personal API key").await;
    let key = copied(&stage, "lk_", "").await;
    // Clipboard managers that keep a history are asked to leave it out.
    clipboard::becomes(&stage, "TARGETS", |offers| offers.contains("x-kde-passwordManagerHint")).await;
    assert!(!page(screen).await.contains(&key), "the page has the key");

    let curl = Curl::new(&stage, &server.origin(), &key);
    let me = curl.me();
    assert_eq!((me.status, &me.json()["username"]), (200, &json!(ADA.username)));
    let edited = curl.edits_profile(&json!({ "bio": "Written by a script." }));
    assert_eq!((edited.status, &edited.json()["bio"]), (200, &json!("Written by a script.")));
    // Uses are written down in batches.
    let deadline = Instant::now() + Duration::from_mins(1);
    while !screen.text().await.contains("last used") {
        assert!(Instant::now() < deadline, "the use is not shown: {}", screen.text().await);
        screen.key("Control+r").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    screen.press("button", "Generate new API Key").await;
    screen.arrives_at("Generate new API Key").await;
    screen.sees(WARNING).await;
    gallery.hang(screen, "api-keys-regenerate").await;
    screen.press("button", "Cancel").await;
    screen.gone("heading", "Generate new API Key").await;
    assert_eq!(curl.me().status, 200, "nothing has happened yet");
    screen.press("button", "Generate new API Key").await;
    screen.arrives_at("Generate new API Key").await;
    screen.press("button", "Generate new API Key").await;
    screen.sees("New API key generated. The old one no longer works.").await;
    let old = curl.me();
    assert_eq!((old.status, &old.json()["code"]), (401, &json!("unauthenticated")));
    screen.press("button", "Copy personal API key").await;
    let fresh = copied(&stage, "lk_", &key).await;
    assert_eq!(Curl::new(&stage, &server.origin(), &fresh).me().status, 200);

    let entries = keychain::search_all(&stage, "service", "latchkey");
    assert!(entries.contains(&format!("secret = {fresh}")), "the keychain has the key");
    assert!(!entries.contains(&key), "and the old one no longer");
    app.close().await;
    secrets::no_file_holds(&stage, &[&key, &fresh]);
    gallery.publish(&["api-keys-regenerate"]);
}

#[tokio::test]
async fn a_named_key_is_created_used_and_deleted() {
    let stage = Stage::set("api_keys_named");
    let gallery = Gallery::new(&stage);
    let server = server_with_a_past(&stage);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.sees("Personal API key generated").await;
    screen.press("button", "Dismiss").await;
    // The one that is over can be had again.
    screen.press("button", "Create Old laptop again").await;
    screen.arrives_at("Create API Key").await;
    assert_eq!(screen.value("Name").await, "Old laptop");
    screen.press("button", "Cancel").await;

    let token = creates_key(&stage, screen, &gallery).await;
    let curl = Curl::new(&stage, &server.origin(), &token);
    assert_eq!(curl.me().json()["username"], ADA.username);
    let row = row(screen, "Nightly backups").await;
    for shown in ["API", "Registry", &date(90, "+%-d %b %Y")] {
        assert!(row.contains(shown), "{shown} in {row}");
    }
    screen.is_rid_of_toast().await;
    gallery.hang(screen, "api-keys").await;

    screen.press("button", "Delete Nightly backups").await;
    screen.sees("Nightly backups deleted").await;
    assert!(!screen.has("button", "Delete Nightly backups").await, "the row is gone at once");
    screen.press("button", "Undo").await;
    screen.get("button", "Delete Nightly backups").await;
    assert_eq!(curl.me().status, 200, "it still works");
    screen.press("button", "Delete Nightly backups").await;
    screen.press("button", "Dismiss").await;
    curl.until(401).await;
    ADA.opens(screen, "Activity").await;
    ADA.opens(screen, "API keys").await;
    screen.get("button", "Delete Old laptop").await;
    assert!(!screen.has("button", "Delete Nightly backups").await, "it does not come back");

    // What waits for its undo is sent before the window is gone.
    screen.press("button", "Delete Inventory spreadsheet").await;
    screen.sees("Inventory spreadsheet deleted").await;
    app.close().await;
    let left = server.script().signed_in(ADA.username, ADA.password).get("/v1/me/api-keys");
    assert!(left.to_string().contains("Old laptop") && !left.to_string().contains("Inventory"), "{left}");
    secrets::no_file_holds(&stage, &[&token]);
    gallery.publish(&["api-keys", "api-keys-dark", "api-keys-create", "api-keys-token"]);
}

#[tokio::test]
async fn without_the_key_in_the_keychain_copying_takes_a_fresh_proof() {
    let stage = Stage::set("api_keys_proof");
    let clock = stage.disk().join("clock");
    std::fs::write(&clock, "+0s\n").unwrap();
    let server = Server::start_with_clock(&stage, &clock);
    ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.sees("Personal API key generated").await;

    // An hour later the keychain still has it.
    std::fs::write(&clock, "+1h\n").unwrap();
    screen.press("button", "Copy personal API key").await;
    let key = copied(&stage, "lk_", "").await;
    assert!(!screen.has("heading", "Confirm it is you").await);
    screen.press("button", "Dismiss").await;
    screen.gone("button", "Dismiss").await;

    // As on another computer: the service shows it, to the owner alone.
    let user = format!("API key of {}@{}", ADA.username, server.origin());
    output_of(stage.command("secret-tool").args(["clear", "service", "latchkey", "username", &user]));
    assert!(!keychain::search_all(&stage, "service", "latchkey").contains("lk_"), "the keychain has it no longer");
    screen.press("button", "Copy personal API key").await;
    screen.arrives_at("Confirm it is you").await;
    screen.press("button", "Cancel").await;
    screen.gone("heading", "Confirm it is you").await;
    assert!(!screen.text().await.contains("Personal API key copied"), "nothing was copied");
    screen.press("button", "Copy personal API key").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Confirm").await;
    screen.sees("Personal API key copied").await;
    assert_eq!(copied(&stage, "lk_", "").await, key);
    let entries = keychain::search_all(&stage, "service", "latchkey");
    assert!(entries.contains(&key), "the keychain has it from now on");
    app.close().await;
}

/// Goes through the dialog *Create API Key*; answers the token.
async fn creates_key(stage: &Stage, screen: &Screen, gallery: &Gallery) -> String {
    screen.press("button", "Create API Key").await;
    screen.arrives_at("Create API Key").await;
    let life = screen.get("combobox", "Expires").await.value().await.unwrap();
    assert_eq!(life.as_deref(), Some("90"), "days, unless another life is chosen");
    screen.press("checkbox", "API").await;
    screen.press("button", "Create").await;
    assert!(screen.complaint_of("textbox", "Name").await.contains("Enter a name."));
    screen.sees("Choose what the key may be used for.").await;
    screen.fill("Name", "Nightly backups").await;
    screen.press("checkbox", "API").await;
    screen.press("checkbox", "Registry").await;
    gallery.hang(screen, "api-keys-create").await;
    screen.press("button", "Create").await;

    screen.arrives_at("Nightly backups is ready").await;
    screen.sees("Save the token and your username somewhere safe").await;
    screen.sees("docker login registry.example.org -u ada").await;
    screen.press("button", "Close").await;
    screen.sees("You have not copied the token").await;
    screen.press("button", "Go back").await;
    screen.focused("button \"Copy token\"").await;
    gallery.hang(screen, "api-keys-token").await;
    screen.press("button", "Copy username").await;
    clipboard::becomes(stage, "UTF8_STRING", |text| text == ADA.username).await;
    screen.press("button", "Copy token").await;
    let token = copied(stage, "lkt_", "").await;
    assert!(screen.text().await.contains(&token), "it is shown, this once");
    screen.press("button", "Close").await;
    screen.gone("heading", "Nightly backups is ready").await;
    let stays = format!("return !document.documentElement.outerHTML.includes('{token}')");
    screen.until("nothing of it stays", &stays).await;
    token
}

/// A server with a registry, where Ada made keys a month ago.
fn server_with_a_past(stage: &Stage) -> Server {
    let clock = stage.disk().join("clock");
    std::fs::write(&clock, "-30d\n").unwrap();
    let registry =
        [("LATCHKEY_REGISTRY__SERVICE", "registry.example.org"), ("LATCHKEY_REGISTRY__HOST", "registry.example.org")];
    let server = Server::start_with_clock_and(stage, &clock, &registry);
    let script = ADA.joins(&server);
    let end = |days| date(days, "+%FT%TZ");
    for (name, scopes, expires_at) in [
        ("Old laptop", json!(["api"]), json!(end(-23))),
        ("Deployment of the website", json!(["registry"]), json!(end(8))),
        ("Inventory spreadsheet", json!(["api"]), Value::Null),
    ] {
        let body = json!({ "name": name, "scopes": scopes, "expires_at": expires_at });
        let answer = script.send("POST", "/v1/me/api-keys", &body);
        assert_eq!(answer.status, 201, "{answer}");
    }
    std::fs::write(&clock, "+0s\n").unwrap();
    server
}

/// Waits until the clipboard has a key of this kind, other than this one.
async fn copied(stage: &Stage, kind: &str, other: &str) -> String {
    let whole = |text: &str| text.starts_with(kind) && text.len() > 40 && text != other;
    clipboard::becomes(stage, "UTF8_STRING", whole).await
}

/// Everything that is in the page: its text, its attributes, what stands in its fields.
async fn page(screen: &Screen) -> String {
    let script = "return document.documentElement.outerHTML +
        [...document.querySelectorAll('input,textarea')].map((field) => field.value).join('\\n')";
    screen.run(script, vec![]).await.as_str().unwrap().to_owned()
}

/// The row of a key.
async fn row(screen: &Screen, name: &str) -> String {
    screen.get("button", &format!("Delete {name}")).await;
    let script =
        "return [...document.querySelectorAll('tbody tr')].find((r) => r.innerText.includes(arguments[0])).innerText";
    screen.run(script, vec![json!(name)]).await.as_str().unwrap().to_owned()
}

/// What day it is in so many days, in a format of `date`.
fn date(days: i32, format: &str) -> String {
    let mut command = Command::new("date");
    output_of(command.env("LC_ALL", "C").args(["-u", "-d", &format!("{days} days"), format])).trim().to_owned()
}

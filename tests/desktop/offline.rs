//! A server that cannot be reached: what was seen of an account is there, and the rest comes back by itself.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    app::App,
    axe,
    gallery::Gallery,
    keychain, layout,
    person::ADA,
    relay::{Relay, Way},
    screen::Screen,
    secrets,
    server::Server,
    stage::Stage,
};

/// How long it may take until a server that is back is noticed: longer than the longest pause.
const PATIENCE: Duration = Duration::from_mins(1);

const REASON: &str = "You are offline. This needs the server.";

/// The files of snapshots on a machine.
fn snapshots(stage: &Stage) -> Vec<PathBuf> {
    let folder = stage.home().join(".local/share/app.latchkey.Latchkey/snapshots");
    fs::read_dir(folder).map_or_else(|_| Vec::new(), |files| files.map(|file| file.unwrap().path()).collect())
}

/// Waits until something is so, with nobody doing anything.
async fn by_itself(what: &str, so: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so().await {
        assert!(Instant::now() < deadline, "not so: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn comes_back(screen: &Screen) {
    by_itself("the bar is gone", async || !screen.text().await.contains("You are offline. What")).await;
}

/// Whether a button says that it waits for the server, to those who see it and to those who hear it.
async fn is_blocked(screen: &Screen, name: &str) {
    let button = screen.get("button", name).await;
    assert_eq!(button.attr("aria-disabled").await.unwrap().as_deref(), Some("true"), "{name}");
    let described = screen
        .run(
            "const [button] = arguments;
             const ids = (button.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
             return [button.title, ...ids.map((id) => document.getElementById(id)?.textContent)].join(' ');",
            vec![button.to_json().unwrap()],
        )
        .await;
    assert!(described.as_str().unwrap().contains(REASON), "{name}: {described}");
}

/// A server that was looked around on, and does not run any more.
async fn looked_around(stage: &Stage) -> (PathBuf, String) {
    let database = stage.disk().join("server/accounts.sqlite");
    let server = Server::start(stage);
    let listen = server.address().to_string();
    let script = ADA.joins(&server);
    script.edits_profile(&json!({ "location": "Bergen", "bio": "Looks after the pipelines." }));
    let app = App::open(stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    for (section, seen) in [
        ("Password", "Last changed"),
        ("API keys", "No named keys yet"),
        ("Sessions", "Close session"),
        ("SSH keys", "No SSH keys yet"),
        ("Activity", "Signed in"),
    ] {
        ADA.opens(screen, section).await;
        screen.sees(seen).await;
    }
    app.close().await;
    server.stop();
    (database, listen)
}

#[tokio::test]
async fn an_account_opens_without_its_server_and_comes_back_without_a_click() {
    let stage = Stage::set("offline");
    let gallery = Gallery::new(&stage);
    let (database, listen) = looked_around(&stage).await;

    // It is on the disk, sealed, and for nobody else.
    let files = snapshots(&stage);
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    let own = stage.home().join(".local/share/app.latchkey.Latchkey");
    for text in [ADA.email, "Bergen", "pipelines"] {
        let held: Vec<_> = secrets::holders(&stage, text).into_iter().filter(|file| file.starts_with(&own)).collect();
        assert!(held.is_empty(), "{text} is in {held:?}");
    }

    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    screen.sees("Bergen").await;
    screen.sees("You are offline. What you see is from").await;
    screen.sees("Trying again").await;
    gallery.hang(screen, "offline-profile").await;
    gallery.publish(&["offline-profile"]);
    for (section, row, button) in [
        ("API keys", "No named keys yet", "Create API Key"),
        ("Sessions", "This device", "Close all other sessions"),
        ("SSH keys", "No SSH keys yet", "Add key"),
        ("Activity", "Signed in", "Export as JSON"),
    ] {
        ADA.opens(screen, section).await;
        screen.sees(row).await;
        is_blocked(screen, button).await;
        axe::finds_nothing(screen, section).await;
        gallery.hang(screen, &format!("offline-{}", section.to_lowercase().replace(' ', "-"))).await;
    }
    screen.press("button", "Export as JSON").await;
    screen.sees(REASON).await;
    ADA.opens(screen, "Delete account").await;
    screen.sees("Not saved on this computer").await;
    gallery.hang(screen, "offline-not-saved").await;
    app.close().await;

    // The server comes back: so does everything else, and nobody did anything.
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.sees("You are offline. What you see is from").await;
    ADA.opens(screen, "Sessions").await;
    is_blocked(screen, "Close all other sessions").await;
    let server = Server::start_on(&stage, &database, &listen);
    comes_back(screen).await;
    screen.press("button", "Close session").await;
    screen.sees("Session closed").await;

    // It goes once more while the window is open: that is noticed without anybody asking, too.
    server.stop();
    screen.sees("You are offline. What you see is from").await;
    screen.sees("This device").await;
    let server = Server::start_on(&stage, &database, &listen);
    comes_back(screen).await;

    server.stop();
    screen.sees("You are offline. What you see is from").await;
    let mut menu = "Language";
    for (language, code, next) in [("Deutsch", "de", "Sprache"), ("العربية", "ar", "اللغة")] {
        ADA.chooses(screen, menu).await;
        screen.press("menuitemradio", language).await;
        screen.until("the language has changed", &format!("return document.documentElement.lang === '{code}'")).await;
        for (width, height) in [(1120, 760), (760, 560)] {
            screen.resize(width, height).await;
            for number in [4, 9] {
                screen.key(&format!("Control+{number}")).await;
                axe::finds_nothing(screen, &format!("offline, {language}, {width}")).await;
                assert_eq!(layout::troubles(screen).await, "", "offline, {language}, {width}");
                screen.photograph(&format!("offline-{code}-{width}-{number}")).await;
            }
        }
        screen.resize(1120, 760).await;
        menu = next;
    }
    app.close().await;
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_leads_to_signing_in_and_nothing_is_left() {
    let stage = Stage::set("offline_ended");
    let server = Server::start(&stage);
    let relay = Relay::to(server.address());
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("radio", "Connect to a server").await;
    screen.fill("Server URL", &relay.origin()).await;
    screen.sees(", version ").await;
    screen.press("button", "Continue").await;
    screen.get("textbox", "Username or email").await;
    ADA.signs_in(screen, ADA.username).await;
    app.close().await;
    assert_eq!(snapshots(&stage).len(), 1);
    assert!(keychain::search_all(&stage, "service", "latchkey").contains("snapshot key of ada"));

    // Nobody answers: it is not waited for.
    relay.becomes(Way::Silent);
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    screen.sees("You are offline. What you see is from").await;
    let closed = script.request("DELETE", "/v1/me/sessions", &[], &[]);
    assert_eq!(closed.status, 200);
    relay.becomes(Way::Clear);
    let ended = "This session was closed from another device";
    by_itself("the session ends", async || screen.text().await.contains(ended)).await;
    screen.photograph("ended").await;
    assert_eq!(screen.value("Username or email").await, ADA.username);
    by_itself("the file is gone", async || snapshots(&stage).is_empty()).await;
    let left = || keychain::search_all(&stage, "service", "latchkey");
    by_itself("the keychain is empty", async || !left().contains("secret = ")).await;
    app.close().await;
}

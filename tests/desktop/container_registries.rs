//! Credentials for private registries: tried by the service at a real one, kept, checked again, handed to container tools.

use std::{fs, process::Stdio};

use serde_json::{Value, json};

use crate::{
    accessibility,
    app::App,
    gallery::Gallery,
    person::ADA,
    private_registry::{PASSWORD, PrivateRegistry, USERNAME},
    rest::Script,
    screen::Screen,
    secrets,
    server::Server,
    stage::Stage,
};

/// The section of the account.
const PAGE: &str = "Container registries";
/// The action of the page, and of its dialog.
const AUTHORISE: &str = "Authorise registry";
/// The name of the switch.
const SWITCH: &str = "Sign container tools in with these registries";
/// What the person wrote into the configuration of Docker.
const CONFIG: &str = "{\n\t\"currentContext\": \"rootless\"\n}\n";

#[tokio::test]
async fn a_registry_is_authorised_checked_again_and_removed() {
    let stage = Stage::set("container_registries");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let mut registry = PrivateRegistry::start(&stage);
    let host = registry.host();
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, PAGE).await;
    screen.sees("No registries yet").await;
    gallery.hang(screen, "registries-none").await;
    accessibility::check(screen, "registries, none").await;

    authorises(screen, &gallery, &registry, &script).await;
    accessibility::check(screen, "registries").await;

    // Out of reach, it is said, and found again.
    let twin = Twin::of(&registry, &script);
    screen.sees(&twin.host).await;
    registry.stops();
    checks_again(screen, &host).await;
    screen.sees("Failed").await;
    screen.sees("The registry could not be reached today.").await;
    gallery.hang(screen, "registries").await;
    accessibility::check(screen, "registries, failed").await;
    twin.goes(&script);
    screen.gone("button", &format!("Remove {}", twin.host)).await;
    registry.starts();
    screen.press("button", &format!("Check again whether {host} works")).await;
    screen.sees("Verified").await;
    screen.focused(&format!("button \"More for {host}\"")).await;
    assert!(!screen.text().await.contains("could not be reached"));

    // Its password has changed.
    registry.takes("another of a registry");
    checks_again(screen, &host).await;
    screen.sees("The registry refused this password today.").await;
    screen.press("button", &format!("Update password for {host}")).await;
    screen.arrives_at("Update password").await;
    screen.fill("Password or token", "not that one").await;
    screen.press("button", "Update password").await;
    let said = screen.complaint_of("textbox", "Password or token").await;
    assert_eq!(said, refusal(&host));
    gallery.hang(screen, "registries-update").await;
    accessibility::check(screen, "registries, update password").await;
    screen.fill("Password or token", "another of a registry").await;
    screen.press("button", "Update password").await;
    screen.sees(&format!("Password for {host} updated")).await;
    screen.press("button", "Dismiss").await;
    screen.sees("Verified").await;
    screen.gone("button", "Dismiss").await;

    let remove = format!("Remove {host}");
    screen.press("button", &remove).await;
    screen.sees(&format!("{host} removed")).await;
    screen.sees("No registries yet").await;
    screen.press("button", "Undo").await;
    screen.get("button", &remove).await;
    assert_eq!(listed(&script)[0]["host"], host.as_str(), "nothing has happened yet");
    // What waits for its undo is sent before the window is gone.
    screen.press("button", &remove).await;
    screen.sees(&format!("{host} removed")).await;
    app.close().await;
    assert_eq!(listed(&script), json!([]));
    secrets::no_file_holds(&stage, &[PASSWORD, "another of a registry"]);
    gallery.publish(&["registries", "registries-authorise"]);
}

#[tokio::test]
async fn container_tools_are_signed_in_and_out() {
    let stage = Stage::set("container_tools");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let registry = PrivateRegistry::start(&stage);
    let host = registry.host();
    let wanted = json!({ "host": host, "username": USERNAME, "password": PASSWORD });
    let answer = script.send("POST", "/v1/me/container-registries", &wanted);
    assert_eq!(answer.status, 201, "{answer}");
    let config = stage.home().join(".docker/config.json");
    fs::create_dir(config.parent().unwrap()).unwrap();
    fs::write(&config, CONFIG).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, PAGE).await;
    screen.sees("Verified").await;

    screen.press("switch", SWITCH).await;
    screen.sees("Container tools are signed in by Latchkey").await;
    screen.sees(&format!("They ask Latchkey for {host}.")).await;
    screen.sees("Tools do not find docker-credential-latchkey yet").await;
    screen.is_rid_of_toast().await;
    gallery.hang(screen, "registries-tools").await;
    accessibility::check(screen, "registries, tools").await;
    let written: Value = serde_json::from_str(&fs::read_to_string(&config).unwrap()).unwrap();
    assert_eq!(written, json!({ "currentContext": "rootless", "credHelpers": { &host: "latchkey" } }));
    let told: Value = serde_json::from_str(&asked(&stage, &host)).unwrap();
    assert_eq!(told, json!({ "ServerURL": host, "Username": USERNAME, "Secret": PASSWORD }));

    screen.press("switch", SWITCH).await;
    screen.sees("Container tools are no longer signed in").await;
    assert_eq!(fs::read_to_string(&config).unwrap(), CONFIG);
    assert!(!stage.home().join(".local/bin/docker-credential-latchkey").exists());
    app.close().await;
    secrets::no_file_holds(&stage, &[PASSWORD]);
}

/// With the wrong password, which is refused at its field; then with the right one.
async fn authorises(screen: &Screen, gallery: &Gallery, registry: &PrivateRegistry<'_>, script: &Script) {
    let host = registry.host();
    // There are two of that name: one in the head, and one where the list will be.
    screen.run("document.querySelector('.empty button').click()", vec![]).await;
    screen.arrives_at(AUTHORISE).await;
    screen.press("button", AUTHORISE).await;
    screen.complaint_of("textbox", "Registry host").await;
    screen.complaint_of("textbox", "Password or token").await;
    accessibility::check(screen, "authorise registry, blank").await;
    screen.fill("Registry host", &format!("http://{host}/")).await;
    screen.fill("Username", USERNAME).await;
    screen.fill("Password or token", "of the cat").await;
    screen.press("button", AUTHORISE).await;
    let said = screen.complaint_of("textbox", "Password or token").await;
    assert!(said.ends_with(&refusal(&host)[host.len()..]), "{said}");
    screen.fill("Registry host", &host).await;
    screen.press("button", AUTHORISE).await;
    assert_eq!(screen.complaint_of("textbox", "Password or token").await, refusal(&host));
    gallery.hang(screen, "registries-authorise").await;
    accessibility::check(screen, "authorise registry, refused").await;
    assert_eq!(listed(script), json!([]), "what is refused is not kept");

    screen.fill("Password or token", PASSWORD).await;
    screen.press("button", AUTHORISE).await;
    screen.sees(&format!("{host} authorised")).await;
    screen.press("button", "Dismiss").await;
    screen.sees("Verified").await;
    screen.gone("button", "Dismiss").await;
    let kept = listed(script);
    assert_eq!((&kept[0]["host"], &kept[0]["status"]), (&json!(host), &json!("verified")));
    assert!(!kept.to_string().contains(PASSWORD));
}

/// The same registry under another name, authorised by a script; nobody checks it again.
struct Twin {
    host: String,
    path: String,
}

impl Twin {
    fn of(registry: &PrivateRegistry<'_>, script: &Script) -> Self {
        let host = registry.host().replace("127.0.0.1", "localhost");
        let wanted = json!({ "host": host, "username": USERNAME, "password": PASSWORD });
        let answer = script.send("POST", "/v1/me/container-registries", &wanted);
        assert_eq!(answer.status, 201, "{answer}");
        let path = format!("/v1/me/container-registries/{}", answer.json()["id"].as_str().unwrap());
        Self { host, path }
    }

    fn goes(&self, script: &Script) {
        let answer = script.request("DELETE", &self.path, &[], &[]);
        assert_eq!(answer.status, 204, "{answer}");
    }
}

/// What is said at the field of the password.
fn refusal(host: &str) -> String {
    format!("{host} refused these credentials. Check the token and try again.")
}

/// Has a registry checked from its menu.
async fn checks_again(screen: &Screen, host: &str) {
    screen.press("button", &format!("More for {host}")).await;
    screen.press("menuitem", "Check again").await;
    screen.until("it was checked", "return !document.querySelector('.badge .spinner')").await;
}

/// The registries the service keeps.
fn listed(script: &Script) -> Value {
    script.get("/v1/me/container-registries").json()["items"].clone()
}

/// What docker is told, through the program it starts.
fn asked(stage: &Stage, host: &str) -> String {
    let mut helper = stage.command(stage.home().join(".local/bin/docker-credential-latchkey"));
    let mut helper = helper.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut helper.stdin.take().unwrap(), host.as_bytes()).unwrap();
    let answer = helper.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(answer.status.success(), "{said}");
    said
}

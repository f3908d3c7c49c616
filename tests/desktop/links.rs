//! `latchkey://` links: they show a section, of whoever is signed in, and do nothing else.

use std::{fs, os::unix::fs::symlink, path::Path};

use latchkey_desktop_testkit::output_of;

use crate::{
    app::{self, App},
    person::ADA,
    stage::Stage,
    x11::Window,
};

/// What somebody may put on a page for people to click, in the hope that something happens.
const HOSTILE: [&str; 12] = [
    "latchkey:",
    "latchkey://",
    "latchkey:sessions",
    "latchkey://sessions/close-others",
    "latchkey://sessions?close=all",
    "latchkey://delete#now",
    "latchkey://ada:secret@delete",
    "latchkey://delete:80",
    "latchkey://%64elete",
    "latchkey:export --json",
    "latchkey:../../../../etc/passwd",
    "latchkey://review-sign-in",
];

#[tokio::test]
async fn a_link_shows_its_section_to_whoever_is_signed_in_and_does_nothing_else() {
    let stage = Stage::set("links");
    let app = App::open_with(&stage, &["latchkey://api-keys"]).await;
    let screen = app.screen();

    // It waits until somebody is in.
    screen.arrives_at("Where is your account?").await;
    screen.press("radio", "Use this computer").await;
    screen.press("button", "Continue").await;
    screen.arrives_at("Create account").await;
    for (field, text) in
        [("Name", ADA.name), ("Username", ADA.username), ("Email", ADA.email), ("Password", ADA.password)]
    {
        screen.fill(field, text).await;
    }
    screen.press("button", "Create account").await;
    screen.arrives_at("API keys").await;
    screen.focused("heading \"API keys\"").await;

    // This window gets those that are clicked from now on, through the desktop as well.
    app::start_again(&stage, &["latchkey://activity"]);
    screen.arrives_at("Activity").await;
    assert_eq!(Window::count(&stage, "Latchkey"), 1);
    register(&stage);
    output_of(stage.command("gio").args(["open", "latchkey://sessions"]));
    screen.arrives_at("Sessions").await;

    for hostile in HOSTILE {
        app::start_again(&stage, &[hostile]);
        assert!(screen.has("heading", "Sessions").await, "{hostile}");
    }
    app::start_again(&stage, &["latchkey://password/"]);
    screen.arrives_at("Password").await;

    // What a dialog holds is not lost for a link.
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Create API Key").await;
    screen.fill("Name", "Backups").await;
    app::start_again(&stage, &["latchkey://delete"]);
    screen.settle().await;
    assert_eq!(screen.value("Name").await, "Backups");
    screen.press("button", "Cancel").await;
    screen.gone("heading", "Create API key").await;
    screen.arrives_at("API keys").await;

    // What was typed on a page is asked about first.
    screen.key("Control+Shift+p").await;
    screen.press("button", "Edit profile").await;
    screen.fill("Location", "Bergen").await;
    app::start_again(&stage, &["latchkey://activity"]);
    screen.arrives_at("Discard your changes?").await;
    screen.press("button", "Keep editing").await;
    assert_eq!(screen.value("Location").await, "Bergen");
    screen.press("button", "Back to profile").await;
    screen.press("button", "Discard").await;

    screen.arrives_at(ADA.name).await;
    ADA.chooses(screen, "Sign out").await;
    screen.get("button", "Sign in").await;
    app::start_again(&stage, &["latchkey://ssh-keys"]);
    assert!(screen.has("button", "Sign in").await);
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at("SSH keys").await;
    app.close().await;
}

/// Puts the entry of the package where the desktop of this person looks, and the program where the entry finds it.
fn register(stage: &Stage) {
    let entry =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/app/latchkey.desktop")).unwrap();
    let applications = stage.home().join(".local/share/applications");
    fs::create_dir_all(&applications).unwrap();
    fs::write(applications.join("latchkey.desktop"), entry).unwrap();
    symlink(app::program(), stage.programs().join("latchkey")).unwrap();
    output_of(stage.command("update-desktop-database").arg(&applications));
    let handler = output_of(stage.command("gio").args(["mime", "x-scheme-handler/latchkey"]));
    assert!(handler.contains("latchkey.desktop"), "{handler}");
}

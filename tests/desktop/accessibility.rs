//! axe-core over every page, in light and dark.

use serde_json::json;

use crate::{app::App, axe, native_dialog::NativeDialog, person::ADA, screen::Screen, server::Server, stage::Stage};

#[tokio::test]
async fn axe_finds_nothing() {
    let stage = Stage::set("accessibility");
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let picture = stage.home().join("picture.png");
    image::RgbImage::from_fn(800, 600, |x, y| image::Rgb([(x / 4) as u8, 120, (y / 3) as u8])).save(&picture).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();

    screen.arrives_at("Where is your account?").await;
    // It does find what is wrong.
    screen.run("document.querySelector('main').append(document.createElement('button'))", vec![]).await;
    assert!(axe::violations(screen).await.contains("button-name"));
    screen.run("document.querySelector('main > button').remove()", vec![]).await;
    check(screen, "first run").await;
    screen.press("radio", "Connect to a server").await;
    screen.fill("Server URL", "ftp://example.com").await;
    screen.sees("This is not an address").await;
    check(screen, "server address, refused").await;
    screen.fill("Server URL", &server.origin()).await;
    screen.sees(", version ").await;
    check(screen, "server address, found").await;
    screen.press("button", "Continue").await;

    screen.get("textbox", "Username or email").await;
    check(screen, "sign in").await;
    screen.press("button", "Sign in").await;
    screen.complaint_of("textbox", "Password").await;
    check(screen, "sign in, refused").await;
    screen.press("button", "Create account").await;
    screen.arrives_at("Create account").await;
    screen.fill("Password", "seven small").await;
    screen.press("button", "Create account").await;
    screen.complaint_of("textbox", "Name").await;
    check(screen, "create account, refused").await;
    screen.press("button", "Sign in instead").await;
    ADA.signs_in(screen, ADA.username).await;

    check(screen, "profile").await;
    ADA.opens_servers(screen, &server.label()).await;
    check(screen, "server menu").await;
    screen.key("Escape").await;
    screen.press("button", ADA.name).await;
    screen.get("menu", "Account menu").await;
    check(screen, "account menu").await;
    screen.press("menuitem", "Switch account").await;
    screen.get("menuitem", "Add account").await;
    check(screen, "account menu, accounts").await;
    screen.key("Escape").await;

    screen.press("button", "Edit profile").await;
    screen.fill("Name", "").await;
    screen.press("button", "Update User Information").await;
    screen.complaint_of("textbox", "Name").await;
    check(screen, "edit profile, refused").await;
    screen.press("button", "Back to profile").await;
    screen.arrives_at("Discard your changes?").await;
    check(screen, "confirmation").await;
    screen.press("button", "Discard").await;
    screen.arrives_at(ADA.name).await;

    screen.press("button", "Edit profile").await;
    screen.press("button", "Select Image").await;
    let dialog = NativeDialog::titled(&stage, "Select Image");
    dialog.point_at(&picture);
    dialog.accept();
    screen.arrives_at("Crop avatar").await;
    check(screen, "crop").await;
    screen.press("button", "Use as avatar").await;
    screen.sees("Avatar updated").await;
    check(screen, "edit profile, with a picture").await;
    screen.fill("Location", "Bergen").await;
    script.edits_profile(&json!({ "location": "Oslo" }));
    screen.press("button", "Update User Information").await;
    screen.arrives_at("Your profile was changed elsewhere").await;
    check(screen, "conflict").await;
    screen.press("button", "Overwrite").await;
    screen.sees("Profile updated").await;
    check(screen, "profile, filled in").await;

    ADA.opens(screen, "Sessions").await;
    screen.arrives_at("Sessions").await;
    screen.sees("Close session").await;
    check(screen, "sessions").await;
    screen.resize(640, 480).await;
    screen.get("button", "Section: Sessions").await;
    check(screen, "sessions, smallest window").await;
    screen.resize(1120, 760).await;

    server.stop();
    screen.key("Control+r").await;
    screen.sees("You are offline").await;
    check(screen, "offline").await;
    app.close().await;

    let app = App::open(&stage).await;
    app.screen().arrives_at("The server cannot be reached").await;
    check(app.screen(), "unavailable").await;
    app.close().await;
}

async fn check(screen: &Screen, page: &str) {
    for theme in ["light", "dark"] {
        screen.set_theme(Some(theme)).await;
        axe::finds_nothing(screen, &format!("{page}, {theme}")).await;
    }
    screen.set_theme(None).await;
}

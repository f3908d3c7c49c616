//! axe-core over every page: in light and dark, with more contrast, and with text of twice its size.

mod keys;
mod security;

use serde_json::json;

use crate::{
    app::App, axe, layout, native_dialog::NativeDialog, person::ADA, screen::Screen, server::Server, stage::Stage,
};

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

    about_the_app(screen).await;

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
    screen.sees("Close session").await;
    check(screen, "sessions").await;
    screen.resize(640, 480).await;
    screen.get("button", "Section: Sessions").await;
    check(screen, "sessions, smallest window").await;
    screen.resize(1120, 760).await;

    security::check_up(screen).await;
    keys::api_keys(screen).await;
    keys::ssh_keys(screen).await;
    security::pages(screen).await;

    server.stop();
    screen.key("Control+r").await;
    screen.sees("You are offline").await;
    check(screen, "offline").await;
    app.close().await;

    let app = App::open(&stage).await;
    app.screen().arrives_at(ADA.name).await;
    check(app.screen(), "opened offline").await;
    app.close().await;

    std::fs::remove_dir_all(stage.home().join(".local/share/app.latchkey.Latchkey/snapshots")).unwrap();
    let app = App::open(&stage).await;
    app.screen().arrives_at("The server cannot be reached").await;
    check(app.screen(), "unavailable").await;
    app.close().await;
}

/// The dialogs about the app itself.
async fn about_the_app(screen: &Screen) {
    screen.key("Control+Shift+,").await;
    screen.get("switch", "Start at login").await;
    check(screen, "app settings").await;
    screen.key("Escape").await;
    screen.gone("heading", "App settings").await;
    screen.key("F1").await;
    screen.arrives_at("Keyboard shortcuts").await;
    check(screen, "shortcuts").await;
    screen.key("Escape").await;
    screen.gone("heading", "Keyboard shortcuts").await;
    opens_the_licences(screen).await;
    screen.key("Escape").await;
    screen.gone("heading", "About Latchkey").await;
    opens_the_licences(screen).await;
    screen.type_text("serde_json").await;
    screen.sees("1 package").await;
    screen.key("ArrowDown").await;
    screen.key("Enter").await;
    screen.get("group", "Licence of serde_json").await;
    check(screen, "about").await;
    screen.key("Escape").await;
    screen.gone("heading", "About Latchkey").await;
}

async fn opens_the_licences(screen: &Screen) {
    ADA.chooses(screen, "Settings and help").await;
    screen.press("menuitem", "About Latchkey").await;
    screen.press("button", "Show packages and licences").await;
    screen.focused("searchbox \"Search packages\"").await;
}

/// Looks at what is shown in both themes, each with more contrast as well, and with text of twice its size (WCAG 2.2, 1.4.4),
/// where nothing may be wider than the window either, nor with letters, words and lines apart (1.4.12).
pub(crate) async fn check(screen: &Screen, page: &str) {
    both_themes(screen, page).await;
    screen.set_contrast(true).await;
    both_themes(screen, &format!("{page}, more contrast")).await;
    screen.set_contrast(false).await;
    screen.set_theme(None).await;
    screen.set_text_size(200).await;
    axe::finds_nothing(screen, &format!("{page}, text of twice its size")).await;
    assert_eq!(layout::troubles(screen).await, "", "{page}, text of twice its size");
    screen.set_text_for_least_room().await;
    assert_eq!(layout::troubles(screen).await, "", "{page}, text of twice its size in the smallest window");
    screen.set_text_size(100).await;
    screen.set_spacing(true).await;
    assert_eq!(layout::troubles(screen).await, "", "{page}, letters, words and lines apart");
    screen.set_spacing(false).await;
}

async fn both_themes(screen: &Screen, page: &str) {
    for theme in ["light", "dark"] {
        screen.set_theme(Some(theme)).await;
        axe::finds_nothing(screen, &format!("{page}, {theme}")).await;
    }
}

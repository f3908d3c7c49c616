//! axe-core over every page: in light and dark, with more contrast, and with text of twice its size.

use serde_json::json;

use crate::{
    app::App, authenticator::Authenticator, axe, layout, native_dialog::NativeDialog, person::ADA, screen::Screen,
    server::Server, stage::Stage,
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

    check_up(screen).await;
    api_keys(screen).await;
    ssh_keys(screen).await;
    security(screen).await;

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

/// The check-up of an account that could stand better.
async fn check_up(screen: &Screen) {
    ADA.opens(screen, "Security check-up").await;
    screen.sees("Two-factor authentication is off").await;
    screen.sees("2 things to see to").await;
    check(screen, "check-up").await;
    screen.press("button", "Rate it").await;
    screen.fill("Password", "letmein").await;
    screen.sees("Too short").await;
    check(screen, "check-up, rating").await;
    screen.key("Enter").await;
    screen.sees("Strength of your password: Too short").await;
    screen.gone("heading", "How strong is your password?").await;
    screen.resize(640, 480).await;
    screen.get("button", "Section: Security check-up").await;
    check(screen, "check-up, smallest window").await;
    screen.resize(1120, 760).await;
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

/// The page of the API keys and its dialogs.
async fn api_keys(screen: &Screen) {
    ADA.opens(screen, "API keys").await;
    screen.sees("No named keys yet").await;
    check(screen, "API keys, none").await;
    screen.press("button", "Generate API Key").await;
    screen.press("button", "Generate new API Key").await;
    screen.arrives_at("Generate new API Key").await;
    check(screen, "API keys, another personal one").await;
    screen.press("button", "Cancel").await;
    screen.press("button", "Create API Key").await;
    screen.press("checkbox", "API").await;
    screen.press("button", "Create").await;
    screen.complaint_of("textbox", "Name").await;
    check(screen, "create API key, refused").await;
    screen.fill("Name", "Backups").await;
    screen.press("checkbox", "API").await;
    screen.press("button", "Create").await;
    screen.arrives_at("Backups is ready").await;
    check(screen, "API key, token").await;
    screen.press("button", "Close").await;
    screen.sees("You have not copied the token").await;
    check(screen, "API key, token not copied").await;
    screen.press("button", "Close without copying").await;
    screen.get("button", "Delete Backups").await;
    check(screen, "API keys").await;
    screen.press("button", "Delete Backups").await;
    screen.get("button", "Undo").await;
    check(screen, "API key, deleted").await;
    screen.press("button", "Undo").await;
    screen.resize(640, 480).await;
    screen.get("button", "Section: API keys").await;
    check(screen, "API keys, smallest window").await;
    screen.resize(1120, 760).await;
}

/// The page of the SSH keys and its dialogs.
async fn ssh_keys(screen: &Screen) {
    ADA.opens(screen, "SSH keys").await;
    screen.sees("No SSH keys yet").await;
    check(screen, "SSH keys, none").await;
    screen.press("button", "Add key").await;
    screen.fill("Public key", "ssh-ed25519 AAAA").await;
    screen.complaint_of("textbox", "Public key").await;
    check(screen, "add SSH key, refused").await;
    screen.press("button", "Cancel").await;
    screen.press("button", "Generate key").await;
    screen.fill("Name", "").await;
    screen.fill("Passphrase (optional)", "eleven lamps").await;
    screen.press("checkbox", "Add a host to your SSH configuration").await;
    screen.press("button", "Generate key").await;
    screen.complaint_of("textbox", "Name").await;
    check(screen, "generate SSH key, refused").await;
    screen.fill("Name", "Workshop").await;
    screen.fill("Confirm passphrase", "eleven lamps").await;
    screen.fill("Alias", "workshop").await;
    screen.press("button", "Generate key").await;
    screen.arrives_at("Workshop is ready").await;
    check(screen, "SSH key, generated").await;
    screen.press("button", "Close").await;
    screen.get("button", "Remove Workshop").await;
    check(screen, "SSH keys").await;
}

/// The pages and dialogs that keep the account safe.
async fn security(screen: &Screen) {
    ADA.opens(screen, "Password").await;
    screen.fill("New password", "ada").await;
    screen.press("button", "Change Password").await;
    screen.complaint_of("textbox", "Current password").await;
    check(screen, "password, refused").await;
    ADA.opens(screen, "Activity").await;
    screen.sees("Signed in").await;
    check(screen, "activity").await;
    ADA.opens(screen, "Delete account").await;
    screen.sees("This cannot be undone").await;
    check(screen, "delete account").await;

    ADA.opens(screen, "Two-factor authentication").await;
    check(screen, "two-factor, off").await;
    screen.press("button", "Enable Two-Factor Authentication").await;
    screen.get("button", "Continue").await;
    check(screen, "two-factor, QR code").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    screen.press("button", "Continue").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.code_when_behind(600)).await;
    screen.sees("behind").await;
    check(screen, "two-factor, wrong code").await;
    screen.type_text(&phone.code()).await;
    screen.arrives_at("Save your backup codes").await;
    check(screen, "two-factor, backup codes").await;
    screen.press("button", "Close").await;
    screen.sees("You have not saved your backup codes").await;
    check(screen, "two-factor, unsaved").await;
    screen.press("button", "Close without saving").await;
    screen.sees("Two-factor authentication is on").await;
    check(screen, "two-factor, on").await;
    screen.press("button", "Disable Two-Factor Authentication").await;
    screen.arrives_at("Disable Two-Factor Authentication?").await;
    check(screen, "two-factor, disable").await;
    screen.press("button", "Cancel").await;
    screen.press("button", "Alerts").await;
    check(screen, "alerts").await;
    screen.key("Escape").await;

    ADA.opens(screen, "Security check-up").await;
    screen.press("button", "Practise").await;
    screen.fill("Backup code", "aaaaa-aaaaa").await;
    screen.key("Enter").await;
    screen.sees("This is none of your codes").await;
    check(screen, "check-up, practice").await;
    screen.key("Escape").await;
    screen.gone("heading", "Practise with a backup code").await;

    ADA.chooses(screen, "Sign out").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at("Authentication code").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    check(screen, "second step").await;
    screen.press("button", "Use a backup code").await;
    check(screen, "second step, backup code").await;
    screen.press("button", "Use your authenticator app").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.next_code()).await;
    screen.arrives_at(ADA.name).await;
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

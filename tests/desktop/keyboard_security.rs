//! The flows that keep an account safe, with the keyboard alone: no test here touches the mouse.

use latchkey_api::instance::Provider as Kind;
use serde_json::json;

use crate::{
    app::App,
    authenticator::Authenticator,
    backup_codes,
    browser::Browser,
    clipboard,
    keyboard::{down_to, tab_to, tab_until},
    keyboard_connections,
    native_dialog::NativeDialog,
    person::ADA,
    private_registry::PrivateRegistry,
    provider::Provider,
    rest::Script,
    screen::Screen,
    server::Server,
    source_code,
    stage::Stage,
};

/// What Ada's password becomes.
const NEW_PASSWORD: &str = "eleven lamps along the quay";

#[tokio::test]
async fn an_account_is_kept_safe_without_a_mouse() {
    let stage = Stage::set("keyboard_security");
    let client = json!({ "client_secret": source_code::SECRET });
    let (github, gitlab) = (Provider::start(Kind::Github, &client), Provider::start(Kind::Gitlab, &client));
    let server = source_code::server_with(&stage, &[&github, &gitlab]);
    let script = ADA.joins(&server);
    let registry = PrivateRegistry::start(&stage);
    let mut browser = Browser::install(&stage);
    let app = App::open(&stage).await;
    let screen = app.screen();

    signs_in_at(screen, &server).await;
    sessions(screen, &script).await;
    keyboard_connections::source_code(&stage, screen, &mut browser, &github, &gitlab).await;
    password(screen).await;
    let (phone, codes) = two_factor(&stage, screen).await;
    check_up(screen, &codes[0]).await;
    keyboard_connections::container_registry(screen, &registry).await;
    activity(&stage, screen).await;
    language(screen).await;
    signs_out_and_in(screen, &codes[0]).await;
    leaves_for_good(&stage, screen, &phone).await;
    app.close().await;
}

/// From the first screen ever to the profile on a server, where Ada has an account.
pub(crate) async fn signs_in_at(screen: &Screen, server: &Server) {
    screen.arrives_at("Where is your account?").await;
    tab_to(screen, "radio \"Use this computer\"").await;
    screen.key("ArrowDown").await;
    // Whoever chooses by the keyboard may be on their way to the next choice.
    screen.focused("radio \"Connect to a server\"").await;
    tab_to(screen, "textbox \"Server URL\"").await;
    screen.type_text(&server.origin()).await;
    screen.sees(", version ").await;
    screen.key("Enter").await;
    screen.get("textbox", "Username or email").await;
    tab_to(screen, "textbox \"Username or email\"").await;
    screen.type_text(ADA.username).await;
    tab_to(screen, "textbox \"Password\"").await;
    screen.type_text(ADA.password).await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
}

/// Another device is looked at and signed out.
async fn sessions(screen: &Screen, other: &Script) {
    screen.key("Control+4").await;
    screen.arrives_at("Sessions").await;
    screen.sees("Close session").await;
    tab_to(screen, "button \"Close session\"").await;
    screen.key("Enter").await;
    screen.sees("Session closed").await;
    screen.sees("No other sessions").await;
    assert_eq!(other.get("/v1/me").status, 401);
}

async fn password(screen: &Screen) {
    screen.key("Control+1").await;
    screen.arrives_at("Password").await;
    tab_to(screen, "textbox \"Current password\"").await;
    screen.type_text(ADA.password).await;
    for field in ["New password", "Confirm new password"] {
        tab_to(screen, &format!("textbox \"{field}\"")).await;
        screen.type_text(NEW_PASSWORD).await;
    }
    screen.key("Enter").await;
    screen.sees("Password changed").await;
}

/// On by the QR code, and the codes to a file; others in their place; off; and on again.
async fn two_factor(stage: &Stage, screen: &Screen) -> (Authenticator, Vec<String>) {
    screen.key("Control+2").await;
    screen.arrives_at("Two-factor authentication").await;
    let (_, codes) = switches_on(screen).await;
    tab_to(screen, "button \"Download Backup Codes\"").await;
    screen.key("Enter").await;
    let dialog = NativeDialog::titled(stage, "Download Backup Codes");
    let file = stage.home().join("codes.txt");
    dialog.save_as(&file);
    screen.sees("codes.txt").await;
    assert_eq!(backup_codes::in_file(&file).1, codes);
    screen.key("Escape").await;
    screen.gone("heading", "Save your backup codes").await;
    screen.sees("Two-factor authentication is on").await;

    tab_to(screen, "button \"Generate New Backup Codes\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Save your new backup codes").await;
    let new = copies_codes(stage, screen, "The new codes are in use").await;
    assert!(new.iter().all(|code| !codes.contains(code)));
    screen.gone("heading", "Save your new backup codes").await;
    screen.focused("button \"Generate New Backup Codes\"").await;

    let disable = "button \"Disable Two-Factor Authentication\"";
    tab_to(screen, disable).await;
    screen.key("Enter").await;
    screen.arrives_at("Disable Two-Factor Authentication?").await;
    screen.focused("button \"Cancel\"").await;
    tab_to(screen, disable).await;
    screen.key("Enter").await;
    screen.sees("Two-factor authentication is off").await;
    screen.focused("heading \"Two-factor authentication\"").await;

    let (phone, _) = switches_on(screen).await;
    let codes = copies_codes(stage, screen, "They leave the clipboard").await;
    screen.gone("heading", "Save your backup codes").await;
    screen.sees("Two-factor authentication is on").await;
    (phone, codes)
}

/// Up to the backup codes, which are shown.
async fn switches_on(screen: &Screen) -> (Authenticator, Vec<String>) {
    tab_to(screen, "button \"Enable Two-Factor Authentication\"").await;
    screen.key("Enter").await;
    screen.get("button", "Continue").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    tab_to(screen, "button \"Continue\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.last_code()).await;
    screen.arrives_at("Save your backup codes").await;
    (phone, backup_codes::shown(screen).await)
}

/// Copies the codes that are shown, which is said, and closes their dialog.
async fn copies_codes(stage: &Stage, screen: &Screen, said: &str) -> Vec<String> {
    let codes = backup_codes::shown(screen).await;
    tab_to(screen, "button \"Copy\"").await;
    screen.key("Enter").await;
    let all = codes.join("\n");
    clipboard::becomes(stage, "UTF8_STRING", |text| text == all).await;
    screen.sees(said).await;
    screen.key("Escape").await;
    codes
}

/// Behind the bell: the password is rated, and a backup code is practised with, which spends it not.
async fn check_up(screen: &Screen, code: &str) {
    tab_until(screen, "the bell", |focus| focus.starts_with("button \"Alerts")).await;
    screen.key("Enter").await;
    screen.get("dialog", "Alerts").await;
    down_to(screen, "button \"Open the security check-up\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Security check-up").await;
    screen.sees("10 of 10 backup codes left").await;
    tab_to(screen, "button \"Rate it\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Password\"").await;
    screen.type_text(NEW_PASSWORD).await;
    screen.key("Enter").await;
    screen.sees("Strength of your password:").await;
    screen.gone("heading", "How strong is your password?").await;
    tab_to(screen, "button \"Practise\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Backup code\"").await;
    screen.type_text(code).await;
    screen.key("Enter").await;
    screen.sees("This code works").await;
    screen.key("Escape").await;
    screen.gone("heading", "Practise with a backup code").await;
    screen.focused("button \"Practise\"").await;
}

/// Narrowed to one kind by arrows, and exported to a file.
async fn activity(stage: &Stage, screen: &Screen) {
    screen.key("Control+9").await;
    screen.arrives_at("Activity").await;
    screen.sees("Password changed").await;
    tab_to(screen, "radio \"All\"").await;
    screen.key("ArrowRight").await;
    let chosen = "return document.querySelector('fieldset input:checked') === document.activeElement";
    screen.until("the next category is chosen", chosen).await;
    screen.key("ArrowLeft").await;
    screen.focused("radio \"All\"").await;

    tab_to(screen, "button \"Export as JSON\"").await;
    screen.key("Enter").await;
    let file = stage.home().join("activity.json");
    NativeDialog::titled(stage, "Save activity").save_as(&file);
    screen.sees("Saved to activity.json").await;
    screen.focused("button \"Export as JSON\"").await;
    let exported = std::fs::read_to_string(&file).unwrap();
    assert!(exported.contains("password_changed"), "{exported}");
}

/// German and back, from the account menu.
async fn language(screen: &Screen) {
    chooses_language(screen, "Language", "Deutsch").await;
    screen.until("the page is German", "return document.documentElement.lang === 'de'").await;
    chooses_language(screen, "Sprache", "English").await;
    screen.until("the page is English again", "return document.documentElement.lang === 'en'").await;
}

async fn chooses_language(screen: &Screen, entry: &str, language: &str) {
    tab_to(screen, &format!("button \"{}\"", ADA.name)).await;
    screen.key("Enter").await;
    screen.get("menuitem", entry).await;
    down_to(screen, &format!("menuitem \"{entry}\"")).await;
    screen.key("Enter").await;
    screen.get("menuitemradio", language).await;
    down_to(screen, &format!("menuitemradio \"{language}\"")).await;
    screen.key("Enter").await;
    screen.gone("menuitemradio", language).await;
}

/// With the password and a backup code.
async fn signs_out_and_in(screen: &Screen, code: &str) {
    tab_to(screen, &format!("button \"{}\"", ADA.name)).await;
    screen.key("Enter").await;
    screen.key("End").await;
    screen.focused("menuitem \"Sign out\"").await;
    screen.key("Enter").await;
    screen.get("textbox", "Username or email").await;
    tab_to(screen, "textbox \"Password\"").await;
    screen.type_text(NEW_PASSWORD).await;
    screen.key("Enter").await;
    screen.arrives_at("Authentication code").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    tab_to(screen, "button \"Use a backup code\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Backup code\"").await;
    screen.type_text(code).await;
    screen.key("Enter").await;
    screen.sees("9 are left").await;
    tab_to(screen, "button \"Not now\"").await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
}

async fn leaves_for_good(stage: &Stage, screen: &Screen, phone: &Authenticator) {
    // The last section has no digit: through the sidebar.
    screen.key("Control+9").await;
    screen.arrives_at("Activity").await;
    tab_to(screen, "button \"Activity\"").await;
    screen.key("End").await;
    screen.focused("button \"Delete account\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Delete account").await;
    tab_to(screen, "button \"Download everything Latchkey holds about you\"").await;
    screen.key("Enter").await;
    let copy = stage.home().join("mine.json");
    NativeDialog::titled(stage, "Save your data").save_as(&copy);
    screen.sees("mine.json").await;
    assert!(copy.exists());
    tab_to(screen, "textbox \"Type your username to confirm\"").await;
    screen.type_text(ADA.username).await;
    tab_to(screen, "textbox \"Password\"").await;
    screen.type_text(NEW_PASSWORD).await;
    tab_to(screen, "textbox \"Authentication Code\"").await;
    screen.type_text(&phone.next_code()).await;
    screen.key("Enter").await;
    screen.arrives_at("Delete the account ada?").await;
    tab_to(screen, "button \"Delete account\"").await;
    screen.key("Enter").await;
    screen.sees("Your account was deleted").await;
}

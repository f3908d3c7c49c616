//! The flows that keep an account safe, with the keyboard alone: no test here touches the mouse.

use crate::{
    app::App,
    authenticator::Authenticator,
    backup_codes,
    keyboard::tab_to,
    native_dialog::NativeDialog,
    person::ADA,
    private_registry::{PASSWORD, PrivateRegistry, USERNAME},
    rest::Script,
    screen::Screen,
    server::Server,
    stage::Stage,
};

/// What Ada's password becomes.
const NEW_PASSWORD: &str = "eleven lamps along the quay";

#[tokio::test]
async fn an_account_is_kept_safe_without_a_mouse() {
    let stage = Stage::set("keyboard_security");
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let registry = PrivateRegistry::start(&stage);
    let app = App::open(&stage).await;
    let screen = app.screen();

    signs_in_at(screen, &server).await;
    sessions(screen, &script).await;
    password(screen).await;
    let phone = two_factor(&stage, screen).await;
    container_registry(screen, &registry).await;
    activity(screen).await;
    language(screen).await;
    signs_out_and_in(screen, &phone).await;
    leaves_for_good(&stage, screen, &phone).await;
    app.close().await;
}

async fn signs_in_at(screen: &Screen, server: &Server) {
    screen.arrives_at("Where is your account?").await;
    tab_to(screen, "radio \"Use this computer\"").await;
    screen.key("ArrowDown").await;
    screen.focused("textbox \"Server URL\"").await;
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

/// On by the QR code, and the codes to a file.
async fn two_factor(stage: &Stage, screen: &Screen) -> Authenticator {
    screen.key("Control+2").await;
    screen.arrives_at("Two-factor authentication").await;
    tab_to(screen, "button \"Enable Two-Factor Authentication\"").await;
    screen.key("Enter").await;
    screen.get("button", "Continue").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    tab_to(screen, "button \"Continue\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.last_code()).await;
    screen.arrives_at("Save your backup codes").await;
    let codes = backup_codes::shown(screen).await;
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
    phone
}

/// Authorised, checked again by its menu, and removed.
async fn container_registry(screen: &Screen, registry: &PrivateRegistry<'_>) {
    screen.key("Control+8").await;
    screen.arrives_at("Container registries").await;
    screen.sees("No registries yet").await;
    tab_to(screen, "button \"Authorise registry\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Authorise registry").await;
    let host = registry.host();
    for (field, text) in [("Registry host", host.as_str()), ("Username", USERNAME), ("Password or token", PASSWORD)] {
        tab_to(screen, &format!("textbox \"{field}\"")).await;
        screen.type_text(text).await;
    }
    screen.key("Enter").await;
    screen.sees(&format!("{host} authorised")).await;
    tab_to(screen, &format!("button \"More for {host}\"")).await;
    screen.key("Enter").await;
    screen.key("Escape").await;
    screen.focused(&format!("button \"More for {host}\"")).await;
    tab_to(screen, &format!("button \"Remove {host}\"")).await;
    screen.key("Enter").await;
    screen.sees(&format!("{host} removed")).await;
}

/// Narrowed to one kind by arrows.
async fn activity(screen: &Screen) {
    screen.key("Control+9").await;
    screen.arrives_at("Activity").await;
    screen.sees("Password changed").await;
    tab_to(screen, "radio \"All\"").await;
    screen.key("ArrowRight").await;
    let chosen = "return document.querySelector('fieldset input:checked') === document.activeElement";
    screen.until("the next category is chosen", chosen).await;
    screen.key("ArrowLeft").await;
    screen.focused("radio \"All\"").await;
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

/// Presses the arrow until something of a menu has the focus; behind the last comes the first.
async fn down_to(screen: &Screen, wanted: &str) {
    for _ in 0..20 {
        if screen.focus().await == wanted {
            return;
        }
        screen.key("ArrowDown").await;
    }
    panic!("arrows do not come to {wanted}");
}

async fn signs_out_and_in(screen: &Screen, phone: &Authenticator) {
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
    screen.type_text(&phone.lasting_code()).await;
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

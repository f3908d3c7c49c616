//! What an account on a server has besides, with the keyboard alone: no test here touches the mouse.

use serde_json::json;

use crate::{
    app::App,
    keyboard::{chooses, creates_account, down_to, tab_to, tab_until},
    keyboard_mail, keyboard_security,
    person::{ADA, GRACE},
    rest::Script,
    screen::Screen,
    server::Server,
    smtp_server::{self, SmtpServer},
    stage::Stage,
};

#[tokio::test]
async fn an_account_on_a_server_needs_no_mouse() {
    let stage = Stage::set("keyboard_server");
    let smtp = SmtpServer::start();
    let clock = stage.disk().join("clock");
    std::fs::write(&clock, "+0s\n").unwrap();
    let server = Server::start_with_clock_and(
        &stage,
        &clock,
        &[
            ("LATCHKEY_SMTP__URL", &smtp.url(smtp_server::PASSWORD)),
            ("LATCHKEY_SMTP__CA_FILE", &smtp.ca_file()),
            ("LATCHKEY_SMTP__FROM", "Accounts <accounts@example.org>"),
        ],
    );
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();

    keyboard_security::signs_in_at(screen, &server).await;
    conflict(screen, &script).await;
    keyboard_mail::new_address(screen, &smtp).await;
    keyboard_mail::forgotten_password(screen, &smtp).await;
    std::fs::write(&clock, "+1h\n").unwrap();
    proof(screen).await;
    another_place(screen, &server).await;
    between_accounts(screen, &server).await;
    forgets_server(screen, &server).await;
    app.close().await;
}

/// The profile is edited here and elsewhere: thought about, read anew, and saved over the other.
async fn conflict(screen: &Screen, script: &Script) {
    let asked = "Your profile was changed elsewhere";
    let location = "textbox \"Location\"";
    tab_to(screen, "button \"Edit profile\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Edit profile").await;
    tab_to(screen, location).await;
    screen.type_text("Bergen").await;
    script.edits_profile(&json!({ "location": "Oslo" }));
    screen.key("Enter").await;
    screen.arrives_at(asked).await;
    screen.focused("button \"Keep editing\"").await;
    screen.key("Escape").await;
    screen.gone("heading", asked).await;
    screen.focused(location).await;
    assert_eq!(screen.value("Location").await, "Bergen");

    screen.key("Enter").await;
    screen.arrives_at(asked).await;
    tab_to(screen, "button \"Reload\"").await;
    screen.key("Enter").await;
    screen.gone("heading", asked).await;
    screen.focused(location).await;
    assert_eq!(screen.value("Location").await, "Oslo");

    screen.key("Control+a").await;
    screen.type_text("Bergen").await;
    script.edits_profile(&json!({ "location": "Trondheim" }));
    screen.key("Enter").await;
    screen.arrives_at(asked).await;
    tab_to(screen, "button \"Overwrite\"").await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
    assert_eq!(script.get("/v1/me").json()["location"], "Bergen");
}

/// After a while, what is to be set up asks first who is there, and goes on by itself.
async fn proof(screen: &Screen) {
    let enable = "button \"Enable Two-Factor Authentication\"";
    screen.key("Control+2").await;
    tab_to(screen, enable).await;
    screen.key("Enter").await;
    screen.arrives_at("Confirm it is you").await;
    screen.focused("textbox \"Password\"").await;
    screen.key("Escape").await;
    screen.gone("heading", "Confirm it is you").await;
    tab_to(screen, enable).await;
    screen.key("Enter").await;
    screen.focused("textbox \"Password\"").await;
    screen.type_text(keyboard_mail::NEW_PASSWORD).await;
    screen.key("Enter").await;
    screen.get("button", "Continue").await;
    screen.key("Escape").await;
    screen.gone("button", "Continue").await;
    screen.focused(enable).await;
}

/// This computer beside the server, where Grace has an account.
async fn another_place(screen: &Screen, server: &Server) {
    opens_servers(screen, &server.label()).await;
    down_to(screen, "menuitem \"Add a server…\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Where is your account?").await;
    goes_to_this_computer(screen).await;
    creates_account(screen, &GRACE).await;
}

/// From Grace to Ada in the menu behind the avatar, back by the place, and to Ada from the screen on which Grace would
/// sign in.
async fn between_accounts(screen: &Screen, server: &Server) {
    chooses(screen, &GRACE, "Switch account").await;
    screen.focused("menuitem \"Switch account\"").await;
    down_to(screen, &format!("menuitemradio \"{} {}, Latchkey\"", ADA.name, ADA.username)).await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;

    opens_servers(screen, &server.label()).await;
    down_to(screen, "menuitemradio \"This computer\"").await;
    screen.key("Enter").await;
    screen.arrives_at(GRACE.name).await;

    chooses(screen, &GRACE, "Sign out").await;
    screen.focused("textbox \"Password\"").await;
    tab_to(screen, "button \"Switch account\"").await;
    screen.key("Enter").await;
    down_to(screen, &format!("menuitem \"{} {}, Latchkey\"", ADA.name, ADA.username)).await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
}

/// The server goes, and Ada's account with it; Grace signs in.
async fn forgets_server(screen: &Screen, server: &Server) {
    opens_servers(screen, &server.label()).await;
    down_to(screen, "menuitem \"Add a server…\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Where is your account?").await;
    tab_to(screen, "button \"Forget Latchkey\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Forget Latchkey?").await;
    screen.focused("button \"Cancel\"").await;
    tab_to(screen, "button \"Forget server\"").await;
    screen.key("Enter").await;
    screen.gone("radio", "Latchkey").await;
    goes_to_this_computer(screen).await;
    screen.focused("textbox \"Password\"").await;
    screen.type_text(GRACE.password).await;
    screen.key("Enter").await;
    screen.arrives_at(GRACE.name).await;
}

/// Opens the list of servers from one of them.
async fn opens_servers(screen: &Screen, at: &str) {
    tab_to(screen, &format!("button \"Server: {at}\"")).await;
    screen.key("Enter").await;
    screen.get("menu", "Servers").await;
}

/// Chooses this computer where something else may be chosen.
async fn goes_to_this_computer(screen: &Screen) {
    let here = "radio \"Use this computer\"";
    tab_until(screen, "a radio button", |focus| focus.starts_with("radio")).await;
    if screen.focus().await != here {
        screen.key("ArrowUp").await;
    }
    screen.focused(here).await;
    screen.key(" ").await;
    tab_to(screen, "button \"Continue\"").await;
    screen.key("Enter").await;
}

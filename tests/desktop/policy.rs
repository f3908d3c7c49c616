//! A server whose administrator demands two-factor authentication.

use serde_json::json;

use crate::{
    app::App, authenticator::Authenticator, gallery::Gallery, keyboard::tab_to, person::ADA, server::Server,
    stage::Stage,
};

#[tokio::test]
async fn who_has_no_second_factor_sets_it_up_and_cannot_switch_it_off() {
    let stage = Stage::set("policy");
    let gallery = Gallery::new(&stage);
    let server = Server::start_with(&stage, &[("LATCHKEY_POLICY__TWO_FACTOR", "required")]);
    let script = ADA.joins(&server);
    let refused = script.get("/v1/me/sessions");
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("two_factor_setup_required")));

    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("radio", "Connect to a server").await;
    screen.fill("Server URL", &server.origin()).await;
    screen.sees(", version ").await;
    screen.press("button", "Continue").await;
    screen.fill("Username or email", ADA.username).await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.get("button", "Enable Two-Factor Authentication").await;
    gallery.hang(screen, "two-factor-demanded").await;
    for nowhere in ["Edit profile", ADA.name] {
        assert!(!screen.has("button", nowhere).await, "{nowhere} cannot be reached");
    }
    screen.key("Control+3").await;
    screen.get("button", "Enable Two-Factor Authentication").await;

    // Without a mouse.
    screen.focused("button \"Enable Two-Factor Authentication\"").await;
    screen.key("Enter").await;
    screen.get("button", "Continue").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    tab_to(screen, "button \"Continue\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.code()).await;
    screen.arrives_at("Save your backup codes").await;
    tab_to(screen, "button \"Copy\"").await;
    screen.key("Enter").await;
    screen.sees("They leave the clipboard").await;
    screen.key("Escape").await;
    screen.arrives_at(ADA.name).await;

    ADA.opens(screen, "Two-factor authentication").await;
    screen.sees("Required by your administrator").await;
    screen.sees("contact your System Administrator").await;
    assert!(!screen.has("button", "Disable Two-Factor Authentication").await);
    gallery.hang(screen, "two-factor-required").await;
    app.close().await;
}

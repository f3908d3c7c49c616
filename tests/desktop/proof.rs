//! What asks once more who is there: after a while, and for what could lock the owner out.

use crate::{app::App, authenticator::Authenticator, gallery::Gallery, person::ADA, server::Server, stage::Stage};

#[tokio::test]
async fn an_interrupted_action_goes_on_by_itself_after_the_proof() {
    let stage = Stage::set("proof");
    let gallery = Gallery::new(&stage);
    let clock = stage.disk().join("clock");
    std::fs::write(&clock, "+0s\n").unwrap();
    let server = Server::start_with_clock(&stage, &clock);
    ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;

    // An hour later.
    std::fs::write(&clock, "+1h\n").unwrap();
    ADA.opens(screen, "Two-factor authentication").await;
    screen.press("button", "Enable Two-Factor Authentication").await;
    screen.arrives_at("Confirm it is you").await;
    gallery.hang(screen, "proof").await;
    screen.fill("Password", "seven small otters sing").await;
    screen.press("button", "Confirm").await;
    screen.complaint_of("textbox", "Password").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Confirm").await;
    // The action that was interrupted goes on.
    screen.get("button", "Continue").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    screen.press("button", "Continue").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.code_ahead(3600)).await;
    screen.arrives_at("Save your backup codes").await;
    screen.press("button", "Copy").await;
    screen.press("button", "Close").await;
    screen.sees("Two-factor authentication is on").await;

    // Two hours later it takes both factors; changing one's mind leaves everything as it was.
    std::fs::write(&clock, "+2h\n").unwrap();
    screen.press("button", "Disable Two-Factor Authentication").await;
    screen.press("button", "Disable Two-Factor Authentication").await;
    screen.arrives_at("Confirm it is you").await;
    gallery.hang(screen, "proof-two-factor").await;
    screen.press("button", "Cancel").await;
    screen.sees("Two-factor authentication is on").await;
    screen.press("button", "Generate New Backup Codes").await;
    screen.arrives_at("Confirm it is you").await;
    screen.fill("Password", ADA.password).await;
    screen.press("textbox", "Digit 1 of 6").await;
    screen.type_text(&phone.code_ahead(7200)).await;
    screen.arrives_at("Save your new backup codes").await;
    app.close().await;
}

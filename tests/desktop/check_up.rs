//! Security check-up: what asks for something leads to what mends it, and a practice run spends no backup code.

use crate::{
    app::App, authenticator::Authenticator, backup_codes, gallery::Gallery, person::ADA, screen::Screen,
    server::Server, stage::Stage,
};

#[tokio::test]
async fn check_up() {
    let stage = Stage::set("check_up");
    let server = Server::start(&stage);
    // A session of a device nobody knows, which the service is told nothing about.
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    let gallery = Gallery::new(&stage);
    ADA.begins_on(&server, screen).await;

    screen.press("button", "Alerts").await;
    screen.press("button", "Open the security check-up").await;
    screen.arrives_at("Security check-up").await;
    screen.sees("2 things to see to").await;
    gallery.hang(screen, "check-up").await;

    closes_the_unknown_session(screen).await;
    assert_eq!(script.get("/v1/me").status, 401, "the unknown session is closed");
    let codes = switches_two_factor_on(screen).await;
    ADA.opens(screen, "Security check-up").await;
    screen.sees("Your account stands well").await;
    screen.sees("10 of 10 backup codes left").await;
    rates_the_password(screen, &gallery).await;
    gallery.hang(screen, "check-up-well").await;
    practises(screen, &gallery, &codes[3]).await;
    screen.sees("10 of 10 backup codes left").await;

    signs_in_with(screen, &codes[3]).await;
    ADA.opens(screen, "Security check-up").await;
    screen.sees("9 of 10 backup codes left").await;
    screen.press("button", "Practise").await;
    tries(screen, &codes[3], "This code has been used").await;
    tries(screen, &codes[4], "This code works").await;
    screen.key("Escape").await;
    gallery.publish(&["check-up", "check-up-practice"]);
    app.close().await;
    server.stop();
}

/// The remedy of the sessions leads to the one it is about.
async fn closes_the_unknown_session(screen: &Screen) {
    screen.sees("One session to look at").await;
    screen.press("button", "Review sessions").await;
    screen.arrives_at("Sessions").await;
    screen.until("its row has the focus", "return document.activeElement.id.startsWith('session-')").await;
    screen.press("button", "Close session").await;
    screen.sees("No other sessions").await;
}

/// The remedy of the second factor leads to the button that sets it up.
async fn switches_two_factor_on(screen: &Screen) -> Vec<String> {
    ADA.opens(screen, "Security check-up").await;
    screen.sees("No old or unknown sessions").await;
    screen.sees("One thing to see to").await;
    screen.press("button", "Set it up").await;
    screen.focused("button \"Enable Two-Factor Authentication\"").await;
    screen.key("Enter").await;
    screen.get("button", "Continue").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    screen.press("button", "Continue").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.code()).await;
    screen.arrives_at("Save your backup codes").await;
    let codes = backup_codes::shown(screen).await;
    screen.press("button", "Copy").await;
    screen.press("button", "Close").await;
    // No key of a page does anything while a dialog is open.
    screen.gone("heading", "Save your backup codes").await;
    screen.sees("Two-factor authentication is on").await;
    codes
}

async fn rates_the_password(screen: &Screen, gallery: &Gallery) {
    let place = "return document.querySelector('main').scrollTop";
    let before = screen.run(place, vec![]).await;
    screen.press("button", "Rate it").await;
    screen.focused("textbox \"Password\"").await;
    screen.key("Escape").await;
    screen.gone("heading", "How strong is your password?").await;
    screen.press("button", "Rate it").await;
    screen.focused("textbox \"Password\"").await;
    screen.type_text(ADA.password).await;
    assert_eq!(screen.run(place, vec![]).await, before, "the page stays where it was behind the dialog");
    screen.until("it is rated", "return !!document.querySelector('dialog .meter i.on')").await;
    gallery.hang(screen, "check-up-rating").await;
    screen.key("Enter").await;
    screen.sees("Strength of your password:").await;
    screen.gone("heading", "How strong is your password?").await;
    assert!(!screen.text().await.contains(ADA.password));
}

/// By keyboard alone; what comes of each code is said.
async fn practises(screen: &Screen, gallery: &Gallery, code: &str) {
    screen.press("button", "Practise").await;
    tries(screen, "aaaaa-aaaaa", "This is none of your codes").await;
    gallery.hang(screen, "check-up-practice-unknown").await;
    // As people write them down, and twice: it is not spent.
    tries(screen, &code.to_uppercase().replace('-', " "), "This code works").await;
    tries(screen, code, "This code works").await;
    gallery.hang(screen, "check-up-practice").await;
    screen.key("Escape").await;
    screen.gone("heading", "Practise with a backup code").await;
    screen.focused("button \"Practise\"").await;
}

async fn tries(screen: &Screen, code: &str, said: &str) {
    screen.focused("textbox \"Backup code\"").await;
    screen.fill("Backup code", code).await;
    screen.key("Enter").await;
    screen.sees(said).await;
}

/// The code that was practised with signs in.
async fn signs_in_with(screen: &Screen, code: &str) {
    ADA.chooses(screen, "Sign out").await;
    screen.get("textbox", "Username or email").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at("Authentication code").await;
    screen.press("button", "Use a backup code").await;
    screen.fill("Backup code", code).await;
    screen.press("button", "Verify Code").await;
    screen.sees("9 are left").await;
    screen.press("button", "Not now").await;
    screen.arrives_at(ADA.name).await;
}

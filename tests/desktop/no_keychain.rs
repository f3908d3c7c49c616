//! A machine without a keychain: the app says so, and a session ends with the app.

use crate::{app::App, person::ADA, secrets, stage::Stage};

#[tokio::test]
async fn a_session_without_a_keychain_ends_with_the_app() {
    let stage = Stage::set_without_keychain("no_keychain");
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("radio", "Use this computer").await;
    screen.press("button", "Continue").await;
    screen.sees("You will be signed out when Latchkey closes").await;
    ADA.creates_account(screen).await;
    ADA.opens(screen, "Sessions").await;
    screen.arrives_at("Sessions").await;
    screen.sees("This device").await;
    app.close().await;
    assert_eq!(secrets::holders(&stage, "lks_"), Vec::<std::path::PathBuf>::new(), "no file has a token");

    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at("Sign in").await;
    screen.sees("You will be signed out when Latchkey closes").await;
    screen.photograph("sign-in").await;
    ADA.signs_in(screen, ADA.username).await;
    app.close().await;
}

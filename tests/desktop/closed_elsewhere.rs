//! A session that is closed from another device.

use serde_json::json;

use crate::{app::App, person::ADA, server::Server, stage::Stage};

#[tokio::test]
async fn the_app_leads_to_sign_in_at_once_and_says_why() {
    let stage = Stage::set("closed_elsewhere");
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "Sessions").await;
    screen.arrives_at("Sessions").await;
    screen.sees("Close session").await;

    let closed = script.request("DELETE", "/v1/me/sessions", &[], &[]);
    assert_eq!((closed.status, closed.json()), (200, json!({ "closed": 1 })));
    screen.sees("This session was closed from another device").await;
    screen.photograph("sign-in").await;
    assert_eq!(screen.value("Username or email").await, ADA.username, "only the password is missing");
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at(ADA.name).await;
    app.close().await;

    // The same while the app was not running.
    script.request("DELETE", "/v1/me/sessions", &[], &[]);
    let app = App::open(&stage).await;
    app.screen().sees("This session was closed from another device").await;
    app.close().await;
}

#[tokio::test]
async fn another_device_is_signed_out_from_here() {
    let stage = Stage::set("close_session");
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "Sessions").await;
    screen.press("button", "Close session").await;
    screen.sees("Session closed").await;
    screen.sees("No other sessions").await;
    let refused = script.get("/v1/me");
    assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("session_closed")));
    app.close().await;
}

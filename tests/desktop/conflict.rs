//! A profile that is edited here and elsewhere at the same time.

use serde_json::json;

use crate::{app::App, gallery::Gallery, person::ADA, server::Server, stage::Stage};

#[tokio::test]
async fn whoever_saves_second_is_asked() {
    let stage = Stage::set("conflict");
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;

    // Reload drops what was typed here.
    screen.press("button", "Edit profile").await;
    screen.fill("Location", "Bergen").await;
    script.edits_profile(&json!({ "location": "Oslo", "bio": "Written elsewhere" }));
    screen.press("button", "Update User Information").await;
    screen.arrives_at("Your profile was changed elsewhere").await;
    screen.sees("Location Bergen Oslo").await;
    screen.sees("Bio Left alone Written elsewhere").await;
    let gallery = Gallery::new(&stage);
    gallery.hang(screen, "conflict").await;
    gallery.publish(&["conflict"]);
    screen.press("button", "Reload").await;
    screen.gone("heading", "Your profile was changed elsewhere").await;
    assert_eq!(screen.value("Location").await, "Oslo");
    assert_eq!(screen.value("Bio").await, "Written elsewhere");
    assert_eq!(script.get("/v1/me").json()["location"], "Oslo", "nothing was saved from here");

    // Overwrite saves what was typed here, and what was left alone stays as it was saved elsewhere.
    screen.fill("Location", "Bergen").await;
    script.edits_profile(&json!({ "location": "Trondheim", "bio": "Written elsewhere again" }));
    screen.press("button", "Update User Information").await;
    screen.arrives_at("Your profile was changed elsewhere").await;
    screen.press("button", "Overwrite").await;
    screen.arrives_at(ADA.name).await;
    screen.sees("Profile updated").await;
    let saved = script.get("/v1/me").json();
    assert_eq!((&saved["location"], &saved["bio"]), (&json!("Bergen"), &json!("Written elsewhere again")));

    // Esc keeps what was typed, to think about it.
    screen.press("button", "Edit profile").await;
    screen.fill("Location", "Ålesund").await;
    script.edits_profile(&json!({ "location": "Oslo" }));
    screen.press("button", "Update User Information").await;
    screen.arrives_at("Your profile was changed elsewhere").await;
    assert_eq!(screen.focus().await, "button \"Keep editing\"", "the harmless answer has the focus");
    screen.key("Escape").await;
    screen.gone("heading", "Your profile was changed elsewhere").await;
    assert_eq!(screen.value("Location").await, "Ålesund");

    app.close().await;
}

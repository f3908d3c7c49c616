//! The documentation of the API in the window: what it says about this server is true, and its lines run.

use latchkey_desktop_testkit::output_of;

use crate::{app::App, axe, clipboard, gallery::Gallery, person::ADA, server::Server, stage::Stage};

#[tokio::test]
async fn a_line_is_found_copied_and_run() {
    let stage = Stage::set("api_documentation");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.sees("Personal API key generated").await;
    screen.press("button", "Copy personal API key").await;
    let key = clipboard::becomes(&stage, "UTF8_STRING", |text| text.starts_with("lk_")).await;

    screen.press("button", "API documentation").await;
    screen.arrives_at("API documentation").await;
    screen.sees(&server.origin()).await;
    gallery.hang(screen, "api-documentation").await;
    for theme in ["light", "dark"] {
        screen.set_theme(Some(theme)).await;
        axe::finds_nothing(screen, &format!("API documentation, {theme}")).await;
    }
    screen.set_theme(None).await;

    let search = screen.get("searchbox", "Search the documentation").await;
    screen.focus_on(&search).await;
    screen.type_text("read the profile").await;
    screen.press("button", "GET Read the profile /v1/me").await;
    screen.press("button", "Copy the line").await;
    let line = clipboard::becomes(&stage, "UTF8_STRING", |text| text.starts_with("curl")).await;
    gallery.hang(screen, "api-documentation-entry").await;
    axe::finds_nothing(screen, "API documentation, an entry").await;

    let answer = output_of(stage.command("sh").args(["-c", &line]).env("LATCHKEY_KEY", &key));
    assert!(answer.contains(&format!("\"username\":\"{}\"", ADA.username)), "{line}: {answer}");
    app.close().await;
    gallery.publish(&["api-documentation"]);
}

//! The window itself: one, where it was left, as it was left.

use std::time::Duration;

use crate::{app, app::App, person::ADA, secrets, stage::Stage, x11::Window};

#[tokio::test]
async fn the_window_comes_back_as_it_was_left() {
    let stage = Stage::set("window");
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.until("it opens in its usual size", "return innerWidth === 1120 && innerHeight === 760").await;
    let page = app::process_of_page(&stage);
    for told in app::TOLD_TO_THE_WEB_VIEW {
        assert!(page.environment.iter().any(|variable| variable == told), "its page is not told {told}");
    }
    // Drivers of the graphics card: the page's process does not start without them, and nothing else has them.
    assert!(page.has_loaded("libEGL_mesa") && !app::process_of_app(&stage).has_loaded("libEGL_mesa"));
    ADA.begins_on_this_computer(screen).await;
    screen.press("button", ADA.name).await;
    screen.press("menuitemradio", "Dark").await;
    screen.key("Control++").await;
    screen.resize(912, 644).await;
    // The web view writes half a second later what the page keeps; whoever is quicker at the cross loses a choice.
    while secrets::holders(&stage, "latchkey.text-size").is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    app.close().await;

    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    let later = r#"return document.querySelector('link[href*="/pages-"]')"#;
    screen.until("the other pages wait for somebody", &format!("{later} === null")).await;
    screen.until("it has its size again", "return innerWidth === 912 && innerHeight === 644").await;
    screen.until("and its theme", "return document.documentElement.dataset.theme === 'dark'").await;
    screen.until("and its text size", "return document.documentElement.style.fontSize === '110%'").await;
    screen.key("Shift").await;
    screen.until("the other pages are there for whoever is", &format!("{later} !== null")).await;

    // A second start brings this window up and ends.
    app::start_again(&stage, &[]);
    assert_eq!(Window::count(&stage, "Latchkey"), 1);
    screen.arrives_at(ADA.name).await;
    app.close().await;
}

//! The entry in the tray: off until it is wanted, and the way back to a window that was closed.

use latchkey_desktop_testkit::Process;

use crate::{
    app::{self, App},
    gallery::Gallery,
    person::ADA,
    stage::Stage,
    tray_host::TrayHost,
    x11::Window,
};

const SWITCH: &str = "Show Latchkey in the tray";

#[tokio::test]
async fn a_window_that_is_closed_is_brought_back_from_the_tray() {
    let stage = Stage::set("tray");
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;

    // Where there is none, the switch says why.
    screen.key("Control+Shift+,").await;
    screen.arrives_at("App settings").await;
    screen.sees("Nothing on this desktop shows a tray.").await;
    screen.photograph("none").await;
    screen.key("Escape").await;
    screen.gone("heading", "App settings").await;

    let tray = TrayHost::start(&stage).await;
    screen.key("Control+Shift+,").await;
    screen.sees("Closing the window keeps Latchkey running there.").await;
    screen.press("switch", SWITCH).await;
    let entry = tray.entry().await;
    let gallery = Gallery::new(&stage);
    gallery.hang(screen, "app-settings").await;
    gallery.publish(&["app-settings"]);
    assert_eq!(tray.text(&entry, "Title").await, "Latchkey");
    assert_eq!(tray.text(&entry, "IconName").await, "latchkey");
    assert!(tray.picture(&entry).await > 0);
    let said: Vec<String> = tray.menu(&entry).await.into_iter().map(|(_, label)| label).collect();
    assert_eq!((said[0].as_str(), said.last().unwrap().as_str()), ("Open Latchkey", "Quit"));
    assert!(said.iter().any(|label| label == "API keys") && !said.iter().any(|label| label == "Delete account"));
    screen.key("Escape").await;
    screen.gone("heading", "App settings").await;

    // Its menu speaks the language of the window.
    ADA.chooses(screen, "Language").await;
    screen.press("menuitemradio", "Deutsch").await;
    screen.until("the language has changed", "return document.documentElement.lang === 'de'").await;
    until_said(&tray, &entry, "Sitzungen").await;
    ADA.chooses(screen, "Sprache").await;
    screen.press("menuitemradio", "English").await;
    until_said(&tray, &entry, "Sessions").await;

    screen.window().close();
    Window::until_shown(&stage, "Latchkey", false).await;
    assert!(app::is_running(&stage.home()));
    tray.choose(&entry, "Sessions").await;
    Window::until_shown(&stage, "Latchkey", true).await;
    screen.arrives_at("Sessions").await;
    screen.key("Control+w").await;
    Window::until_shown(&stage, "Latchkey", false).await;
    tray.click(&entry).await;
    Window::until_shown(&stage, "Latchkey", true).await;

    // Nobody is left without a way back.
    screen.window().close();
    Window::until_shown(&stage, "Latchkey", false).await;
    tray.end().await;
    Window::until_shown(&stage, "Latchkey", true).await;
    let tray = TrayHost::start(&stage).await;
    let entry = tray.entry().await;
    screen.window().close();
    Window::until_shown(&stage, "Latchkey", false).await;
    tray.choose(&entry, "Quit").await;
    app.ends().await;
    tray.until_gone(&entry).await;

    hidden_start(&stage, tray).await;
}

async fn until_said(tray: &TrayHost, entry: &str, label: &str) {
    for _ in 0..400 {
        if tray.menu(entry).await.iter().any(|(_, said)| said == label) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{label} is not in the menu");
}

/// A start with the desktop stays in the tray, and where there is none it shows the window.
async fn hidden_start(stage: &Stage, tray: TrayHost) {
    tray.end().await;
    let start = || {
        let mut command = stage.command(app::program());
        command.arg("--hidden");
        Process::start(command, &stage.log("hidden"))
    };
    let hidden = start();
    // The tray of a desktop may be there later than the app.
    let tray = TrayHost::start(stage).await;
    let entry = tray.entry().await;
    until_said(&tray, &entry, "Quit").await;
    assert!(!Window::is_shown(stage, "Latchkey"));
    // Started once more by the desktop it stays away, and by a person it comes.
    app::start_again(stage, &["--hidden"]);
    assert!(!Window::is_shown(stage, "Latchkey"));
    app::start_again(stage, &[]);
    Window::until_shown(stage, "Latchkey", true).await;
    tray.choose(&entry, "Quit").await;
    while app::is_running(&stage.home()) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    drop(hidden);
    tray.end().await;

    let shown = start();
    Window::until_shown(stage, "Latchkey", true).await;
    drop(shown);
}

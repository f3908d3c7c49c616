//! The start at login, as the desktop reads it.

use std::{fs, path::Path};

use latchkey_desktop_testkit::{Process, output_of};

use crate::{
    app::{self, App},
    person::ADA,
    stage::Stage,
    x11::Window,
};

const SWITCH: &str = "Start at login";
const ENTRY: &str = ".config/autostart/app.latchkey.Latchkey.desktop";

#[tokio::test]
async fn the_desktop_starts_what_was_switched_on_and_nothing_that_was_switched_off() {
    let stage = Stage::set("login");
    let entry = stage.home().join(ENTRY);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;
    screen.key("Control+Shift+,").await;
    screen.sees("and shows its window").await;
    screen.press("switch", SWITCH).await;
    switched(screen, true).await;
    output_of(stage.command("desktop-file-validate").arg(&entry));
    app.close().await;

    // The desktop's own reader finds the program in it.
    let mut reader = stage.command("gio");
    reader.arg("launch").arg(&entry);
    let started = Process::start(reader, &stage.log("started"));
    Window::until_shown(&stage, "Latchkey", true).await;
    let window = Window::titled(&stage, "Latchkey");
    while app::is_running(&stage.home()) {
        // What is clicked while the window is just being drawn is not heard; a person clicks again.
        if window.is_open() {
            window.close();
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    drop(started);

    // Somebody switches it off in the settings of the desktop.
    let written = fs::read_to_string(&entry).unwrap();
    fs::write(&entry, format!("{written}Hidden=true\n")).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    screen.key("Control+Shift+,").await;
    switched(screen, false).await;
    screen.press("switch", SWITCH).await;
    switched(screen, true).await;
    assert_eq!(fs::read_to_string(&entry).unwrap(), written);
    screen.press("switch", SWITCH).await;
    switched(screen, false).await;
    assert!(!Path::new(&entry).exists());
    screen.key("Escape").await;
    app.close().await;
}

/// Waits until the switch says so.
async fn switched(screen: &crate::screen::Screen, on: bool) {
    let says = format!(
        "return [...document.querySelectorAll('[role=switch]')].some((one) => \
         one.ariaLabel === '{SWITCH}' && one.ariaChecked === '{on}' && one.ariaBusy !== 'true')"
    );
    screen.until("the switch is turned", &says).await;
}

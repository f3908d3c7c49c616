//! Monitors that are gone, smaller ones, and those with twice as many pixels.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{app::App, person::ADA, stage::Stage};

/// Where the place and the size of the window are kept.
fn kept(stage: &Stage) -> PathBuf {
    let files = [".local/share", ".config"]
        .map(|folder| stage.home().join(folder).join("app.latchkey.Latchkey/.window-state.json"));
    files.into_iter().find(|file| file.exists()).expect("the window's place is kept")
}

#[tokio::test]
async fn a_window_left_on_a_monitor_that_is_gone_comes_back_on_one_that_is_there() {
    let stage = Stage::set_with_display("monitors", (1280, 1024), 1);
    let app = App::open(&stage).await;
    app.screen().arrives_at("Where is your account?").await;
    app.close().await;
    let file = kept(&stage);
    let left: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    for (what, change) in [
        ("to the right", json!({ "x": 1920, "y": 100, "width": 1120, "height": 760 })),
        ("above and to the left", json!({ "x": -3000, "y": -2000, "width": 1120, "height": 760 })),
        ("on a larger one", json!({ "x": 0, "y": 0, "width": 3000, "height": 2000 })),
    ] {
        let mut changed = left.clone();
        for (key, value) in change.as_object().unwrap() {
            changed["main"][key] = value.clone();
        }
        fs::write(&file, changed.to_string()).unwrap();
        let app = App::open(&stage).await;
        app.screen().arrives_at("Where is your account?").await;
        app.screen().until(what, "return innerWidth <= 1280 && innerHeight <= 1024").await;
        let [x, y, width, height] = app.screen().window().geometry();
        assert!(x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 1024, "{what}: {x} {y} {width} {height}");
        app.close().await;
    }
}

#[tokio::test]
async fn twice_the_pixels_show_the_same_page_sharper() {
    let stage = Stage::set_with_display("scale", (2560, 1600), 2);
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.until("it has its usual size", "return innerWidth === 1120 && innerHeight === 760").await;
    screen.until("at two pixels each", "return devicePixelRatio === 2").await;
    ADA.begins_on_this_computer(screen).await;
    screen.settle().await;
    let picture = stage.out().join("profile.png");
    stage.photograph(&picture);
    let [_, _, width, height] = screen.window().geometry();
    assert_eq!([width, height], [2240, 1520]);
    app.close().await;

    let app = App::open(&stage).await;
    app.screen().arrives_at("Sign in").await;
    app.screen().until("it has its size again", "return innerWidth === 1120 && innerHeight === 760").await;
    app.close().await;
}

//! What the desktop is told: a sign-in somewhere else, with a way to act on it. The daemon is dunst, which draws
//! notifications itself and can be told to press their buttons.

use std::{
    fs,
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::{Process, output_of};

use crate::{app::App, person::ADA, server::Server, stage::Stage};

#[tokio::test]
async fn a_new_sign_in_can_be_disowned_from_its_notification() {
    let stage = Stage::set("notifications");
    let _daemon = start_daemon(&stage);
    let server = Server::start(&stage);
    ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;

    let stranger = server.script().signed_in(ADA.username, ADA.password);
    until_shown(&stage).await;
    stage.photograph(&stage.out().join("notification.png"));
    let told = fs::read_to_string(stage.log("dunst")).unwrap();
    assert!(
        told.contains("New sign-in to Latchkey") && told.contains("It was not me") && told.contains("Look at sessions"),
        "{told}"
    );
    // A click on it, and its button, both ask the app.
    output_of(stage.command("dunstctl").args(["action", "0"]));

    screen.arrives_at("Sessions").await;
    screen.sees("Not you?").await;
    screen.photograph("review").await;
    screen.press("button", "Close that session").await;
    screen.sees("That session is closed").await;
    screen.press("button", "Change Password").await;
    screen.arrives_at("Password").await;
    assert_eq!(stranger.get("/v1/me").status, 401);
    app.close().await;
}

/// Starts dunst and waits until it has its name on the bus.
fn start_daemon(stage: &Stage) -> Process {
    let config = stage.disk().join("dunstrc");
    fs::write(&config, "[global]\nfollow = none\nidle_threshold = 0\n").unwrap();
    let mut command = stage.command("dunst");
    // What it is told, it prints as well.
    command.arg("-print").arg("-conf").arg(&config);
    let daemon = Process::start(command, &stage.log("dunst"));
    stage.wait_for_name("org.freedesktop.Notifications");
    daemon
}

/// Waits until a notification is on the display.
async fn until_shown(stage: &Stage) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while output_of(stage.command("dunstctl").args(["count", "displayed"])).trim() == "0" {
        assert!(Instant::now() < deadline, "no notification is shown");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

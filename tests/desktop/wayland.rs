//! The app on Wayland alone, under weston, which draws into memory at two pixels each.

use std::time::{Duration, Instant};

use latchkey_desktop_testkit::Process;
use serde_json::json;

use crate::{
    app::{self, App},
    person::ADA,
    screen::Screen,
    stage::Stage,
};

const DISPLAY: &str = "wayland-test";

/// Starts weston, and has programs of this machine use it. It ends with the answer.
fn start_weston(stage: &mut Stage) -> Process {
    let mut command = stage.command("weston");
    command.args(["--backend=headless-backend.so", "--width=2560", "--height=2048", "--scale=2", "--no-config"]);
    command.arg(format!("--socket={DISPLAY}")).env_remove("DISPLAY");
    let weston = Process::start(command, &stage.log("weston"));
    let socket = stage.disk().join("runtime").join(DISPLAY);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !socket.exists() {
        assert!(Instant::now() < deadline, "weston does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    stage.use_wayland(DISPLAY);
    weston
}

/// Types into a field. The driver has no keyboard here: weston has none that is not plugged in.
async fn type_into(screen: &Screen, name: &str, text: &str) {
    let field = screen.get("textbox", name).await;
    let script = "const [field, text] = arguments;
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    screen.run(script, vec![field.to_json().unwrap(), json!(text)]).await;
}

#[tokio::test]
async fn the_app_runs_on_wayland_alone() {
    let mut stage = Stage::set("wayland");
    let _weston = start_weston(&mut stage);
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.until("two pixels each", "return devicePixelRatio === 2").await;
    screen.press("radio", "Use this computer").await;
    screen.press("button", "Continue").await;
    screen.arrives_at("Create account").await;
    for (field, text) in
        [("Name", ADA.name), ("Username", ADA.username), ("Email", ADA.email), ("Password", ADA.password)]
    {
        type_into(screen, field, text).await;
    }
    screen.press("button", "Create account").await;
    screen.arrives_at(ADA.name).await;
    screen.photograph("profile").await;

    // weston lets no program write to the clipboard that has not the focus. That is said, and nothing is claimed.
    screen.press("button", "Copy username").await;
    screen.sees("The clipboard cannot be used").await;

    app::start_again(&stage, &["latchkey://sessions"]);
    screen.arrives_at("Sessions").await;
    let quit = "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'q', ctrlKey: true }))";
    screen.run(quit, vec![]).await;
    app.ends().await;
}

//! The clipboard of the desktop: text goes out, pictures come in.

use std::{path::Path, time::Duration};

use latchkey_desktop_testkit::Process;
use tokio::time::{Instant, sleep};

use crate::{app::App, avatar, person::ADA, photo, stage::Stage};

#[tokio::test]
async fn text_is_copied_and_a_picture_is_pasted() {
    let stage = Stage::set("clipboard");
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;

    screen.press("button", "Copy username").await;
    becomes(&stage, "UTF8_STRING", |text| text == ADA.username).await;
    screen.key("Control+v").await;
    screen.sees("There is no picture on the clipboard").await;

    let picture = stage.home().join("valley.png");
    photo::small().save(&picture).unwrap();
    let owner = copies_picture(&stage, &picture);
    becomes(&stage, "TARGETS", |offers| offers.contains("image/png")).await;
    screen.key("Control+v").await;
    screen.arrives_at("Crop avatar").await;
    screen.photograph("crop").await;
    screen.press("button", "Use as avatar").await;
    screen.sees("Avatar updated").await;
    photo::assert_upright(&avatar::shown(screen).await);
    drop(owner);
    app.close().await;
}

/// By keys or by a menu of the web view: what is secret goes past clipboard managers, and leaves again.
#[tokio::test]
async fn a_secret_that_is_selected_is_copied_as_one() {
    let stage = Stage::set("secret_selected");
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("radio", "Use this computer").await;
    screen.press("button", "Continue").await;
    screen.arrives_at("Create account").await;
    screen.fill("Name", ADA.name).await;
    screen.key("Control+a").await;
    screen.key("Control+c").await;
    becomes(&stage, "UTF8_STRING", |text| text == ADA.name).await;
    becomes(&stage, "TARGETS", |offers| !offers.contains("x-kde-passwordManagerHint")).await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Show password").await;
    screen.get("textbox", "Password").await.click().await.unwrap();
    screen.key("Control+a").await;
    screen.key("Control+c").await;
    screen.sees("It leaves the clipboard in 60 seconds.").await;
    becomes(&stage, "UTF8_STRING", |text| text == ADA.password).await;
    becomes(&stage, "TARGETS", |offers| offers.contains("x-kde-passwordManagerHint")).await;
    app.close().await;
}

/// Somebody copies a picture in another program, which stays the clipboard's owner.
fn copies_picture(stage: &Stage, picture: &Path) -> Process {
    let mut command = stage.command("xclip");
    command.args(["-quiet", "-selection", "clipboard", "-target", "image/png", "-in"]).arg(picture);
    Process::start(command, &stage.log("xclip"))
}

/// Somebody copies the text of a file in another program, which stays the clipboard's owner.
pub(crate) fn copies_text(stage: &Stage, file: &Path) -> Process {
    let mut command = stage.command("xclip");
    command.args(["-quiet", "-selection", "clipboard", "-in"]).arg(file);
    Process::start(command, &stage.log("xclip"))
}

/// Waits until the clipboard offers something, and answers it.
pub(crate) async fn becomes(stage: &Stage, target: &str, wanted: impl Fn(&str) -> bool) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let mut command = stage.command("timeout");
        let answer =
            command.args(["5", "xclip", "-out", "-selection", "clipboard", "-target", target]).output().unwrap();
        let content = String::from_utf8_lossy(&answer.stdout).into_owned();
        if wanted(content.trim_end()) {
            return content.trim_end().to_owned();
        }
        assert!(Instant::now() < deadline, "the clipboard has {content:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

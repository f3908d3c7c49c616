//! The app on Wayland, under sway, which draws into memory: the window, the clipboard, the tray of its bar, scales.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    app::{self, App},
    person::ADA,
    process::{Process, output_of},
    stage::Stage,
    tray_host::TrayHost,
};

const CONFIG: &str = "xwayland disable
output HEADLESS-1 resolution 1280x1024
default_border none
bar {
    tray_output *
}
";

/// A session of sway. It ends with the value.
struct Sway {
    _compositor: Process,
    socket: String,
}

impl Sway {
    /// Starts it, and has programs of this machine use it.
    fn start(stage: &mut Stage) -> Self {
        let config = stage.disk().join("sway.conf");
        fs::write(&config, CONFIG).unwrap();
        let mut command = stage.command("sway");
        command.arg("--config").arg(&config).env_remove("DISPLAY");
        command.envs([("WLR_BACKENDS", "headless"), ("WLR_RENDERER", "pixman"), ("WLR_LIBINPUT_NO_DEVICES", "1")]);
        let compositor = Process::start(command, &stage.log("sway"));
        let runtime = stage.disk().join("runtime");
        let named = |beginning: &str| {
            let files = fs::read_dir(&runtime).unwrap().flatten().map(|file| file.file_name().into_string().unwrap());
            files.into_iter().find(|name| name.starts_with(beginning) && !name.ends_with(".lock"))
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let (Some(display), Some(socket)) = (named("wayland-"), named("sway-ipc.")) {
                stage.use_wayland(display);
                return Self { _compositor: compositor, socket: runtime.join(socket).to_str().unwrap().to_owned() };
            }
            assert!(Instant::now() < deadline, "sway does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Has it do something, or tell something.
    fn tell(&self, stage: &Stage, arguments: &[&str]) -> String {
        output_of(stage.command("swaymsg").arg("--socket").arg(&self.socket).args(arguments))
    }

    /// Whether the window of the app is there.
    fn shows_app(&self, stage: &Stage) -> bool {
        self.tell(stage, &["-t", "get_tree"]).contains("\"app_id\": \"latchkey\"")
    }

    /// Waits until it is, or is not.
    async fn until_shown(&self, stage: &Stage, shown: bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.shows_app(stage) != shown {
            assert!(Instant::now() < deadline, "the window is{} there", if shown { " not" } else { "" });
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

/// What is on the clipboard, of this type.
fn pasted(stage: &Stage, kind: &str) -> String {
    output_of(stage.command("timeout").args(["10", "wl-paste", "--no-newline", "--type", kind]))
}

#[tokio::test]
async fn the_app_is_at_home_on_wayland_too() {
    let mut stage = Stage::set("wayland");
    let sway = Sway::start(&mut stage);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;
    sway.until_shown(&stage, true).await;

    screen.press("button", "Copy username").await;
    screen.sees("Copied").await;
    assert_eq!(pasted(&stage, "text/plain;charset=utf-8"), ADA.username);
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API key").await;
    screen.press("button", "Copy").await;
    screen.sees("It leaves the clipboard").await;
    assert!(pasted(&stage, "text/plain;charset=utf-8").starts_with("lk_"));
    assert_eq!(pasted(&stage, "x-kde-passwordManagerHint"), "secret");
    screen.photograph("api-keys").await;

    sway.tell(&stage, &["output HEADLESS-1 scale 2"]);
    screen.until("two pixels each", "return devicePixelRatio === 2").await;
    screen.photograph("twice").await;
    sway.tell(&stage, &["output HEADLESS-1 scale 1"]);
    screen.until("one pixel each", "return devicePixelRatio === 1").await;

    // The bar of sway has a tray of its own.
    screen.key("Control+Shift+,").await;
    screen.press("switch", "Show Latchkey in the tray").await;
    let entry = TrayHost::entry_elsewhere(&stage).await;
    assert!(!entry.is_empty());
    screen.press("button", "Close").await;
    screen.gone("heading", "App settings").await;
    sway.tell(&stage, &["[app_id=latchkey] kill"]);
    sway.until_shown(&stage, false).await;
    app::start_again(&stage, &["latchkey://sessions"]);
    sway.until_shown(&stage, true).await;
    screen.arrives_at("Sessions").await;

    screen.key("Control+q").await;
    app.ends().await;
}

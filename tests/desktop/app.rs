//! The app in its window, driven over WebDriver.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::{Process, output_of};
use serde_json::json;
use thirtyfour::{Capabilities, WebDriver};

use crate::{screen::Screen, stage::Stage};

/// How long the app may take to show its window or to go; generous, for a machine that builds at the same time.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the app tells GTK and the processes of its web view, and no other program.
pub(crate) const TOLD_TO_THE_WEB_VIEW: [&str; 3] =
    ["GDK_GL=disable", "JSC_useJIT=0", "WEBKIT_DISABLE_DMABUF_RENDERER=1"];

/// The running app and the driver that holds its window.
pub(crate) struct App {
    screen: Screen,
    home: PathBuf,
    // With it goes whatever the app left running.
    _driver: Process,
}

impl App {
    /// Starts the app on a machine and waits until its page is there.
    pub(crate) async fn open(stage: &Stage) -> Self {
        Self::open_with(stage, &[]).await
    }

    /// Starts it with arguments.
    pub(crate) async fn open_with(stage: &Stage, arguments: &[&str]) -> Self {
        let (port, driver) = start_driver(stage);
        let mut capabilities = Capabilities::new();
        let options = json!({ "binary": program(), "args": arguments });
        capabilities.set("webkitgtk:browserOptions", options).unwrap();
        // The driver's client is made with TLS in it, which has to come from somewhere, used or not.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let session = session.unwrap_or_else(|error| panic!("the app does not start: {error}"));
        let screen = Screen::new(session, stage).await;
        Self { screen, home: stage.home(), _driver: driver }
    }

    /// What the window shows.
    pub(crate) fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Closes the window and waits until the app is gone.
    pub(crate) async fn close(self) {
        self.screen.window().close();
        self.ends().await;
    }

    /// Waits until the app is gone.
    pub(crate) async fn ends(self) {
        let deadline = Instant::now() + PATIENCE;
        while is_running(&self.home) {
            assert!(Instant::now() < deadline, "the app does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The program under test: the one just built, or an installed one named by `LATCHKEY_APP`.
pub(crate) fn program() -> PathBuf {
    let named = std::env::var_os("LATCHKEY_APP").map(PathBuf::from);
    let program = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_latchkey")));
    fs::canonicalize(&program).unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// A driver that listens, and its port.
fn start_driver(stage: &Stage) -> (u16, Process) {
    // The driver does not choose a port itself. One that was free a moment ago may be taken; then the driver ends.
    for _ in 0..5 {
        let port = free_port();
        let mut command = stage.command("WebKitWebDriver");
        command.args(["--host=127.0.0.1", &format!("--port={port}")]);
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let mut driver = Process::start(command, &stage.log("app"));
        let deadline = Instant::now() + PATIENCE;
        while driver.runs() && Instant::now() < deadline {
            if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() && driver.runs() {
                return (port, driver);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    panic!("WebKitWebDriver does not listen");
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Starts the app once more for the same person, and waits until it has handed over what it was asked.
pub(crate) fn start_again(stage: &Stage, arguments: &[&str]) {
    output_of(stage.command("timeout").arg("20").arg(program()).args(arguments));
}

/// Whether the app runs for the person with this home directory.
pub(crate) fn is_running(home: &Path) -> bool {
    let program = program();
    processes(home, |running| running == program).next().is_some()
}

/// The process of the app for a stage's person.
pub(crate) fn process_of_app(stage: &Stage) -> Running {
    let (home, program) = (stage.home(), program());
    processes(&home, |running| running == program).next().expect("the app runs")
}

/// The process that draws its page.
pub(crate) fn process_of_page(stage: &Stage) -> Running {
    let home = stage.home();
    let mut found = processes(&home, |running| running.ends_with("WebKitWebProcess"));
    found.next().expect("the page has a process of its own")
}

/// A running process.
pub(crate) struct Running {
    /// What the kernel says of it, as files.
    told: PathBuf,
    /// The variables it was started with.
    pub(crate) environment: Vec<String>,
}

impl Running {
    /// Whether it has a library of this name in its memory.
    pub(crate) fn has_loaded(&self, library: &str) -> bool {
        fs::read_to_string(self.told.join("maps")).unwrap().contains(library)
    }
}

/// The programs that are `wanted` and run for the person with this home directory.
fn processes(home: &Path, wanted: impl Fn(&Path) -> bool) -> impl Iterator<Item = Running> {
    let home = format!("HOME={}", home.display());
    fs::read_dir("/proc").unwrap().flatten().filter_map(move |process| {
        let told = process.path();
        // A zombie has neither; so has a process that ends between the two readings.
        let environment = fs::read(told.join("environ")).ok()?;
        fs::read_link(told.join("exe")).ok().filter(|running| wanted(running))?;
        let environment: Vec<_> = environment
            .split(|byte| *byte == 0)
            .map(|variable| String::from_utf8_lossy(variable).into_owned())
            .collect();
        environment.contains(&home).then_some(Running { told, environment })
    })
}

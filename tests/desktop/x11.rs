//! The app's windows as the display sees them, moved and spoken to with xdotool.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::output_of;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use crate::stage::Stage;

/// How long a window may take to appear or to go; generous, for a machine that builds at the same time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A window on the display.
pub(crate) struct Window {
    screen: String,
    id: String,
}

impl Window {
    /// Waits for the window with this title.
    pub(crate) fn titled(stage: &Stage, title: &str) -> Self {
        let window = Self::none(stage);
        let found = window.xdotool(&["search", "--sync", "--onlyvisible", "--name", &exactly(title)]);
        Self { id: found.lines().last().unwrap().to_owned(), ..window }
    }

    /// How many windows have this title. What GTK shows beside a window, such as a hint, has it too, and is smaller than any.
    pub(crate) fn count(stage: &Stage, title: &str) -> usize {
        let all = ["search", "--onlyvisible", "--name", &exactly(title), "getwindowgeometry", "--shell", "%@"];
        let width = |line: &str| line.strip_prefix("WIDTH=")?.parse::<u32>().ok();
        Self::none(stage).xdotool(&all).lines().filter_map(width).filter(|width| *width >= 640).count()
    }

    /// Whether a window with this title is on the display.
    pub(crate) fn is_shown(stage: &Stage, title: &str) -> bool {
        let window = Self::none(stage);
        // It ends with 1 where it finds none.
        let found = window.command().args(["search", "--onlyvisible", "--name", &exactly(title)]).output().unwrap();
        !found.stdout.is_empty()
    }

    /// Waits until a window with this title is on the display, or is not.
    pub(crate) async fn until_shown(stage: &Stage, title: &str, shown: bool) {
        let deadline = Instant::now() + PATIENCE;
        while Self::is_shown(stage, title) != shown {
            assert!(Instant::now() < deadline, "{title} is{} shown", if shown { " not" } else { "" });
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Where its upper left corner is on the display, and its size, in pixels.
    pub(crate) fn geometry(&self) -> [i32; 4] {
        let said = self.xdotool(&["getwindowgeometry", "--shell", &self.id]);
        ["X", "Y", "WIDTH", "HEIGHT"].map(|wanted| {
            let mut pairs = said.lines().filter_map(|line| line.split_once('='));
            pairs.find(|(name, _)| *name == wanted).unwrap().1.parse().unwrap()
        })
    }

    fn none(stage: &Stage) -> Self {
        Self { screen: stage.screen().to_owned(), id: String::new() }
    }

    /// Gives it the keyboard, as a window manager would.
    pub(crate) fn focus(&self) {
        self.xdotool(&["windowfocus", "--sync", &self.id]);
    }

    /// Changes its size.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        self.xdotool(&["windowsize", &self.id, &width.to_string(), &height.to_string()]);
    }

    /// Asks it to close, as a window manager does when its cross is clicked (ICCCM, section 4.2.8.1).
    pub(crate) fn close(&self) {
        let (connection, _) = x11rb::connect(Some(&self.screen)).unwrap();
        let atom = |name: &str| connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let window = self.id.parse().unwrap();
        let data = [atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
        connection.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }

    /// Clicks at a place in it, in pixels from its upper left corner.
    pub(crate) fn click(&self, x: u32, y: u32) {
        self.xdotool(&["mousemove", "--window", &self.id, &x.to_string(), &y.to_string(), "click", "1"]);
    }

    /// Presses keys, such as `ctrl+l`, in whatever has the keyboard.
    pub(crate) fn keys(&self, keys: &str) {
        self.xdotool(&["key", keys]);
    }

    /// Types text in whatever has the keyboard.
    pub(crate) fn type_text(&self, text: &str) {
        self.xdotool(&["type", "--delay", "20", text]);
    }

    /// Whether it is still there.
    pub(crate) fn is_open(&self) -> bool {
        let mut command = self.command();
        command.args(["search", "--onlyvisible", "--name", "."]);
        let answer = command.output().unwrap();
        String::from_utf8_lossy(&answer.stdout).lines().any(|id| id == self.id)
    }

    fn xdotool(&self, arguments: &[&str]) -> String {
        output_of(self.command().args(arguments))
    }

    fn command(&self) -> Command {
        let mut command = Command::new("timeout");
        command.args(["30", "xdotool"]).env("DISPLAY", &self.screen);
        command
    }
}

fn exactly(title: &str) -> String {
    format!("^{title}$")
}

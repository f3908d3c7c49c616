//! The app's windows as the display sees them, moved and spoken to with xdotool.

use std::process::Command;

use crate::{process::output_of, stage::Stage};

/// A window on the display.
pub(crate) struct Window {
    environment: Vec<(String, String)>,
    id: String,
}

impl Window {
    /// Waits for the window with this title.
    pub(crate) fn titled(stage: &Stage, title: &str) -> Self {
        let template = stage.command("xdotool");
        let environment = template
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value?.to_str()?.to_owned())));
        let window = Self { environment: environment.collect(), id: String::new() };
        let found = window.xdotool(&["search", "--sync", "--onlyvisible", "--name", &format!("^{title}$")]);
        Self { id: found.lines().last().unwrap().to_owned(), ..window }
    }

    /// Gives it the keyboard, as a window manager would.
    pub(crate) fn focus(&self) {
        self.xdotool(&["windowfocus", "--sync", &self.id]);
    }

    /// Changes its size.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        self.xdotool(&["windowsize", &self.id, &width.to_string(), &height.to_string()]);
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
        command.args(["30", "xdotool"]).env_clear().envs(self.environment.iter().cloned());
        command
    }
}

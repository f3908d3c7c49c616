//! The desktop's own file dialog (GTK), used with the keyboard.

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{stage::Stage, x11::Window};

/// GTK shows nowhere that its dialog has taken a key; this is how long it takes at most on a busy machine.
const SETTLE: Duration = Duration::from_millis(400);

/// An open file dialog.
pub(crate) struct NativeDialog(Window);

impl NativeDialog {
    /// Waits for the dialog with this title.
    pub(crate) fn titled(stage: &Stage, title: &str) -> Self {
        let window = Window::titled(stage, title);
        window.focus();
        sleep(SETTLE);
        Self(window)
    }

    /// Types the path of a file into it.
    pub(crate) fn point_at(&self, file: &Path) {
        self.0.keys("ctrl+l");
        sleep(SETTLE);
        self.0.keys("ctrl+a");
        self.0.type_text(file.to_str().unwrap());
        sleep(SETTLE);
    }

    /// Saves under this path.
    pub(crate) fn save_as(self, file: &Path) {
        self.0.keys("ctrl+a");
        self.0.type_text(file.to_str().unwrap());
        sleep(SETTLE);
        self.accept();
    }

    /// Saves in a folder, under the name that was suggested, which is this one.
    pub(crate) fn save_in(self, folder: &Path, suggested: &str) {
        self.save_as(&folder.join(suggested));
    }

    /// Presses Enter until it closes.
    pub(crate) fn accept(self) {
        self.close_with("Return");
    }

    /// Presses Escape until it closes.
    pub(crate) fn cancel(self) {
        self.close_with("Escape");
    }

    fn close_with(self, key: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.0.is_open() {
            assert!(Instant::now() < deadline, "the file dialog does not close");
            self.0.keys(key);
            sleep(SETTLE);
        }
    }
}

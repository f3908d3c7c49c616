//! The window as commands act on it.

use tauri::{AppHandle, Manager};

use crate::{WINDOW, window};

/// The window of the app, and its end.
pub trait AppWindow: Send + Sync {
    /// Does what its cross does.
    fn press_close(&self);

    /// Ends the app once the page has settled what is waiting, whether the window is shown or not.
    fn quit(&self);
}

/// The app's window on the desktop.
pub struct DesktopWindow(AppHandle);

impl DesktopWindow {
    /// The window of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

impl AppWindow for DesktopWindow {
    fn press_close(&self) {
        if let Some(window) = self.0.get_webview_window(WINDOW)
            && let Err(error) = window.close()
        {
            tracing::warn!(%error, "the window cannot be closed");
        }
    }

    fn quit(&self) {
        window::quit(&self.0);
    }
}

//! The print dialog of the desktop.

use latchkey_api::desktop::{Failure, ShellCode};
use tauri::{AppHandle, Manager};

use crate::error::failure;

/// Prints what the page has laid out for paper.
pub trait Printer: Send + Sync {
    /// Opens the print dialog. Answers `printer_unavailable`.
    fn print(&self) -> Result<(), Failure>;
}

/// The dialog of the web view, above the app's window.
pub struct WindowPrinter(AppHandle);

impl WindowPrinter {
    /// The printer of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

impl Printer for WindowPrinter {
    fn print(&self) -> Result<(), Failure> {
        let Some(window) = self.0.get_webview_window(crate::WINDOW) else { return Err(unavailable()) };
        window.print().map_err(|error| {
            tracing::warn!(%error, "no print dialog");
            unavailable()
        })
    }
}

fn unavailable() -> Failure {
    failure(ShellCode::PrinterUnavailable, "Save the backup codes to a file and print that.".to_owned())
}

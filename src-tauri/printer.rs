//! The print dialog of the desktop.

use latchkey_api::desktop::{Failure, ShellCode};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::error::failure;

/// Prints what the page has laid out for paper.
#[async_trait::async_trait]
pub trait Printer: Send + Sync {
    /// Opens the print dialog. Answers when the sheet was handed to the printer; `cancelled` where the person changed
    /// their mind, `printer_unavailable` where it cannot be printed.
    async fn print(&self) -> Result<(), Failure>;
}

/// The dialog of the web view, above the app's window. Only on Linux so far.
pub struct WindowPrinter(AppHandle);

impl WindowPrinter {
    /// The printer of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

#[async_trait::async_trait]
impl Printer for WindowPrinter {
    async fn print(&self) -> Result<(), Failure> {
        match self.0.get_webview_window(crate::WINDOW) {
            Some(window) => dialog(window).await,
            None => Err(unavailable()),
        }
    }
}

/// The web view's own `print` does not say what became of the sheet, and a cancelled dialog must not count as saved.
#[cfg(target_os = "linux")]
async fn dialog(window: WebviewWindow) -> Result<(), Failure> {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use tokio::sync::oneshot;
    use webkit2gtk::{PrintOperation, PrintOperationExt, PrintOperationResponse};

    /// From the dialog's Print to the printer's word; after that the sheet is on its way.
    const ON_ITS_WAY: Duration = Duration::from_mins(1);

    let (accept, accepted) = oneshot::channel();
    let (fail, failed) = oneshot::channel();
    let above = window.clone();
    let opened = window.with_webview(move |view| {
        let operation = PrintOperation::new(&view.inner());
        let outcome = Rc::new(Cell::new(Some(fail)));
        let on_failure = Rc::clone(&outcome);
        operation.connect_failed(move |_, error| {
            tracing::warn!(%error, "a sheet could not be printed");
            if let Some(fail) = on_failure.take() {
                let _ = fail.send(true);
            }
        });
        // Holds on to the operation until the printer has everything.
        let held = Rc::new(Cell::new(Some(operation.clone())));
        let until_finished = Rc::clone(&held);
        operation.connect_finished(move |_| {
            if let Some(fail) = outcome.take() {
                let _ = fail.send(false);
            }
            until_finished.take();
        });
        let printing = operation.run_dialog(above.gtk_window().ok().as_ref()) == PrintOperationResponse::Print;
        if !printing {
            held.take();
        }
        let _ = accept.send(printing);
    });
    if let Err(error) = opened {
        tracing::warn!(%error, "no print dialog");
        return Err(unavailable());
    }
    match accepted.await {
        Ok(true) => {}
        Ok(false) => return Err(crate::error::cancelled()),
        Err(_) => return Err(unavailable()),
    }
    match tokio::time::timeout(ON_ITS_WAY, failed).await {
        Ok(Ok(true)) => Err(unavailable()),
        _ => Ok(()),
    }
}

/// Elsewhere nothing says yet what became of the sheet: the web view's `print` answers before the dialog does. Until it
/// can be known, nothing is printed, so that nothing counts as printed that was not.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "as on Linux")]
async fn dialog(_: WebviewWindow) -> Result<(), Failure> {
    Err(unavailable())
}

fn unavailable() -> Failure {
    failure(ShellCode::PrinterUnavailable, "Save the backup codes to a file and print that.".to_owned())
}

//! The person's browser.

use latchkey_api::desktop::{Failure, ShellCode};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use crate::error::failure;

/// Opens pages outside the app.
pub trait Browser: Send + Sync {
    /// Opens a page. Answers `browser_unavailable`.
    fn open(&self, url: &str) -> Result<(), Failure>;
}

/// The browser the desktop prefers.
pub struct SystemBrowser(AppHandle);

impl SystemBrowser {
    /// The browser, through the app's plugin.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

impl Browser for SystemBrowser {
    fn open(&self, url: &str) -> Result<(), Failure> {
        self.0.opener().open_url(url, None::<&str>).map_err(|error| {
            tracing::warn!(%error, "no browser");
            failure(ShellCode::BrowserUnavailable, format!("Open {url} in a browser of yours."))
        })
    }
}

//! The person's browser.

use std::sync::Arc;

use latchkey_api::{
    desktop::{Failure, ShellCode},
    problem::{ErrorCode, Problem},
};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use url::{Host, Url};

use crate::{
    blocking::blocking,
    error::{failure, refused},
    state::AppState,
};

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

/// Opens a page that somebody else named: one on the web, or one of this computer, and nothing that a desktop would start a
/// program for.
pub(crate) async fn open(app: &AppState, page: String) -> Result<(), Failure> {
    if !is_page(&page) {
        tracing::warn!("an address that no browser is for was not opened");
        return Err(refused(Problem::new(ErrorCode::NotFound).detail("This is not the address of a page on the web.")));
    }
    let browser = Arc::clone(&app.parts.browser);
    blocking(move || browser.open(&page)).await
}

fn is_page(address: &str) -> bool {
    let Ok(address) = Url::parse(address) else { return false };
    if !address.username().is_empty() || address.password().is_some() {
        return false;
    }
    match (address.scheme(), address.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn only_pages_on_the_web_and_of_this_computer_are_opened() {
        for page in
            ["https://github.com/login/device", "http://127.0.0.1:3000/a", "http://[::1]/", "http://localhost:1"]
        {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "http://github.com/",
            "http://127.0.0.1.example.org/",
            "https://ada:secret@github.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ssh://github.com",
            "--version",
            "",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }
}

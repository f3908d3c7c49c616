//! The person's browser.

use std::{io, sync::Arc};

use latchkey_api::{
    desktop::{Failure, ShellCode},
    problem::{ErrorCode, Problem},
};
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
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &str) -> Result<(), Failure> {
        launch(url).map_err(|error| {
            tracing::warn!(%error, "no browser");
            failure(ShellCode::BrowserUnavailable, format!("Open {url} in a browser of yours."))
        })
    }
}

#[cfg(not(target_os = "linux"))]
fn launch(url: &str) -> io::Result<()> {
    open::that_detached(url)
}

/// The first program that takes the page, in a group of its own: it outlives the app. Waits for as long as one needs that fails.
#[cfg(target_os = "linux")]
fn launch(url: &str) -> io::Result<()> {
    use std::{
        os::unix::process::CommandExt,
        process::Stdio,
        sync::mpsc::{self, RecvTimeoutError},
        thread,
        time::Duration,
    };

    /// A program that still runs after it has a browser: some stay until the page is closed.
    const FAILS_BY: Duration = Duration::from_millis(250);

    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for mut command in open::commands(url) {
        crate::web_process::keep_from(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut program = match command.spawn() {
            Ok(program) => program,
            Err(error) => {
                last = error;
                continue;
            }
        };
        let (ended, end) = mpsc::channel();
        thread::spawn(move || ended.send(program.wait()));
        match end.recv_timeout(FAILS_BY) {
            Ok(Ok(status)) if !status.success() => last = io::Error::other(status.to_string()),
            Ok(Ok(_)) | Err(RecvTimeoutError::Timeout) => return Ok(()),
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
    Err(last)
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

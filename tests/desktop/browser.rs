//! The browser of the person: a program that writes down which pages it was to open.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use tokio::time::{Instant, sleep};

use crate::{app, stage::Stage};

/// What desktops open pages with.
const PROGRAM: &str = "xdg-open";

/// The browser of one machine.
pub(crate) struct Browser {
    pages: PathBuf,
    environment: PathBuf,
    looked_at: usize,
}

impl Browser {
    /// Installs it. The app must not have started.
    pub(crate) fn install(stage: &Stage) -> Self {
        let program = stage.programs().join(PROGRAM);
        let (pages, environment) = (stage.disk().join("pages"), stage.disk().join("environment"));
        let script =
            format!("#!/bin/sh\nenv > '{}'\nprintf '%s\\n' \"$1\" >> '{}'\n", environment.display(), pages.display());
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        Self { pages, environment, looked_at: 0 }
    }

    /// Waits for the next page that is opened, and asserts that the browser was not told what the app's own web view is.
    pub(crate) async fn next_page(&mut self) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let pages = fs::read_to_string(&self.pages).unwrap_or_default();
            let complete = pages.rfind('\n').map_or("", |end| &pages[..end]);
            if let Some(page) = complete.lines().nth(self.looked_at) {
                self.looked_at += 1;
                let environment = fs::read_to_string(&self.environment).unwrap();
                for told in app::TOLD_TO_THE_WEB_VIEW {
                    assert!(!environment.contains(told), "the browser is told {told}");
                }
                return page.to_owned();
            }
            assert!(Instant::now() < deadline, "no page is opened after {pages:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }
}

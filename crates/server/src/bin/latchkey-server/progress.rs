//! Says on a terminal how far something is that takes long.

use std::io::{self, IsTerminal, Write};

use latchkey_service::Progress;

/// A line on standard error that is written over. Nothing where nobody looks.
pub(crate) struct Line {
    shown: bool,
    wanted: bool,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self { shown: false, wanted: io::stderr().is_terminal() }
    }

    /// Bytes of a file.
    pub(crate) fn bytes(&mut self, what: &str, Progress { done, of }: Progress) {
        // What is not known exactly is never said to be more than all of it.
        let hundredth = done.saturating_mul(100).checked_div(of).unwrap_or(100).min(100);
        self.show(format_args!("{what}: {} of {}, {hundredth} %", size(done), size(of)));
    }

    pub(crate) fn show(&mut self, line: std::fmt::Arguments<'_>) {
        if self.wanted {
            self.shown = true;
            let _ = write!(io::stderr(), "\r\x1b[K{line}");
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// As in `1.5 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

//! A clock of the program's that a test sets: libfaketime reads how far it is off from a file.

use std::{path::PathBuf, sync::Mutex, time::Duration};

use tempfile::TempDir;

use crate::tools;

pub(crate) struct Clock {
    folder: TempDir,
    /// Seconds it is ahead.
    off: Mutex<i64>,
}

impl Clock {
    /// One that is right.
    pub(crate) fn new() -> Self {
        let clock = Self { folder: tempfile::tempdir().unwrap(), off: Mutex::default() };
        clock.advance(Duration::ZERO);
        clock
    }

    /// What a program is started with to go by it.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let library = tools::well(tools::system("sh").args(["-c", "ls /usr/lib/*/faketime/libfaketime.so.1"]));
        vec![
            ("LD_PRELOAD", library.trim().to_owned()),
            ("FAKETIME_TIMESTAMP_FILE", self.file().display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.jump(by.as_secs().cast_signed());
    }

    /// Sets it forward, or back, by seconds. The program never reads half of what is written.
    pub(crate) fn jump(&self, by: i64) {
        let mut off = self.off.lock().unwrap();
        *off += by;
        let written = self.folder.path().join("next");
        std::fs::write(&written, format!("{:+}s\n", *off)).unwrap();
        std::fs::rename(written, self.file()).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }
}

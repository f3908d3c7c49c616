//! Load: wrk, with requests from a file.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use serde::Deserialize;

/// What drives a server: whom, with which requests, over how many connections.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) server: SocketAddr,
    /// As `load.lua` reads them.
    pub(crate) requests: PathBuf,
    pub(crate) connections: u32,
}

/// What wrk saw. Times are in microseconds.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Seen {
    requests: u32,
    micros: u32,
    refused: u32,
    broken: u32,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Seen {
    /// Requests a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.requests) / (f64::from(self.micros) / 1e6)
    }
}

impl Load {
    /// Drives it for so long. `from` is where in the requests to begin, 0 to 1. A request that is refused or gets no answer
    /// fails the run: what is measured is the work.
    pub(crate) fn drive(&self, seconds: u64, from: f64) -> anyhow::Result<Seen> {
        let script = self.requests.with_file_name("load.lua");
        std::fs::write(&script, include_str!("load.lua"))?;
        let mut wrk = Command::new("wrk");
        // One thread: more would take from the server what one has to spare.
        wrk.args(["--threads", "1", "--connections", &self.connections.to_string(), "--timeout", "20"]);
        wrk.arg("--duration").arg(format!("{seconds}s")).arg("--script").arg(&script);
        wrk.arg(format!("http://{}/", self.server)).arg(&self.requests).arg(from.to_string());
        wrk.stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = wrk.output().context("wrk cannot be run")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find(|line| line.starts_with('{')).with_context(|| format!("wrk said:\n{text}"))?;
        let seen: Seen = serde_json::from_str(line)?;
        ensure!(
            seen.refused == 0 && seen.broken == 0 && seen.requests > 0,
            "{} answers were refusals and {} never came, of {} of {}",
            seen.refused,
            seen.broken,
            seen.requests,
            self.requests.display()
        );
        Ok(seen)
    }
}

/// Writes requests for `load.lua`.
pub(crate) fn write(path: &Path, requests: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
    let texts: Vec<String> = requests.into_iter().collect();
    ensure!(!texts.is_empty(), "there is nothing to ask");
    std::fs::write(path, texts.join("\0")).with_context(|| format!("{} cannot be written", path.display()))
}

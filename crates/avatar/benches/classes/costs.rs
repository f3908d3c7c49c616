//! What a process costs: its wall time, its CPU time (user and system, of all its threads) and its peak of memory.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Milliseconds and megabytes of one process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) peak: f64,
}

/// Runs a program to its end and returns what it cost and what it said.
///
/// Between it and this program stands another copy of this one, which has had no other child and is small itself: the
/// peak of a child counts from the memory of the process that starts it.
pub(crate) fn run(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> (Cost, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg("--cost").arg(&program).args(arguments).stderr(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let (said, figures) = said.trim_end().rsplit_once('\n').unwrap_or(("", said.trim_end()));
    let figures: Vec<f64> = figures.split(' ').filter_map(|figure| figure.parse().ok()).collect();
    let [wall, cpu, peak] = figures[..] else {
        panic!("{} failed", program.as_ref().display());
    };
    (Cost { wall, cpu, peak }, said.to_owned())
}

/// Runs a program to its end and says what it cost in the last line of the output; nothing where it fails.
pub(crate) fn of_child(program: &str, arguments: &[&str]) {
    let start = Instant::now();
    let status = Command::new(program).args(arguments).status().unwrap();
    let wall = start.elapsed().as_secs_f64() * 1e3;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e3;
    if status.success() {
        println!("\n{wall} {cpu} {}", usage.max_rss() as f64 * 1024.0 / 1e6);
    }
}

/// The middle of `figures`.
pub(crate) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

//! Lines of the log on their way to standard error: many in one write.
//!
//! A line for each request would be a system call for each request, which costs as much as reading the session. What is
//! said on the way (info, debug, trace) waits for up to [`PAUSE`], and a warning or an error takes it along at once. Who
//! ends the program with SIGKILL loses what waits, and no warning.

use std::{
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits for others.
const PAUSE: Duration = Duration::from_millis(50);

/// Bytes that wait at most.
const MOST: usize = 64 * 1024;

/// The way of all lines. Dropped, it writes what waits.
pub(crate) struct LogLines(Writer);

/// Makes the writers of lines.
#[derive(Clone)]
pub(crate) struct Writer {
    waiting: Arc<Waiting>,
    /// Where no thread looks after what waits, nothing waits.
    waits: bool,
}

#[derive(Default)]
struct Waiting {
    lines: Mutex<Vec<u8>>,
    some: Condvar,
}

/// One line.
pub(crate) struct Line<'a> {
    waiting: &'a Waiting,
    at_once: bool,
}

impl LogLines {
    pub(crate) fn start() -> Self {
        let waiting = Arc::new(Waiting::default());
        let theirs = Arc::clone(&waiting);
        let started = thread::Builder::new().name("log".into()).spawn(move || theirs.look_after());
        Self(Writer { waiting, waits: started.is_ok() })
    }

    pub(crate) fn writer(&self) -> Writer {
        self.0.clone()
    }
}

impl Drop for LogLines {
    fn drop(&mut self) {
        write_out(&mut self.0.waiting.lines());
    }
}

impl Waiting {
    fn lines(&self) -> MutexGuard<'_, Vec<u8>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_after(&self) {
        loop {
            let mut lines = self.lines();
            while lines.is_empty() {
                lines = self.some.wait(lines).unwrap_or_else(PoisonError::into_inner);
            }
            drop(lines);
            thread::sleep(PAUSE);
            write_out(&mut self.lines());
        }
    }
}

/// Whoever comes next waits meanwhile: lines keep their order.
fn write_out(lines: &mut Vec<u8>) {
    // There is nowhere to say that it fails.
    let _ = io::stderr().lock().write_all(lines);
    lines.clear();
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { waiting: &self.waiting, at_once: !self.waits }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Line<'a> {
        Line { waiting: &self.waiting, at_once: !self.waits || *about.level() <= Level::WARN }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.waiting.lines();
        let first = lines.is_empty();
        lines.extend_from_slice(bytes);
        if self.at_once || lines.len() >= MOST {
            write_out(&mut lines);
        } else if first {
            self.waiting.some.notify_one();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

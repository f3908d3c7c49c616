//! A program that runs beside a test and ends with it.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running program. It leads a process group of its own, so that whatever it started ends with it, and the kernel
/// ends it when the test is killed (`setpriv --pdeathsig`).
pub struct Process {
    child: Child,
    name: String,
}

/// A program that will run beside a test: `setpriv` in front of it, nothing of the tester's own environment but PATH.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program.as_ref());
    command.env_clear().process_group(0).stdin(Stdio::null());
    for kept in ["PATH", "LANG"] {
        command.envs(std::env::var_os(kept).map(|value| (kept, value)));
    }
    command
}

impl Process {
    /// Starts a program that writes what it says to `log`.
    pub fn start(mut command: Command, log: &Path) -> Self {
        let name = log.file_stem().unwrap().to_string_lossy().into_owned();
        command.stdout(append(log)).stderr(append(log));
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { child, name }
    }

    /// Starts a program and waits for the first line on its standard output that `wanted` takes something from.
    pub fn start_and_read<T>(mut command: Command, log: &Path, wanted: impl Fn(&str) -> Option<T>) -> (Self, T) {
        let name = log.file_stem().unwrap().to_string_lossy().into_owned();
        command.stdout(Stdio::piped()).stderr(append(log));
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut copy = append(log);
        let process = Self { child, name };
        for line in &mut lines {
            let line = line.unwrap();
            writeln!(copy, "{line}").unwrap();
            if let Some(found) = wanted(&line) {
                // What it says later goes to the log too; a full pipe would stop the program.
                std::thread::spawn(move || {
                    for line in lines.map_while(Result::ok) {
                        let _ = writeln!(copy, "{line}");
                    }
                });
                return (process, found);
            }
        }
        panic!("{} ended before it was ready: {}", process.name, std::fs::read_to_string(log).unwrap_or_default());
    }

    /// Gives the program something on its standard input, which must be piped, and closes it.
    pub fn tell(&mut self, text: &str) {
        self.child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends the program, and by force when it does not listen.
    pub fn end(&mut self) {
        let group = Pid::from_child(&self.child);
        let _ = kill_process_group(group, Signal::TERM);
        let deadline = Instant::now() + PATIENCE;
        while self.runs() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs a program to its end and answers what it wrote to its standard output.
pub fn output_of(command: &mut Command) -> String {
    let answer = command.stderr(Stdio::piped()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let complaint = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{command:?} ended with {}: {complaint}", answer.status);
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

fn append(log: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(log).unwrap()
}

//! Runs the program.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Output, Stdio},
    thread::JoinHandle,
};

use latchkey_client::Client;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_latchkey-server");

/// The program, without the settings of whoever runs the test.
pub(crate) fn program() -> Command {
    program_behind(&[])
}

/// The same, started by another program that becomes it, such as one that sets its limits.
pub(crate) fn program_behind(wrapper: &[&str]) -> Command {
    let mut words = wrapper.iter().copied().chain([PROGRAM]);
    let mut command = Command::new(words.next().unwrap_or(PROGRAM));
    command.args(words);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LATCHKEY_")) {
        command.env_remove(name);
    }
    command
}

/// A folder of its own for the data of one test.
pub(crate) struct Home {
    dir: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs a command on the data to its end, with text on standard input.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = program();
        command.args(arguments).arg("--data").arg(self.data());
        ended(&mut command, input)
    }

    pub(crate) fn serve(&self, environment: &[(&str, &str)]) -> Served {
        Served::start(self.serving(&[], "127.0.0.1:0", environment))
    }

    /// What is run to serve the data at an address, behind another program.
    pub(crate) fn serving(&self, wrapper: &[&str], listen: &str, environment: &[(&str, &str)]) -> Command {
        let mut command = program_behind(wrapper);
        command.args(["serve", "--listen", listen, "--data"]).arg(self.data());
        // Providers and registries of tests are on this computer.
        command.env("LATCHKEY_OUTBOUND__PRIVATE_NETWORKS", "allow");
        command.envs(environment.iter().copied());
        command
    }
}

pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// Standard output of a run that went well.
    pub(crate) fn well(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""));
        self.out
    }
}

pub(crate) fn ended(command: &mut Command, input: &str) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that never reads it has closed it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

/// A service that runs until it is stopped, or its test ends.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    out: BufReader<ChildStdout>,
    pub(crate) log: Option<JoinHandle<String>>,
}

impl Served {
    /// Starts it, and waits until it says where it listens.
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Read all along, so that the program never waits for somebody to take its log.
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on http").map(|rest| rest.trim_start_matches('s'));
        let address = address.and_then(|rest| rest.strip_prefix("://")?.strip_suffix('\n'));
        let address = address.unwrap_or_else(|| panic!("a line that says where, not {line:?}")).parse().unwrap();
        Self { child, address, out, log: Some(log) }
    }

    pub(crate) fn client(&self) -> Client {
        Client::remote(&format!("http://{}", self.address).parse().unwrap(), "Test/1").unwrap()
    }

    /// The next line on standard output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Sends a signal, as a service manager does.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for the end: exit code, what else it said on standard output, and its log.
    pub(crate) fn end(mut self) -> Ended {
        let code = self.child.wait().unwrap().code().expect("an end of its own");
        let mut out = String::new();
        self.out.read_to_string(&mut out).unwrap();
        Ended { code, out, err: self.log.take().unwrap().join().unwrap() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

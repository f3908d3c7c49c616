//! Programs of others that the tests run.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{RecvTimeoutError, channel},
    time::{Duration, Instant},
};

/// How long a program may take until it is ready, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that ends with the test that runs it, however that ends.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Where scripts/lib/python.sh installs what is written in Python.
pub(crate) fn python() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| PathBuf::from(env::var_os("HOME").expect("a home")).join(".cache"), PathBuf::from);
    let python = cache.join("latchkey/python/bin/python");
    assert!(python.exists(), "{} is missing: run scripts/test rust once, which installs it", python.display());
    python
}

/// A program of the system's. Debian keeps servers where the PATH of people does not lead.
pub(crate) fn system(name: &str) -> Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    command(found.unwrap_or_else(|| panic!("{name} is missing: run scripts/test rust once, which installs it")))
}

/// What stands in a page of the documentation behind the name of a file, between the next two fences.
pub(crate) fn snippet(page: &str, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let text = std::fs::read_to_string(path).unwrap();
    let after = text.split_once(&format!("`{name}`")).unwrap_or_else(|| panic!("{page} names no {name}")).1;
    let (_, block) = after.split_once("```").unwrap();
    let (_, block) = block.split_once('\n').unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// Runs a program to its end; what it says is text, but for frames of HTTP/2 that OpenSSL shows if they come in time.
pub(crate) fn output(command: &mut Command) -> (bool, String, String) {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.success(), text(stdout), text(stderr))
}

/// Runs a program to its end, which is a good one; what it wrote to standard output.
pub(crate) fn well(command: &mut Command) -> String {
    let (good, out, err) = output(command);
    assert!(good, "{command:?}: {out}{err}");
    out
}

/// A server that runs until its test ends, with whatever it started itself.
pub(crate) struct Running(Child);

impl Running {
    /// Starts it, and waits for what it says of itself on standard error once it is ready. `None` where it ends before.
    pub(crate) fn start<T: Send + 'static>(
        mut command: Command,
        heard: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> Option<(Self, T)> {
        let name = format!("{command:?}");
        let mut child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let running = Self(child);
        let (sender, receiver) = channel();
        // Read all along, so that the program never waits for somebody to take its log.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Shown where the test fails.
                eprintln!("{line}");
                if let Some(ready) = heard(&line) {
                    let _ = sender.send(ready);
                }
            }
        });
        match receiver.recv_timeout(PATIENCE) {
            Ok(ready) => Some((running, ready)),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("{name} is not ready in time"),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}

/// Waits for what happens soon, and no longer than it may take.
pub(crate) async fn eventually<T>(most: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < most, "it did not happen within {most:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

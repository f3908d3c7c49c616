//! A real `latchkey-server`, as a team runs it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use latchkey_desktop_testkit::{Process, output_of};

use crate::{rest::Script, stage::Stage};

/// A running server.
pub(crate) struct Server {
    process: Process,
    address: SocketAddr,
}

impl Server {
    /// Starts a server with a database of its own, on a port the system chose.
    pub(crate) fn start(stage: &Stage) -> Self {
        Self::start_on(stage, &stage.disk().join("server/accounts.sqlite"), "127.0.0.1:0")
    }

    /// Starts a server with a database of its own and these settings.
    pub(crate) fn start_with(stage: &Stage, settings: &[(&str, &str)]) -> Self {
        Self::run(stage, &stage.disk().join("server/accounts.sqlite"), "127.0.0.1:0", settings)
    }

    /// Starts a server whose clock is off by what stands in a file, as faketime reads it.
    pub(crate) fn start_with_clock(stage: &Stage, clock: &Path) -> Self {
        Self::start_with_clock_and(stage, clock, &[])
    }

    /// Starts such a server with these settings.
    pub(crate) fn start_with_clock_and(stage: &Stage, clock: &Path, settings: &[(&str, &str)]) -> Self {
        let library = output_of(Command::new("sh").args(["-c", "ls /usr/lib/*/faketime/libfaketime.so.1"]));
        let clock = [
            ("LD_PRELOAD", library.trim()),
            ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        Self::start_with(stage, &[&clock, settings].concat())
    }

    /// Starts a server on a database, at an address.
    pub(crate) fn start_on(stage: &Stage, database: &Path, listen: &str) -> Self {
        Self::run(stage, database, listen, &[])
    }

    fn run(stage: &Stage, database: &Path, listen: &str, settings: &[(&str, &str)]) -> Self {
        let data = stage.disk().join("server");
        std::fs::create_dir_all(&data).unwrap();
        let mut command = stage.command(program());
        command.args(["serve", "--listen", listen, "--database"]).arg(format!("sqlite:{}", database.display()));
        command.arg("--data").arg(data);
        // Tests sign in faster than people do.
        command.env("LATCHKEY_POLICY__THROTTLES", "off");
        // Their providers and registries are on this computer.
        command.env("LATCHKEY_OUTBOUND__PRIVATE_NETWORKS", "allow");
        command.envs(settings.iter().copied());
        let (process, address) = Process::start_and_read(command, &stage.log("server"), |line| {
            line.strip_prefix("listening on http://")?.trim().parse().ok()
        });
        Self { process, address }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a person types to connect to it.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the app names it: its name and its host.
    pub(crate) fn label(&self) -> String {
        format!("Latchkey {}", self.address)
    }

    /// Somebody's script that uses it.
    pub(crate) fn script(&self) -> Script {
        Script::at(self.address)
    }

    /// Stops it.
    pub(crate) fn stop(mut self) {
        self.process.end();
    }
}

/// The server's program, which is built beside the app's; a build of the app alone does not make it.
fn program() -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_latchkey")).with_file_name("latchkey-server");
    if !beside.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "-p", "latchkey-server", "--bin", "latchkey-server"]);
        // The folder with the profile's name stands in the target folder.
        build.arg("--target-dir").arg(beside.ancestors().nth(2).unwrap());
        output_of(build.current_dir(env!("CARGO_MANIFEST_DIR")));
    }
    beside
}

//! A session bus and a keychain on it.

use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::process::{Process, command, output_of};

/// A bus on which nothing starts by itself: what is not started here is missing, as on a bare machine.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=RUNTIME</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_type="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// The password of the keychain. Without one, gnome-keyring would write its file in the clear.
const KEYCHAIN_PASSWORD: &str = "keychain of a test";

/// How long somebody may take to appear on the bus, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// A session bus, and the keychain on it if it was unlocked. Both end with the value.
pub struct Session {
    // In the order in which they have to end.
    keychain: Option<Process>,
    _bus: Process,
    address: String,
    runtime: PathBuf,
    logs: PathBuf,
}

impl Session {
    /// Starts a bus with its files in one folder and its log in another. Both folders are there.
    pub fn start(folder: &Path, logs: &Path) -> Self {
        let (runtime, configuration) = (folder.join("runtime"), folder.join("bus.conf"));
        fs::DirBuilder::new().mode(0o700).create(&runtime).unwrap();
        fs::write(&configuration, BUS.replace("RUNTIME", runtime.to_str().unwrap())).unwrap();
        let mut bus = command("dbus-daemon");
        bus.args(["--nofork", "--print-address=1"]).arg(format!("--config-file={}", configuration.display()));
        let (bus, address) = Process::start_and_read(bus, &logs.join("bus.log"), |line| Some(line.trim().to_owned()));
        Self { keychain: None, _bus: bus, address, runtime, logs: logs.to_owned() }
    }

    /// Starts a keychain that keeps its files in a home, and unlocks it.
    pub fn unlock_keychain(&mut self, home: &Path) {
        let mut daemon = command("gnome-keyring-daemon");
        self.enter(&mut daemon).env("HOME", home);
        daemon.args(["--unlock", "--foreground", "--components=secrets"]).stdin(Stdio::piped());
        let mut keychain = Process::start(daemon, &self.logs.join("keychain.log"));
        keychain.tell(KEYCHAIN_PASSWORD);
        self.wait_for_name("org.freedesktop.secrets");
        self.keychain = Some(keychain);
    }

    /// Gives a program the environment in which it finds the bus.
    pub fn enter<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("XDG_RUNTIME_DIR", &self.runtime).env("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }

    /// The address of the bus.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until somebody has a name on the bus.
    pub fn wait_for_name(&self, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut ask = command("dbus-send");
            ask.args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")]);
            if output_of(self.enter(&mut ask)).contains("true") {
                return;
            }
            assert!(Instant::now() < deadline, "{name} does not appear on the bus");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

//! A desktop for one run: a display, a session bus and an unlocked keychain, and homes of people at it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

/// A bus on which nothing starts by itself.
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

/// Pixels of the display.
pub(crate) const WIDTH: usize = 1280;
pub(crate) const HEIGHT: usize = 800;

const PATIENCE: Duration = Duration::from_secs(20);

/// The desktop. It ends with the value.
pub(crate) struct Desk {
    folder: PathBuf,
    display: String,
    bus: String,
    /// In the order in which they have to end.
    servers: Vec<Child>,
}

impl Desk {
    /// Starts everything, with its files in a folder.
    pub(crate) fn set_up(folder: &Path) -> anyhow::Result<Self> {
        let mut desk =
            Self { folder: folder.to_owned(), display: String::new(), bus: String::new(), servers: Vec::new() };
        for private in ["runtime", "screen", "keychain"] {
            fs::DirBuilder::new().mode(0o700).create(folder.join(private))?;
        }
        let mut display = Command::new("Xvfb");
        // It would begin anew when its last client has gone, and one that starts meanwhile would find none.
        display.args([
            "-noreset",
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{WIDTH}x{HEIGHT}x24"),
            "-nolisten",
            "tcp",
            "-fbdir",
        ]);
        desk.display = format!(":{}", desk.serve(display.arg(folder.join("screen")), "display")?);
        let configuration = folder.join("bus.conf");
        fs::write(&configuration, BUS.replace("RUNTIME", &folder.join("runtime").display().to_string()))?;
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--nofork", "--print-address=1"]).arg(format!("--config-file={}", configuration.display()));
        desk.bus = desk.serve(&mut bus, "bus")?;
        desk.unlock_keychain()?;
        Ok(desk)
    }

    /// Starts a server, and answers the first line it writes.
    fn serve(&mut self, command: &mut Command, name: &str) -> anyhow::Result<String> {
        let log = File::create(self.folder.join(format!("{name}.log")))?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn();
        let mut child = child.with_context(|| format!("the {name} cannot be started"))?;
        let output = child.stdout.take().context("no output")?;
        self.servers.insert(0, child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(!line.trim().is_empty(), "the {name} has ended by itself");
        Ok(line.trim().to_owned())
    }

    fn unlock_keychain(&mut self) -> anyhow::Result<()> {
        let mut daemon = self.command(Path::new("gnome-keyring-daemon"), &self.folder.join("keychain"));
        daemon.args(["--unlock", "--foreground", "--components=secrets"]);
        let mut daemon = daemon.stdin(Stdio::piped()).spawn().context("gnome-keyring-daemon cannot be started")?;
        daemon.stdin.take().context("no input")?.write_all(b"keychain of a measurement")?;
        self.servers.insert(0, daemon);
        let given_up = Instant::now() + PATIENCE;
        loop {
            let mut ask = self.command(Path::new("dbus-send"), &self.folder);
            ask.args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            if String::from_utf8_lossy(&ask.stdout(Stdio::piped()).output()?.stdout).contains("true") {
                return Ok(());
            }
            ensure!(Instant::now() < given_up, "the keychain does not appear on the bus");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// A program in the environment a desktop session gives it.
    pub(crate) fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", self.folder.join("runtime"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DISPLAY", &self.display)
            .env("LANG", "C.UTF-8")
            .env("GDK_BACKEND", "x11")
            .env("GSETTINGS_BACKEND", "memory")
            // There is no accessibility bus here, and looking for one would only take time.
            .env("NO_AT_BRIDGE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// A home by its name, made where it is missing.
    pub(crate) fn home(&self, name: &str) -> anyhow::Result<PathBuf> {
        let home = self.folder.join("homes").join(name);
        fs::create_dir_all(&home)?;
        Ok(home)
    }

    /// A home in which nothing ever ran.
    pub(crate) fn empty_home(&self) -> anyhow::Result<PathBuf> {
        let home = self.folder.join("homes/empty");
        let _ = fs::remove_dir_all(&home);
        self.home("empty")
    }

    /// The file the display keeps its pixels in.
    pub(crate) fn frame_buffer(&self) -> PathBuf {
        self.folder.join("screen/Xvfb_screen0")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

//! A fresh machine for one test: a home, a display, a session bus and a keychain of its own.

use std::{
    env, fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    display,
    process::{Process, command, output_of},
};

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

/// Everything Latchkey has to say: what is wrong is easier to see, and what must not be said has the best chance to be.
const LOGGED: &str =
    "warn,latchkey=trace,latchkey_client=trace,latchkey_server=trace,latchkey_service=trace,latchkey_store=trace";

/// One test's machine. It goes away with the value; logs and pictures stay in `tests/desktop/out/NAME`.
pub(crate) struct Stage {
    name: &'static str,
    // In the order in which they have to end.
    keychain: Option<Process>,
    bus: Process,
    display: Process,
    screen: String,
    scale: u32,
    wayland: Option<String>,
    bus_address: String,
    /// Whether programs tell the accessibility bus what they show.
    read_out: bool,
    folder: TempDir,
}

impl Stage {
    /// A machine with a keychain.
    pub(crate) fn set(name: &'static str) -> Self {
        let mut stage = Self::set_without_keychain(name);
        let mut daemon = stage.command("gnome-keyring-daemon");
        daemon.args(["--unlock", "--foreground", "--components=secrets"]).stdin(Stdio::piped());
        let mut keychain = Process::start(daemon, &stage.log("keychain"));
        keychain.tell(KEYCHAIN_PASSWORD);
        stage.wait_for_name("org.freedesktop.secrets");
        stage.keychain = Some(keychain);
        stage
    }

    /// A machine without a keychain.
    pub(crate) fn set_without_keychain(name: &'static str) -> Self {
        Self::set_with_display(name, (1280, 1024), 1)
    }

    /// A machine without a keychain, with a display of this size in pixels, so many of them to each of a window's.
    pub(crate) fn set_with_display(name: &'static str, (width, height): (u32, u32), scale: u32) -> Self {
        let out = out(name);
        let _ = fs::remove_dir_all(&out);
        fs::create_dir_all(out.join("logs")).unwrap();
        let folder = tempfile::Builder::new().prefix("latchkey-desktop-").tempdir().unwrap();
        for private in ["home", "programs", "runtime", "screen"] {
            fs::DirBuilder::new().mode(0o700).create(folder.path().join(private)).unwrap();
        }
        fs::write(folder.path().join("bus.conf"), BUS.replace("RUNTIME", &text(&folder.path().join("runtime"))))
            .unwrap();

        let mut bus = command("dbus-daemon");
        bus.args(["--nofork", "--print-address=1"]).arg(format!("--config-file={}/bus.conf", text(folder.path())));
        let (bus, bus_address) =
            Process::start_and_read(bus, &out.join("logs/bus.log"), |line| Some(line.trim().to_owned()));
        let mut server = command("Xvfb");
        // When its last client has gone, a display begins anew, and a program that starts meanwhile finds none: not this one.
        server.args([
            "-noreset",
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{width}x{height}x24"),
            "-nolisten",
            "tcp",
        ]);
        server.arg("-fbdir");
        server.arg(folder.path().join("screen"));
        let (display, screen) =
            Process::start_and_read(server, &out.join("logs/display.log"), |line| Some(format!(":{}", line.trim())));

        let (wayland, read_out) = (None, false);
        let stage = Self { name, keychain: None, bus, display, screen, scale, wayland, bus_address, read_out, folder };
        stage.prepare_file_chooser();
        stage
    }

    /// From now on programs find this Wayland display, and no other.
    pub(crate) fn use_wayland(&mut self, display: &str) {
        self.wayland = Some(display.to_owned());
    }

    /// Whether the display is one of Wayland.
    pub(crate) fn is_wayland(&self) -> bool {
        self.wayland.is_some()
    }

    /// The home directory of the person at this machine.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder of programs that are found before those of the system. Empty, until a test puts something there.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.path().join("programs")
    }

    /// The address of the session bus.
    pub(crate) fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// The name of the display.
    pub(crate) fn screen(&self) -> &str {
        &self.screen
    }

    /// From now on, programs tell the accessibility bus what they show.
    pub(crate) fn is_read_out(&mut self) {
        self.read_out = true;
    }

    /// Everything that is kept on this machine.
    pub(crate) fn disk(&self) -> &Path {
        self.folder.path()
    }

    /// Where what the test leaves behind goes.
    pub(crate) fn out(&self) -> PathBuf {
        out(self.name)
    }

    /// The log of a program.
    pub(crate) fn log(&self, program: &str) -> PathBuf {
        self.out().join("logs").join(program).with_extension("log")
    }

    /// A program on this machine, with the environment a desktop session gives it.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = command(program);
        let path = env::var_os("PATH").unwrap_or_default();
        command
            .current_dir(self.home())
            .env("PATH", env::join_paths([self.programs()].into_iter().chain(env::split_paths(&path))).unwrap())
            .env("HOME", self.home())
            .env("XDG_RUNTIME_DIR", self.folder.path().join("runtime"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("DISPLAY", &self.screen)
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("TMPDIR", self.folder.path())
            .env("GDK_BACKEND", "x11")
            .env("GDK_SCALE", self.scale.to_string())
            .env("GSETTINGS_BACKEND", "keyfile")
            .env("LATCHKEY_LOG", LOGGED)
            .env("RUST_BACKTRACE", "1");
        if !self.read_out {
            command.env("NO_AT_BRIDGE", "1");
        }
        if let Some(display) = &self.wayland {
            command.env_remove("DISPLAY").env("WAYLAND_DISPLAY", display).env("GDK_BACKEND", "wayland");
        }
        command
    }

    /// Writes the whole display, native dialogs included, as a PNG.
    pub(crate) fn photograph(&self, file: &Path) {
        display::write_png(&self.folder.path().join("screen/Xvfb_screen0"), file);
    }

    /// The chooser opens in the working directory, so that it shows the same on every machine.
    fn prepare_file_chooser(&self) {
        let settings = self.home().join(".config/glib-2.0/settings");
        fs::create_dir_all(&settings).unwrap();
        fs::write(settings.join("keyfile"), "[org/gtk/settings/file-chooser]\nstartup-mode='cwd'\n").unwrap();
        fs::set_permissions(self.home().join(".config"), fs::Permissions::from_mode(0o700)).unwrap();
    }

    /// Waits until somebody has a name on the session bus.
    pub(crate) fn wait_for_name(&self, name: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let answer = output_of(
                self.command("dbus-send")
                    .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"])
                    .args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")]),
            );
            if answer.contains("true") {
                return;
            }
            assert!(Instant::now() < deadline, "{name} does not appear on the bus");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.photograph(&self.out().join("failure.png"));
        }
        if let Some(keychain) = &mut self.keychain {
            keychain.end();
        }
        self.bus.end();
        self.display.end();
    }
}

/// Where a test leaves its logs and pictures.
fn out(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desktop/out").join(name)
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

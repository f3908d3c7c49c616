//! A fresh machine for one test: a home, a display, a session bus and a keychain of its own.

use std::{
    env, fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use latchkey_desktop_testkit::{Process, Session, command};
use tempfile::TempDir;

use crate::display;

/// Everything Latchkey has to say: what is wrong is easier to see, and what must not be said has the best chance to be.
const LOGGED: &str =
    "warn,latchkey=trace,latchkey_client=trace,latchkey_server=trace,latchkey_service=trace,latchkey_store=trace";

/// One test's machine. It goes away with the value; logs and pictures stay in `tests/desktop/out/NAME`.
pub(crate) struct Stage {
    name: &'static str,
    // In the order in which they have to end.
    session: Session,
    _display: Process,
    screen: String,
    scale: u32,
    wayland: Option<String>,
    /// Whether programs tell the accessibility bus what they show.
    read_out: bool,
    folder: TempDir,
}

impl Stage {
    /// A machine with a keychain.
    pub(crate) fn set(name: &'static str) -> Self {
        let mut stage = Self::set_without_keychain(name);
        let home = stage.home();
        stage.session.unlock_keychain(&home);
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
        for private in ["home", "programs", "screen"] {
            fs::DirBuilder::new().mode(0o700).create(folder.path().join(private)).unwrap();
        }
        let session = Session::start(folder.path(), &out.join("logs"));

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
        let stage = Self { name, session, _display: display, screen, scale, wayland, read_out, folder };
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
        self.session.address()
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
        self.session
            .enter(&mut command)
            .current_dir(self.home())
            .env("PATH", env::join_paths([self.programs()].into_iter().chain(env::split_paths(&path))).unwrap())
            .env("HOME", self.home())
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
        self.session.wait_for_name(name);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.photograph(&self.out().join("failure.png"));
        }
    }
}

/// Where a test leaves its logs and pictures.
fn out(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desktop/out").join(name)
}

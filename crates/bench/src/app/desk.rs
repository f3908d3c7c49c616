//! A desktop for one run: a display, a session bus and an unlocked keychain, and homes of people at it.

use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use latchkey_desktop_testkit::{Process, Session, command};

/// Pixels of the display.
pub(crate) const WIDTH: usize = 1280;
pub(crate) const HEIGHT: usize = 800;

/// The desktop. It ends with the value.
pub(crate) struct Desk {
    // In the order in which they have to end.
    session: Session,
    _display: Process,
    screen: String,
    folder: PathBuf,
}

impl Desk {
    /// Starts everything, with its files in a folder.
    pub(crate) fn set_up(folder: &Path) -> anyhow::Result<Self> {
        for private in ["screen", "keychain"] {
            fs::DirBuilder::new().mode(0o700).create(folder.join(private))?;
        }
        let mut display = command("Xvfb");
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
        display.arg(folder.join("screen"));
        let (display, screen) =
            Process::start_and_read(display, &folder.join("display.log"), |line| Some(format!(":{}", line.trim())));
        let mut session = Session::start(folder, folder);
        session.unlock_keychain(&folder.join("keychain"));
        Ok(Self { session, _display: display, screen, folder: folder.to_owned() })
    }

    /// A program in the environment a desktop session gives it.
    pub(crate) fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        self.session
            .enter(&mut command)
            .env("HOME", home)
            .env("DISPLAY", &self.screen)
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

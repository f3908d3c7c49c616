//! A machine without a display, and the program on it.

use std::{
    fs,
    io::Write,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use latchkey_api::common::Caller;
use latchkey_desktop_testkit::{Session, command, output_of};
use latchkey_testkit::{Person, Wiring, World};
use serde_json::{Value, json};
use tempfile::TempDir;

/// One test's machine. It goes away with the value.
pub(crate) struct Machine {
    // Ends before its folder does.
    session: Session,
    folder: TempDir,
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    /// What it printed.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.status, 0, "{self:?}");
        self.out
    }

    /// The JSON it printed.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }

    /// What it said when it ended so, and that it printed nothing.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> String {
        assert_eq!((self.status, self.out.as_str()), (status, ""), "{self:?}");
        self.said
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap_or(-1), out: text(output.stdout), said: text(output.stderr) }
    }
}

impl Machine {
    /// A machine with an unlocked keychain, on which the app never ran.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("latchkey-cli-").tempdir().unwrap();
        for private in ["home", "logs"] {
            fs::DirBuilder::new().mode(0o700).create(folder.path().join(private)).unwrap();
        }
        let mut session = Session::start(folder.path(), &folder.path().join("logs"));
        session.unlock_keychain(&folder.path().join("home"));
        Self { session, folder }
    }

    /// A machine on which somebody is signed in at the world's server.
    pub(crate) async fn of(world: &World, username: &str) -> (Self, Person) {
        let machine = Self::new();
        let person = Person::joins(&*world.api, username).await;
        let origin = world.origin.clone().unwrap();
        let host = origin.strip_prefix("http://").unwrap();
        machine.knows(json!({"id": origin, "name": "Latchkey", "host": host, "transport": "loopback"}), username);
        machine.keeps(&origin, username, &person.caller);
        (machine, person)
    }

    /// As the window leaves it when somebody signed in at a place.
    pub(crate) fn knows(&self, mut place: Value, username: &str) {
        place["login"] = username.into();
        place["accounts"] = json!([{"username": username, "name": username}]);
        fs::create_dir_all(self.data()).unwrap();
        let document = json!({"version": 1, "places": [place]});
        fs::write(self.data().join("places.json"), document.to_string()).unwrap();
    }

    /// The keychain keeps a session, as the window writes it.
    pub(crate) fn keeps(&self, place: &str, username: &str, caller: &Caller) {
        let mut store = self.command("secret-tool");
        store.args(["store", "--label=Latchkey", "service", "latchkey", "username", &format!("{username}@{place}")]);
        let stored = fed(store, caller.credential.as_ref().unwrap().expose());
        assert_eq!(stored.status, 0, "{stored:?}");
    }

    /// What the keychain holds under a name.
    pub(crate) fn kept(&self, name: &str) -> Option<String> {
        let found = self.command("secret-tool").args(["lookup", "service", "latchkey", "username", name]).output();
        Some(String::from_utf8(found.unwrap().stdout).unwrap()).filter(|secret| !secret.is_empty())
    }

    /// Locks the keychain, whose password nobody can be asked for here.
    pub(crate) fn locks_keychain(&self) {
        output_of(
            self.command("dbus-send")
                .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
                .arg("org.freedesktop.Secret.Service.Lock")
                .arg("array:objpath:/org/freedesktop/secrets/collection/login"),
        );
    }

    /// From now on the keychain answers nothing: it waits for somebody, as far as its callers can tell.
    pub(crate) fn silences_keychain(&self) {
        let said = output_of(
            self.command("dbus-send")
                .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"])
                .args(["org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"]),
        );
        let process = said.split_whitespace().last().unwrap();
        output_of(self.command("kill").args(["-STOP", process]));
    }

    /// The address of its session bus.
    pub(crate) fn bus(&self) -> &str {
        self.session.address()
    }

    /// A pipe with a name, in the home.
    pub(crate) fn pipe(&self, name: &str) -> PathBuf {
        output_of(self.command("mkfifo").arg(name));
        self.home().join(name)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Where the app keeps what it knows.
    pub(crate) fn data(&self) -> PathBuf {
        self.home().join(".local/share/app.latchkey.Latchkey")
    }

    /// A program on this machine: nothing of the tester's environment, and no display.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = command(program);
        let entered = self.session.enter(&mut command).current_dir(self.home());
        entered.env("HOME", self.home()).env("LANG", "C.UTF-8").env("TZ", "UTC");
        command
    }

    /// The program with arguments, in a session of its own: there is no terminal.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("setsid");
        command.arg("--wait").arg(env!("CARGO_BIN_EXE_latchkey")).args(arguments);
        let shows = |name: &str| command.get_envs().any(|(key, value)| key == name && value.is_some());
        assert!(!shows("DISPLAY") && !shows("WAYLAND_DISPLAY"), "there is a display");
        command
    }

    /// Runs the program to its end.
    pub(crate) fn latchkey(&self, arguments: &[&str]) -> Ran {
        self.program(arguments).output().unwrap().into()
    }

    /// Runs it with something on its standard input.
    pub(crate) fn latchkey_fed(&self, arguments: &[&str], input: &str) -> Ran {
        fed(self.program(arguments), input)
    }

    /// Runs it at a terminal where somebody types; answers the status and everything the terminal showed.
    pub(crate) fn at_a_terminal(&self, arguments: &[&str], typed: &[&str]) -> (i32, String) {
        let line = format!("{} {}", env!("CARGO_BIN_EXE_latchkey"), arguments.join(" "));
        let mut terminal = self.command("script");
        terminal.args(["--quiet", "--return", "--echo", "never", "--command", &line, "/dev/null"]);
        let ran = fed(terminal, &[typed, &[""]].concat().join("\n"));
        (ran.status, ran.out)
    }
}

/// A world with a server on a port.
pub(crate) async fn world() -> World {
    World::new(Wiring::Socket).await
}

/// Runs a program to its end with something on its standard input.
pub(crate) fn fed(mut command: Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever is refused at once does not read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

//! The server that the tests of a run share, over all their processes.
use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::programs::{as_whom, folder, make_folder, run, sql};

/// How long a server may take to start, on a machine that has much else to do.
const START: Duration = Duration::from_mins(1);

/// The server's folder, and the lock that says that this process uses it.
struct Shared {
    folder: PathBuf,
    _user: File,
}

/// Where the server's socket is; the server is started where it does not run.
pub(crate) fn socket() -> PathBuf {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(join).folder.join("home")
}

/// A lock among all processes, by name.
pub(crate) fn lock(name: &str) -> File {
    let file = file(&socket().with_file_name(name));
    file.lock().expect("a lock");
    file
}

fn join() -> Shared {
    let owner = std::fs::metadata("/proc/self").expect("this process").uid();
    let folder = std::env::temp_dir().join(format!("latchkey-postgres-{owner}"));
    // Others may look, not write: nobody else's folder will do.
    let _ = DirBuilder::new().mode(0o755).create(&folder);
    let found = std::fs::symlink_metadata(&folder).expect("a folder for the server");
    assert!(found.is_dir() && found.uid() == owner, "{} is somebody else's", folder.display());
    let user = file(&folder.join("users"));
    user.lock_shared().expect("a lock");
    let starting = file(&folder.join("starting"));
    starting.lock().expect("a lock");
    // Let go at once, for the supervisor to take.
    let free = file(&folder.join("supervisor")).try_lock();
    match free {
        // Free: nobody looks after a server.
        Ok(()) => start(&folder),
        Err(TryLockError::WouldBlock) => {}
        Err(error) => panic!("{} cannot be locked: {error}", folder.display()),
    }
    Shared { folder, _user: user }
}

#[expect(clippy::zombie_processes, reason = "the supervisor outlives the process that starts it")]
fn start(base: &Path) {
    let home = base.join("home");
    end_orphan(&home.join("data/postmaster.pid"));
    let _ = std::fs::remove_dir_all(&home);
    make_folder(&home);
    let log = File::create(base.join("log")).expect("a log");
    let mut supervisor = Command::new("setsid");
    supervisor.args(["sh", "-c", include_str!("shared.sh"), "shared.sh"]).arg(base).arg(folder()).args(as_whom());
    supervisor.current_dir("/").stdin(Stdio::null());
    supervisor.stdout(log.try_clone().expect("a log")).stderr(log);
    let mut supervisor = supervisor.spawn().expect("the server's supervisor starts");
    let given_up = Instant::now() + START;
    while !answers(&home) {
        let ended = supervisor.try_wait().expect("the supervisor's state");
        let log = || std::fs::read_to_string(base.join("log")).unwrap_or_default();
        assert!(ended.is_none() && Instant::now() < given_up, "the server does not start: {}", log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn answers(socket: &Path) -> bool {
    let mut ready = Command::new(folder().join("pg_isready"));
    ready.args(["--quiet", "--host"]).arg(socket);
    ready.status().is_ok_and(|status| status.success()) && sql(socket, "postgres", "SELECT 1") == "1"
}

/// A server whose supervisor was killed goes on by itself.
fn end_orphan(file: &Path) {
    let Some(pid) = std::fs::read_to_string(file).ok().and_then(|text| text.lines().next().map(str::to_owned)) else {
        return;
    };
    let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    if command.contains("latchkey-postgres-") {
        run(Command::new("kill").args(["-s", "QUIT", &pid]));
        while Path::new(&format!("/proc/{pid}")).exists() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn file(path: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(path).expect("a file to lock")
}

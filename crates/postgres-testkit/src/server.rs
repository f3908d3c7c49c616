//! A server of one test.
use std::{
    fs::Permissions,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::programs::{USER, folder, make_folder, of_server, run};

/// A server of its own, on a socket and on a port of 127.0.0.1. Over TCP it asks for a password (SCRAM-SHA-256).
pub struct Server {
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    running: Option<Child>,
}

impl Server {
    /// Starts one with these settings, such as `ssl=on`.
    pub fn start(settings: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        // The user it runs as has to get in.
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).expect("a folder others may enter");
        make_folder(&dir.path().join("home"));
        let mut initdb = of_server("initdb");
        initdb.args(["--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"]);
        run(initdb.args(["--locale=C.UTF-8", "--username", USER, "--pgdata"]).arg(dir.path().join("home/data")));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { folder: dir, port, settings, running: None };
        server.resume();
        server
    }

    /// A folder whose files the server may read, once they are [handed over](Self::hand_over).
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of a database over the socket.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@localhost:{}/{database}?host={}", self.port, self.home().display())
    }

    /// Runs statements in a database.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        // The socket's name has the port in it.
        let mut psql = Command::new(folder().join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--username", USER]);
        psql.args(["--dbname", database, "--command", statement]).arg("--host").arg(self.home());
        run(psql.arg("--port").arg(self.port.to_string()))
    }

    /// Gives a file to the user the server runs as, as it demands of the key of its certificate.
    pub fn hand_over(file: &Path) {
        std::fs::set_permissions(file, Permissions::from_mode(0o600)).expect("a file of the server");
        make_folder(file.parent().expect("a folder"));
        if crate::programs::is_root() {
            run(Command::new("chown").arg("postgres:").arg(file));
        }
    }

    /// Ends it at once, as a crash would.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            run(Command::new("kill").args(["-s", "QUIT", &running.id().to_string()]));
            running.wait().expect("the server's end");
        }
    }

    /// Starts it again with other settings besides.
    pub fn set(&mut self, settings: &[&str]) {
        self.stop();
        self.settings.extend(settings.iter().map(|&setting| setting.to_owned()));
        self.resume();
    }

    /// Starts it again.
    pub fn resume(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("log")).expect("a log");
        let mut postgres = of_server("postgres");
        postgres
            .arg("-D")
            .arg(self.home().join("data"))
            .arg("-k")
            .arg(self.home())
            .args(["-p", &self.port.to_string()]);
        postgres.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB"]);
        for setting in &self.settings {
            postgres.args(["-c", setting]);
        }
        postgres.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log);
        let mut running = postgres.spawn().expect("the server starts");
        let given_up = Instant::now() + Duration::from_mins(1);
        while !self.answers() {
            let ended = running.try_wait().expect("the server's state");
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(ended.is_none() && Instant::now() < given_up, "the server does not start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.running = Some(running);
    }

    fn answers(&self) -> bool {
        let mut ready = Command::new(folder().join("pg_isready"));
        ready.args(["--quiet", "--port", &self.port.to_string(), "--host"]).arg(self.home());
        ready.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

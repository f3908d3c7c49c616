//! A real mail server beside the program. Shared with the tests of the desktop app.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tempfile::TempDir;

use crate::tools;

pub(crate) const USER: &str = "accounts@example.org";
pub(crate) const PASSWORD: &str = "p@ss:w/rd-of-the-server";

/// How long a message may be on its way, one that is tried again included.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server with a user, and the certificate of who vouches for it.
pub(crate) struct SmtpServer {
    folder: TempDir,
    child: Option<Child>,
    pub(crate) port: u16,
    messages: Option<Receiver<Value>>,
    implicit_tls: bool,
}

impl SmtpServer {
    /// One that demands STARTTLS.
    pub(crate) fn start() -> Self {
        Self::stopped(false).started(0)
    }

    /// One that speaks TLS from the first byte.
    pub(crate) fn with_implicit_tls() -> Self {
        Self::stopped(true).started(0)
    }

    /// One that does not run, but whose port is known.
    pub(crate) fn down() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self::stopped(false);
        server.port = free;
        server
    }

    /// Starts it where it was said to be.
    pub(crate) fn up(self) -> Self {
        let port = self.port;
        self.started(port)
    }

    fn stopped(implicit_tls: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        std::fs::write(folder.path().join("server.pem"), server.pem()).unwrap();
        std::fs::write(folder.path().join("server.key"), key.serialize_pem()).unwrap();
        Self { folder, child: None, port: 0, messages: None, implicit_tls }
    }

    fn started(mut self, port: u16) -> Self {
        let at = |name: &str| self.folder.path().join(name);
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        // Of this crate, or of the desktop app at the root.
        let within = "tests/program/smtp_server.py";
        let script = [package.join(within), package.join("crates/server").join(within)];
        let script = script.iter().find(|file| file.is_file()).expect("the program of the mail server");
        let mut command = tools::command(tools::python());
        command.arg(script).args(["--user", USER, "--password", PASSWORD, "--port", &port.to_string()]);
        command.arg("--certificate").arg(at("server.pem")).arg("--key").arg(at("server.key"));
        command.arg("--maildir").arg(self.maildir());
        if self.implicit_tls {
            command.arg("--implicit-tls");
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        self.port = out.next().expect("the mail server says its port").unwrap().parse().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for line in out.map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        (self.child, self.messages) = (Some(child), Some(messages));
        self
    }

    /// The file of the certificate that vouches for it.
    pub(crate) fn ca_file(&self) -> String {
        self.folder.path().join("ca.pem").to_str().unwrap().to_owned()
    }

    /// How it is written in the configuration.
    pub(crate) fn url(&self, password: &str) -> String {
        let encoded = |text: &str| text.replace('%', "%25").replace('@', "%40").replace(':', "%3A").replace('/', "%2F");
        let (user, password, port) = (encoded(USER), encoded(password), self.port);
        if self.implicit_tls {
            format!("smtps://{user}:{password}@localhost:{port}")
        } else {
            format!("smtp://{user}:{password}@localhost:{port}?tls=required")
        }
    }

    /// The next message it takes.
    pub(crate) fn next(&self) -> Value {
        self.messages.as_ref().expect("it runs").recv_timeout(PATIENCE).expect("a message arrives")
    }

    /// Where it keeps messages: a Maildir.
    pub(crate) fn maildir(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Messages it keeps.
    pub(crate) fn kept(&self) -> usize {
        std::fs::read_dir(self.maildir().join("new")).map_or(0, Iterator::count)
    }
}

/// The code a message holds, which has a line to itself.
pub(crate) fn code_in(message: &Value) -> Option<String> {
    let code = |line: &&str| line.starts_with("    ") && line.contains('-') && !line.contains(':');
    message["text"].as_str()?.lines().find(code).map(|line| line.trim().to_owned())
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

//! An OpenSSH server that asks the service who may come in, and a client with a key of the app's.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Output,
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::{Process, command, output_of};

use crate::{person::ADA, server::Server, stage::Stage};

/// A running sshd. Whoever the test runs as may sign in with a key of Ada's, and nobody in another way.
pub(crate) struct Sshd {
    port: u16,
    user: String,
    _process: Process,
}

impl Sshd {
    /// Starts it.
    pub(crate) fn start(stage: &Stage, server: &Server) -> Self {
        let folder = stage.disk().join("sshd");
        fs::create_dir(&folder).unwrap();
        let host_key = folder.join("host_key");
        output_of(stage.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&host_key));
        let user = output_of(command("id").arg("-un")).trim().to_owned();
        let root = output_of(command("id").arg("-u")).trim() == "0";
        if root {
            // Where it drops its privileges (sshd(8), FILES).
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let asks = format!(
            "/usr/bin/curl -fsS --max-time 10 --get --data-urlencode fingerprint=%f {}/v1/users/{}/keys",
            server.origin(),
            ADA.username
        );
        let settings = [
            format!("Port {port}\nListenAddress 127.0.0.1\nHostKey {}", host_key.display()),
            format!("PidFile none\nUsePAM no\nStrictModes no\nUseDNS no\nAllowUsers {user}"),
            "PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no".to_owned(),
            format!("AuthorizedKeysFile none\nAuthorizedKeysCommand {asks}"),
            format!("AuthorizedKeysCommandUser {}\n", if root { "nobody" } else { &user }),
        ];
        let file = folder.join("config");
        fs::write(&file, settings.join("\n")).unwrap();
        let mut sshd = stage.command("/usr/sbin/sshd");
        sshd.args(["-D", "-e", "-f"]).arg(&file);
        let mut process = Process::start(sshd, &stage.log("sshd"));
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(process.runs() && Instant::now() < deadline, "sshd does not listen; see its log");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { port, user, _process: process }
    }

    /// Signs in with a private key and runs a command there.
    pub(crate) fn sign_in(&self, stage: &Stage, key: &Path, passphrase: &str) -> Output {
        let mut ssh = stage.command("ssh");
        ssh.args(["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no"]);
        ssh.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "PreferredAuthentications=publickey"]);
        // Whom ssh asks for the passphrase, where there is no terminal.
        ssh.env("SSH_ASKPASS", asker(stage)).env("SSH_ASKPASS_REQUIRE", "force").env("PASSPHRASE", passphrase);
        ssh.arg("-i").arg(key).args(["-p", &self.port.to_string()]);
        ssh.arg(format!("{}@127.0.0.1", self.user)).arg("echo you are in").output().unwrap()
    }
}

fn asker(stage: &Stage) -> PathBuf {
    let file = stage.disk().join("asker");
    fs::write(&file, "#!/bin/sh\nprintf '%s\\n' \"$PASSPHRASE\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
    file
}

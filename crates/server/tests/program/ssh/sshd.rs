//! An OpenSSH server that has no keys of its own, and its client.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use tempfile::TempDir;

use crate::{
    program::Served,
    tools::{self, Running},
};

/// Between a port being free and sshd listening there somebody else may take it.
const TRIES: usize = 5;

/// A running sshd. Whoever runs the test may come in with a key of one account's, and nobody in another way.
pub(crate) struct Sshd {
    user: String,
    port: u16,
    folder: TempDir,
    _running: Running,
}

impl Sshd {
    /// Lets the keys of an account in, as the user guide sets it up.
    pub(crate) fn start(served: &Served, account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host_key = folder.path().join("host_key");
        tools::well(tools::system("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&host_key));
        let user = tools::well(tools::system("id").arg("-un")).trim().to_owned();
        // As root, it drops its privileges, and has a place where it does.
        let root = user == "root";
        if root {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let asks_as = if root { "nobody" } else { &user };
        let url = format!("http://{}/v1/users/{account}/keys", served.address);
        let settings = format!(
            "ListenAddress 127.0.0.1\nHostKey {host_key}\nPidFile none\nUsePAM no\nStrictModes no\nUseDNS no\n\
             AllowUsers {user}\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nAuthorizedKeysFile none\nAuthorizedKeysCommandUser {asks_as}\n\
             AuthorizedKeysCommand /usr/bin/curl -fsS --max-time 10 --get --data-urlencode fingerprint=%f {url}\n",
            host_key = host_key.display(),
        );
        let file = folder.path().join("sshd_config");
        for _ in 0..TRIES {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
            fs::write(&file, format!("Port {port}\n{settings}")).unwrap();
            let mut sshd = tools::system("sshd");
            sshd.args(["-D", "-e", "-f"]).arg(&file);
            let listens = |line: &str| line.contains("Server listening on 127.0.0.1").then_some(());
            if let Some((running, ())) = Running::start(sshd, listens) {
                return Self { user, port, folder, _running: running };
            }
        }
        panic!("sshd does not start; what it says is above");
    }

    /// What a command says that is run there by whoever holds the private key.
    pub(crate) fn lets_in(&self, private_key: &Path) -> String {
        let (good, out, err) = self.ssh(private_key);
        assert!(good, "{err}");
        out
    }

    pub(crate) fn refuses(&self, private_key: &Path) {
        let (good, out, err) = self.ssh(private_key);
        assert!(!good && out.is_empty() && err.contains("Permission denied (publickey)"), "{out}{err}");
    }

    fn ssh(&self, private_key: &Path) -> (bool, String, String) {
        let known_hosts = format!("UserKnownHostsFile={}", self.folder.path().join("known_hosts").display());
        let mut ssh = tools::system("ssh");
        // Nobody's own settings, keys or agent.
        ssh.env_remove("SSH_AUTH_SOCK").args(["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]);
        ssh.args(["-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR", "-o", &known_hosts]);
        ssh.arg("-i").arg(private_key).args(["-p", &self.port.to_string()]);
        tools::output(ssh.arg(format!("{}@127.0.0.1", self.user)).arg("echo you are in"))
    }
}

//! A private registry of somebody else's: Debian's build of CNCF distribution, with a file of passwords.

use std::{net::SocketAddr, path::PathBuf};

use tempfile::TempDir;

use crate::tools::{self, Running};

pub(crate) const USERNAME: &str = "ada-at-work";
pub(crate) const PASSWORD: &str = "s3cret:of a registry";

/// A running registry.
pub(crate) struct PrivateRegistry {
    pub(crate) address: SocketAddr,
    passwords: PathBuf,
    _running: Running,
    _folder: TempDir,
}

impl PrivateRegistry {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (images, passwords) = (folder.path().join("images"), folder.path().join("passwords"));
        write(&passwords, PASSWORD);
        let configuration = format!(
            "version: 0.1\n\
             storage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http: {{addr: '127.0.0.1:0', relativeurls: true, secret: of-one-test}}\n\
             auth: {{htpasswd: {{realm: private, path: {}}}}}\n",
            images.display(),
            passwords.display(),
        );
        let file = folder.path().join("registry.yml");
        std::fs::write(&file, configuration).unwrap();
        let mut registry = tools::system("docker-registry");
        registry.arg("serve").arg(file);
        let listens = |line: &str| line.split_once("listening on ")?.1.split('"').next()?.parse().ok();
        let (running, address) = Running::start(registry, listens).expect("the registry starts");
        Self { address, passwords, _running: running, _folder: folder }
    }

    /// As images name it.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// The registry reads the file anew where it changed.
    pub(crate) fn changes_password(&self, password: &str) {
        write(&self.passwords, password);
    }
}

fn write(file: &std::path::Path, password: &str) {
    let line = tools::well(tools::system("htpasswd").args(["-Bbn", USERNAME, password]));
    std::fs::write(file, line.trim_end().to_owned() + "\n").unwrap();
}

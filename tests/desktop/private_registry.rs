//! A private registry of somebody else's: Debian's build of CNCF distribution, with a file of passwords.

use std::{net::SocketAddr, path::PathBuf};

use latchkey_desktop_testkit::{Process, output_of};

use crate::stage::Stage;

/// Who may use it.
pub(crate) const USERNAME: &str = "ada-at-work";
/// With which password.
pub(crate) const PASSWORD: &str = "s3cret:of a registry";

/// A registry that can be stopped and started again.
pub(crate) struct PrivateRegistry<'a> {
    stage: &'a Stage,
    folder: PathBuf,
    address: SocketAddr,
    running: Option<Process>,
}

impl<'a> PrivateRegistry<'a> {
    /// One on a port the system chose.
    pub(crate) fn start(stage: &'a Stage) -> Self {
        let folder = stage.disk().join("registry");
        std::fs::create_dir(&folder).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut registry = Self { stage, folder, address, running: None };
        registry.takes(PASSWORD);
        registry.starts();
        registry
    }

    /// As images name it.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Its password is another one from now on; it reads the file anew where that changed.
    pub(crate) fn takes(&self, password: &str) {
        let line = output_of(self.stage.command("htpasswd").args(["-Bbn", USERNAME, password]));
        std::fs::write(self.folder.join("passwords"), line.trim_end().to_owned() + "\n").unwrap();
    }

    /// Nobody listens there any more.
    pub(crate) fn stops(&mut self) {
        self.running = None;
    }

    /// It listens, again on the same port.
    pub(crate) fn starts(&mut self) {
        let file = self.folder.join("registry.yml");
        let configuration = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {0}/images}}}}\nhttp: {{addr: '{1}', relativeurls: \
             true, secret: of-one-test}}\nauth: {{htpasswd: {{realm: private, path: {0}/passwords}}}}\n",
            self.folder.display(),
            self.address,
        );
        std::fs::write(&file, configuration).unwrap();
        // It says so on standard error.
        let mut through_shell = self.stage.command("sh");
        through_shell.args(["-c", "exec docker-registry serve \"$1\" 2>&1", "sh"]).arg(&file);
        let listens = |line: &str| line.split_once("listening on ")?.1.split('"').next()?.parse().ok();
        let (running, address) = Process::start_and_read(through_shell, &self.stage.log("registry"), listens);
        (self.running, self.address) = (Some(running), address);
    }
}

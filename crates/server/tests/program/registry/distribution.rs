//! A container registry that trusts the tokens of the service: Debian's build of CNCF distribution.

use std::net::SocketAddr;

use tempfile::TempDir;

use crate::{
    program::{Home, Served},
    tools::{self, Running},
};

/// What the registry calls itself in the tokens that are made out to it, and who makes them.
pub(crate) const SERVICE: &str = "registry.example.org";
pub(crate) const ISSUER: &str = "accounts.example.org";

/// A registry beside a service.
pub(crate) struct Registry {
    pub(crate) served: Served,
    pub(crate) address: SocketAddr,
    _running: Running,
    _folder: TempDir,
}

impl Registry {
    /// Both, as the administrator's guide sets them up: the registry is told where tokens are made, by whom, and the
    /// certificate of who signs them.
    pub(crate) fn start(home: &Home) -> Self {
        Self::start_with(home, &[])
    }

    /// The same, and the service is started with these as well.
    pub(crate) fn start_with(home: &Home, more: &[(&str, String)]) -> Self {
        let mut environment = vec![
            ("LATCHKEY_REGISTRY__SERVICE", SERVICE),
            ("LATCHKEY_REGISTRY__ISSUER", ISSUER),
            ("LATCHKEY_POLICY__THROTTLES", "off"),
        ];
        environment.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
        let served = home.serve(&environment);
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("certificates.pem");
        std::fs::write(&bundle, home.run(&["registry", "certificate"], "").well()).unwrap();
        let (images, bundle) = (folder.path().join("images"), bundle.display());
        let configuration = format!(
            "version: 0.1\n\
             storage: {{filesystem: {{rootdirectory: {}}}, delete: {{enabled: true}}}}\n\
             http: {{addr: '127.0.0.1:0', relativeurls: true, secret: of-one-test}}\n\
             auth: {{token: {{realm: 'http://{}/registry/token', service: {SERVICE}, issuer: {ISSUER}, \
             rootcertbundle: {bundle}}}}}\n",
            images.display(),
            served.address,
        );
        let file = folder.path().join("registry.yml");
        std::fs::write(&file, configuration).unwrap();
        let mut registry = tools::system("docker-registry");
        registry.arg("serve").arg(file);
        let listens = |line: &str| line.split_once("listening on ")?.1.split('"').next()?.parse().ok();
        let (running, address) = Running::start(registry, listens).expect("the registry starts");
        Self { served, address, _running: running, _folder: folder }
    }

    /// The status the service answers to who asks for a token, as registries' clients do.
    pub(crate) fn token_for(&self, user: &str, password: &str) -> String {
        let mut curl = tools::system("curl");
        curl.args([
            "--disable",
            "--silent",
            "--max-time",
            "30",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code}",
        ]);
        let url = format!("http://{}/registry/token?service={SERVICE}", self.served.address);
        tools::well(curl.args(["--user", &format!("{user}:{password}"), &url]))
    }
}

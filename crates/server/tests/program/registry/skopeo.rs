//! skopeo: signs in to registries, and copies images to and from them.

use std::{
    env, fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use latchkey_api::common::Caller;
use serde_json::json;
use tempfile::TempDir;

use super::image;
use crate::tools;

/// Who it copies as; where nothing is said, whoever signed in.
#[derive(Clone, Copy)]
pub(crate) struct As<'a>(pub(crate) &'a str, pub(crate) &'a str);

/// Somebody's skopeo, with what they signed in with in a file of its own.
pub(crate) struct Skopeo {
    folder: TempDir,
    registry: SocketAddr,
    image: String,
}

/// A credential helper as container tools run it (`docker-credential-NAME get`): a host on standard input, a document or
/// words on standard output. It asks the service for a session.
const HELPER: &str = r#"#!/bin/sh
[ "$1" = get ] || exit 1
answer=$(curl -fsS --max-time 30 -H 'Authorization: Bearer SESSION' -H 'Content-Type: application/json' \
    -d "{\"host\":\"$(cat)\"}" http://SERVICE/v1/me/registry-credential) \
    || { echo 'credentials not found in native keychain'; exit 1; }
printf '%s' "$answer" | sed -E \
    's/.*"username":"([^"]*)","password":"([^"]*)".*/{"ServerURL":"","Username":"\1","Secret":"\2"}/'
"#;
const NAME: &str = "of-a-test";

/// What went wrong, in its words.
type Refused<T> = Result<T, String>;

impl Skopeo {
    pub(crate) fn new(registry: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let image = image::write(&folder.path().join("image"));
        Self { folder, registry, image }
    }

    /// The id of the image that is pushed.
    pub(crate) fn image(&self) -> &str {
        &self.image
    }

    /// What it keeps.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// From now on it asks a helper for credentials of this registry: one that asks this service, for this session.
    pub(crate) fn asks(&self, service: SocketAddr, session: &Caller) {
        let file = self.folder.path().join(format!("docker-credential-{NAME}"));
        let session = session.credential.as_ref().unwrap().expose();
        fs::write(&file, HELPER.replace("SESSION", session).replace("SERVICE", &service.to_string())).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
        let settings = json!({"credHelpers": {self.registry.to_string(): NAME}});
        fs::write(self.folder.path().join("auth.json"), settings.to_string()).unwrap();
    }

    pub(crate) fn login(&self, who: As) -> Refused<()> {
        let mut skopeo = self.command("login");
        skopeo.args(["--tls-verify=false", "--username", who.0, "--password", who.1, &self.registry.to_string()]);
        run(skopeo).map(drop)
    }

    pub(crate) fn push(&self, repository: &str, who: Option<As>) -> Refused<()> {
        let mut skopeo = self.command("copy");
        skopeo.arg("--dest-tls-verify=false").args(who.map(|who| format!("--dest-creds={}:{}", who.0, who.1)));
        let image = self.folder.path().join("image");
        run(skopeo.arg(format!("oci:{}:{}", image.display(), image::TAG)).arg(self.named(repository))).map(drop)
    }

    /// The id of the image that comes.
    pub(crate) fn pull(&self, repository: &str, who: Option<As>) -> Refused<String> {
        let mut skopeo = self.command("copy");
        skopeo.arg("--src-tls-verify=false").args(who.map(|who| format!("--src-creds={}:{}", who.0, who.1)));
        let into: PathBuf = tempfile::tempdir_in(self.folder.path()).unwrap().keep();
        run(skopeo.arg(self.named(repository)).arg(format!("oci:{}:{}", into.display(), image::TAG)))?;
        Ok(image::id(&into))
    }

    pub(crate) fn tags(&self, repository: &str) -> Refused<Vec<String>> {
        let mut skopeo = self.command("list-tags");
        let said = run(skopeo.arg("--tls-verify=false").arg(format!("docker://{}/{repository}", self.registry)))?;
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        Ok(serde_json::from_value(said["Tags"].clone()).unwrap())
    }

    fn named(&self, repository: &str) -> String {
        format!("docker://{}/{repository}:{}", self.registry, image::TAG)
    }

    fn command(&self, what: &str) -> Command {
        let mut skopeo = tools::system("skopeo");
        // No policy of the system's, and nobody's own settings.
        skopeo.args(["--insecure-policy", what]);
        let path = env::join_paths(
            [self.folder.path().to_owned()]
                .into_iter()
                .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
        );
        skopeo.env("PATH", path.unwrap());
        skopeo.env("HOME", self.folder.path()).env("REGISTRY_AUTH_FILE", self.folder.path().join("auth.json"));
        skopeo
    }
}

fn run(mut skopeo: impl std::borrow::BorrowMut<Command>) -> Refused<String> {
    let (good, out, err) = tools::output(skopeo.borrow_mut());
    if good { Ok(out) } else { Err(err) }
}

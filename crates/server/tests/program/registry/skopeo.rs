//! skopeo: signs in to registries, and copies images to and from them.

use std::{net::SocketAddr, path::PathBuf, process::Command};

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
        skopeo.env("HOME", self.folder.path()).env("REGISTRY_AUTH_FILE", self.folder.path().join("auth.json"));
        skopeo
    }
}

fn run(mut skopeo: impl std::borrow::BorrowMut<Command>) -> Refused<String> {
    let (good, out, err) = tools::output(skopeo.borrow_mut());
    if good { Ok(out) } else { Err(err) }
}

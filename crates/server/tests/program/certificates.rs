//! Certificates for tests: an authority, and pairs it vouches for.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;

/// An authority, with a folder where pairs for `localhost` are put.
pub(crate) struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { folder, issuer }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a pair where `server.pem` and `server.key` are. Each file is there whole or not at all.
    pub(crate) fn put(&self) {
        self.put_until(4096);
    }

    /// One that ended at the beginning of a year.
    pub(crate) fn put_until(&self, year: i32) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        // Not the name every authority of these has: it would be taken for its own issuer.
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.not_after = date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        self.write("server.key", &key.serialize_pem());
        self.write("server.pem", &certificate.pem());
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let new = self.path("new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(new, self.path(name)).unwrap();
    }

    /// What the program is started with.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        let text = |path: &Path| path.display().to_string();
        [
            ("LATCHKEY_TLS__CERTIFICATE", text(&self.path("server.pem"))),
            ("LATCHKEY_TLS__KEY", text(&self.path("server.key"))),
        ]
    }
}

//! `[tls]`: a certificate, where no proxy does TLS.

use std::path::PathBuf;

use latchkey_server::CertificateFiles;
use serde::Deserialize;

/// `[tls]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct TlsSection {
    /// The file of the certificate (PEM), with those between it and its authority.
    certificate: Option<PathBuf>,
    /// The file of its private key (PEM).
    key: Option<PathBuf>,
}

impl TlsSection {
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        match (&self.certificate, &self.key) {
            (Some(_), None) => Err(("tls.certificate", "tls.key has to be set as well".into())),
            (None, Some(_)) => Err(("tls.key", "tls.certificate has to be set as well".into())),
            _ => Ok(()),
        }
    }

    /// The files, where TLS is spoken.
    pub(crate) fn files(&self) -> Option<CertificateFiles> {
        let (certificate, key) = (self.certificate.clone()?, self.key.clone()?);
        Some(CertificateFiles { certificate, key })
    }
}

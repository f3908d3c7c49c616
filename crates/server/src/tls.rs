//! TLS on the socket (versions 1.2 and 1.3), for whoever has no proxy before it.
//!
//! The certificate can be taken anew while connections are open: each handshake uses the one of its time.

mod certificate;
mod handshake;

use std::{path::Path, sync::Arc, time::Duration};

use rustls::{ServerConfig, crypto::ring};
use tokio::sync::Semaphore;

use self::certificate::Certificate;
pub use self::certificate::{CertificateError, CertificateFiles};
pub(crate) use self::handshake::Encrypted;

/// For a client to shake hands, from the connection on.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Handshakes under way at one time: each is work, and a client may stop in the middle of one.
const HANDSHAKES: usize = 512;

/// What a browser is told: to come back by TLS alone, for a year, to this name and those below it (RFC 6797).
pub(crate) const HSTS: &str = "max-age=31536000; includeSubDomains";

/// A certificate, and how it is used. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificate: Arc<Certificate>,
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Tls {
    /// Reads a certificate (PEM, with those between it and its authority behind it) and its private key. Refuses a key of
    /// another certificate, and a certificate whose time has not come or is over.
    pub fn load(files: &CertificateFiles) -> Result<Self, CertificateError> {
        let certificate = Arc::new(Certificate::load(files)?);
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| CertificateError::Unusable(error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Certificate>::clone(&certificate));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let places = Arc::new(Semaphore::new(HANDSHAKES));
        Ok(Self { config: Arc::new(config), certificate, places, patience: HANDSHAKE })
    }

    /// The same with another bound on the time of a handshake.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Reads the files anew. Where they cannot be used, the certificate stays as it is.
    pub fn reload(&self) -> Result<(), CertificateError> {
        self.certificate.reload()
    }

    /// Whether the files are others than those that were read last, whatever came of that.
    pub fn is_outdated(&self) -> bool {
        self.certificate.is_outdated()
    }

    /// When the certificate ends, in seconds since 1970.
    pub fn expires(&self) -> u64 {
        self.certificate.expires()
    }

    /// The file of the certificate, to name it.
    pub fn path(&self) -> &Path {
        self.certificate.path()
    }
}

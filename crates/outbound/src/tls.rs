//! Whom TLS trusts: the computer's own trust store, and a certificate of the company where one is configured.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

/// Reads certificates (PEM) that are to be trusted beside the computer's.
pub(crate) fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let name = path.display();
    let unreadable = |error: &dyn std::fmt::Display| format!("the file {name} cannot be read: {error}");
    let text = std::fs::read(path).map_err(|error| unreadable(&error))?;
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|error| unreadable(&error))?;
    if certificates.is_empty() {
        return Err(format!("the file {name} has no certificate; expected is PEM: -----BEGIN CERTIFICATE-----"));
    }
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots.add(certificate.clone()).map_err(|error| format!("a certificate in {name} cannot be used: {error}"))?;
    }
    Ok(certificates)
}

/// TLS with what is trusted.
pub(crate) fn client_config(extra: &[CertificateDer<'static>]) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let mut config = match Verifier::new_with_extra_roots(extra.iter().cloned(), provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth(),
        // A computer without a trust store still reaches what speaks no TLS; every certificate is refused.
        Err(error) => {
            tracing::warn!(%error, "no certificate is trusted");
            builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

//! A certificate with its key, out of files that may be replaced.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use rustls::{
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage};

/// Where the certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// Certificates (PEM), the server's own first.
    pub certificate: PathBuf,
    /// The private key (PEM).
    pub key: PathBuf,
}

/// Why a certificate cannot be used, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// A file cannot be read, or has not in it what is expected.
    Unreadable(PathBuf, String),
    /// The certificate's time is over or has not come, in seconds since 1970.
    Untimely(PathBuf, String),
    /// Certificate and key do not belong together, or are of a kind that is not known.
    Unusable(String),
}

impl std::fmt::Display for CertificateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(path, reason) | Self::Untimely(path, reason) => write!(f, "{}: {reason}", path.display()),
            Self::Unusable(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for CertificateError {}

/// What tells one content of a file from another without reading it.
type Stamp = [Option<(SystemTime, u64)>; 2];

/// The certificate of now.
#[derive(Debug)]
pub(super) struct Certificate {
    files: CertificateFiles,
    current: RwLock<Current>,
    seen: Mutex<Stamp>,
}

#[derive(Clone, Debug)]
struct Current {
    key: Arc<CertifiedKey>,
    expires: u64,
}

impl Certificate {
    pub(super) fn load(files: &CertificateFiles) -> Result<Self, CertificateError> {
        let seen = stamp(files);
        Ok(Self { files: files.clone(), current: RwLock::new(read(files)?), seen: Mutex::new(seen) })
    }

    pub(super) fn reload(&self) -> Result<(), CertificateError> {
        // Before the files are read: what is written meanwhile is a change.
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = stamp(&self.files);
        let current = read(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }

    pub(super) fn is_outdated(&self) -> bool {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) != stamp(&self.files)
    }

    pub(super) fn expires(&self) -> u64 {
        self.current().expires
    }

    pub(super) fn path(&self) -> &Path {
        &self.files.certificate
    }

    fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current().key)
    }
}

fn stamp(files: &CertificateFiles) -> Stamp {
    [&files.certificate, &files.key].map(|path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}

fn read(files: &CertificateFiles) -> Result<Current, CertificateError> {
    let unreadable =
        |path: &Path, error: &dyn std::fmt::Display| CertificateError::Unreadable(path.to_owned(), error.to_string());
    let (path, key_path) = (&files.certificate, &files.key);
    let text = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|_| unreadable(path, &"this is no certificate (PEM)"))?;
    let first = chain.first().ok_or_else(|| unreadable(path, &"there is no certificate (PEM) in it"))?;
    let text = fs::read(key_path).map_err(|error| unreadable(key_path, &error))?;
    let key = PrivateKeyDer::from_pem_slice(&text)
        .map_err(|_| unreadable(key_path, &"there is no private key (PEM) in it, or it has a passphrase"))?;
    let expires = lifetime(path, first)?;
    let key = CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => CertificateError::Unusable(format!(
            "the key in {} is not the one of the certificate in {}; give the two that belong together",
            key_path.display(),
            path.display()
        )),
        error => CertificateError::Unusable(format!("{}: the key cannot be used: {error}", key_path.display())),
    })?;
    Ok(Current { key: Arc::new(key), expires })
}

/// When a certificate ends; an error where it does not hold now. Whether it is trusted is for clients to decide.
fn lifetime(path: &Path, certificate: &CertificateDer<'_>) -> Result<u64, CertificateError> {
    let unusable = |_| CertificateError::Unreadable(path.to_owned(), "the certificate cannot be read".into());
    let certificate = EndEntityCert::try_from(certificate).map_err(unusable)?;
    let untimely = |reason: &str| Err(CertificateError::Untimely(path.to_owned(), reason.into()));
    match verified_at(&certificate, UnixTime::now()) {
        Some(webpki::Error::CertExpired { .. }) => untimely("the certificate has expired; give one that holds"),
        Some(webpki::Error::CertNotValidYet { .. }) => {
            untimely("the certificate does not hold yet; look at the clock, or give one that holds")
        }
        // In the year 9999 everything is over, and since when is said.
        _ => match verified_at(&certificate, UnixTime::since_unix_epoch(Duration::from_secs(253_402_300_799))) {
            Some(webpki::Error::CertExpired { not_after, .. }) => Ok(not_after.as_secs()),
            _ => Ok(u64::MAX),
        },
    }
}

/// What is said against a certificate at a time. Dates are looked at before anything else.
fn verified_at(certificate: &EndEntityCert<'_>, time: UnixTime) -> Option<webpki::Error> {
    let usage = KeyUsage::server_auth();
    certificate.verify_for_usage(ALL_VERIFICATION_ALGS, &[], &[], time, usage, None, None).err()
}

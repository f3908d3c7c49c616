//! Why somebody else gave no answer.

use std::{error::Error, io};

use crate::resolver::NoAddress;

/// What went wrong with a call. The texts are for a log: none has a URL or a secret in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// The address is one that is never connected to, or not by this service.
    #[error("the address may not be connected to")]
    AddressRefused,
    /// No address is known for the name.
    #[error("the name is not known")]
    NameUnknown,
    /// Nobody listens at the port.
    #[error("nothing listens there")]
    NothingThere,
    /// Too slow.
    #[error("no answer in time")]
    TimedOut,
    /// The certificate is not trusted, not for this host, or out of date.
    #[error("the certificate cannot be trusted: {0}")]
    Certificate(String),
    /// What answers there speaks no TLS, or the URL demands none.
    #[error("it speaks no TLS")]
    NotEncrypted,
    /// TLS was not agreed on for another reason.
    #[error("no encrypted connection was agreed on: {0}")]
    Handshake(String),
    /// More than is read.
    #[error("the answer is too long")]
    TooLong,
    /// What answers there speaks no HTTP.
    #[error("it speaks no HTTP")]
    NotHttp,
    /// The connection broke, or something else.
    #[error("{0}")]
    Broken(String),
}

impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        if let Some(none) = find::<NoAddress>(&error) {
            return match none {
                NoAddress::Unknown => Self::NameUnknown,
                NoAddress::Refused => Self::AddressRefused,
            };
        }
        if let Some(tls) = find::<rustls::Error>(&error) {
            return match tls {
                rustls::Error::InvalidCertificate(reason) => Self::Certificate(reason.to_string()),
                rustls::Error::NoCertificatesPresented => Self::Certificate("there is none".into()),
                rustls::Error::InvalidMessage(_) => Self::NotEncrypted,
                other => Self::Handshake(other.to_string()),
            };
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        if error.is_connect() {
            return match io_kind(&error) {
                Some(io::ErrorKind::ConnectionRefused) => Self::NothingThere,
                Some(io::ErrorKind::TimedOut) => Self::TimedOut,
                Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
                    Self::Handshake("the connection was closed".into())
                }
                _ => Self::Broken(root_cause(&error)),
            };
        }
        match find::<hyper::Error>(&error) {
            Some(http) if http.is_parse() => Self::NotHttp,
            _ => Self::Broken(root_cause(&error)),
        }
    }
}

/// The first error of a type in the chain.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// What the system said: others wrap errors of their own in an `io::Error`.
fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    chain(error).filter_map(|error| error.downcast_ref::<io::Error>()).last().map(io::Error::kind)
}

/// An error and its causes. An `io::Error` hides what it wraps from `source`, so it is opened.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

/// The innermost cause. The errors around it have the URL in them.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if cause.is::<reqwest::Error>() { "the call did not succeed".to_owned() } else { cause.to_string() }
}

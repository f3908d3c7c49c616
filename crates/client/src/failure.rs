//! What a failed connection means to the person.

use std::{error::Error, io};

use latchkey_api::problem::{ErrorCode, Problem};

/// The problem that a failed request stands for.
pub(crate) fn problem(error: &reqwest::Error) -> Problem {
    Problem::new(code(error)).detail(root_cause(error))
}

fn code(error: &reqwest::Error) -> ErrorCode {
    if let Some(tls) = find::<rustls::Error>(error) {
        return match tls {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                ErrorCode::CertificateInvalid
            }
            // What answers there does not speak TLS.
            rustls::Error::InvalidMessage(_) => ErrorCode::NotLatchkey,
            _ => ErrorCode::ConnectionLost,
        };
    }
    if error.is_connect() {
        return ErrorCode::Offline;
    }
    if error.is_timeout() {
        return ErrorCode::TimedOut;
    }
    match find::<hyper::Error>(error) {
        // What answers there does not speak HTTP.
        Some(http) if http.is_parse() => ErrorCode::NotLatchkey,
        _ => ErrorCode::ConnectionLost,
    }
}

/// The first error of a type in the chain. An `io::Error` hides what it wraps from `source`, so it is opened.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// The innermost cause. The errors around it have the URL in them, which a log need not have.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let mut text = cause.to_string();
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

//! How the program ends: what it says, and its exit status.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use latchkey_api::{
    desktop::{Failure, FailureCode},
    problem::ErrorCode,
};

/// Why it did not do what it was asked for.
#[derive(Debug)]
pub(super) enum Ending {
    /// Refused, or failed.
    Failed(String),
    /// Several accounts may be meant.
    Ambiguous(String),
    /// Nobody is signed in.
    NotSignedIn(String),
    /// The server cannot be reached.
    Unreachable(String),
    /// A fresh proof is needed, and there is nobody to ask.
    ProofNeeded,
    /// Whoever read what is printed has left.
    ReaderLeft,
}

impl Ending {
    /// Says it on standard error, and answers the exit status.
    pub(super) fn tell(&self) -> ExitCode {
        let (status, text) = match self {
            Self::Failed(text) => (1, text.as_str()),
            Self::Ambiguous(text) => (2, text.as_str()),
            Self::NotSignedIn(text) => (3, text.as_str()),
            Self::Unreachable(text) => (4, text.as_str()),
            Self::ProofNeeded => (5, "This asks for your password once more. Run it at a terminal."),
            Self::ReaderLeft => return ExitCode::SUCCESS,
        };
        let _ = writeln!(io::stderr(), "latchkey: {}", super::print::plain(text));
        ExitCode::from(status)
    }
}

impl From<Failure> for Ending {
    fn from(failure: Failure) -> Self {
        let text = sentence(&failure);
        match failure.code {
            FailureCode::Api(
                ErrorCode::Unauthenticated
                | ErrorCode::SessionExpired
                | ErrorCode::SessionClosed
                | ErrorCode::AccountDisabled,
            ) => Self::NotSignedIn(text),
            FailureCode::Api(
                ErrorCode::Offline
                | ErrorCode::ConnectionLost
                | ErrorCode::CertificateInvalid
                | ErrorCode::NotLatchkey
                | ErrorCode::TimedOut,
            ) => Self::Unreachable(text),
            FailureCode::Api(ErrorCode::InsufficientUserAuthentication) => Self::ProofNeeded,
            _ => Self::Failed(text),
        }
    }
}

impl From<io::Error> for Ending {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderLeft,
            _ => Self::Failed(format!("{error}.")),
        }
    }
}

/// What is wrong in words: the fields where there are some, else the sentence about this occurrence, else the title.
fn sentence(failure: &Failure) -> String {
    if !failure.errors.is_empty() {
        let told: Vec<_> = failure.errors.iter().map(|error| error.detail.as_str()).collect();
        return told.join(" ");
    }
    if let Some(detail) = &failure.detail {
        return detail.clone();
    }
    match failure.code {
        FailureCode::Api(code) => format!("{}.", code.title()),
        FailureCode::Shell(code) => format!("It did not work: {code:?}."),
    }
}

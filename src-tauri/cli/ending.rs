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
    /// The session may not hand out credentials.
    NotAllowed,
    /// Whoever read what is printed has left.
    ReaderLeft,
    /// It was said already.
    Told(ExitCode),
}

impl Ending {
    /// Says it on standard error, and answers the exit status.
    pub(super) fn tell(&self) -> ExitCode {
        let status = match self {
            Self::Failed(_) | Self::NotAllowed => 1,
            Self::Ambiguous(_) => 2,
            Self::NotSignedIn(_) => 3,
            Self::Unreachable(_) => 4,
            Self::ProofNeeded => 5,
            Self::ReaderLeft => return ExitCode::SUCCESS,
            Self::Told(status) => return *status,
        };
        let _ = writeln!(io::stderr(), "latchkey: {}", super::print::plain(self.text()));
        ExitCode::from(status)
    }

    /// What it says.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Failed(text) | Self::Ambiguous(text) | Self::NotSignedIn(text) | Self::Unreachable(text) => text,
            Self::ProofNeeded => "This asks for your password once more. Run it at a terminal.",
            Self::NotAllowed => {
                "Latchkey may not hand out credentials in this sign-in. Open Latchkey, and switch it on for this tool."
            }
            Self::ReaderLeft | Self::Told(_) => "",
        }
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
            FailureCode::Api(ErrorCode::CredentialsNotAllowed) => Self::NotAllowed,
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

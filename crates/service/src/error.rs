//! What the store could not do, as the caller is told.

use latchkey_api::problem::{ErrorCode, FieldCode, FieldError, Problem};
use latchkey_store::{Error, LoginKind};

/// The result of the store, for the caller. What nobody can act on is logged here and answered as `internal`.
pub(crate) fn problem(error: Error) -> Problem {
    match error {
        Error::Taken(kinds) => Problem::fields(kinds.into_iter().map(taken).collect()),
        Error::Busy | Error::Disordered => Problem::new(ErrorCode::Busy).retry_after(1),
        // Whoever runs the server reads why; everybody else may try again.
        Error::Unreachable(_) => {
            tracing::error!(cause = %Chain(&error), "the database cannot be reached");
            Problem::new(ErrorCode::Busy).retry_after(5)
        }
        Error::TimedOut => {
            tracing::error!(cause = %Chain(&error), "the database is too slow");
            Problem::new(ErrorCode::Busy).retry_after(5)
        }
        Error::Full => Problem::new(ErrorCode::StorageFull),
        Error::ReadOnly => Problem::new(ErrorCode::StorageReadOnly),
        other => internal(&other),
    }
}

fn taken(kind: LoginKind) -> FieldError {
    let (pointer, detail) = match kind {
        LoginKind::Username => ("/username", "This username is taken. Choose another."),
        LoginKind::Email => ("/email", "An account with this address exists already. Sign in, or use another address."),
    };
    FieldError { pointer: pointer.into(), code: FieldCode::Taken, detail: detail.into() }
}

/// A failure that is ours: the cause goes to the log, the request's id to the caller.
pub(crate) fn internal(cause: &dyn std::error::Error) -> Problem {
    tracing::error!(cause = %Chain(cause), "a request failed");
    Problem::internal(cause)
}

/// An error with what caused it.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

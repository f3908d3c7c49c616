//! What the store could not do, as the caller is told.

use std::fmt::{self, Write as _};

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
        Error::Outdated => {
            tracing::error!(cause = %Chain(&error), "this node can serve no longer");
            Problem::new(ErrorCode::Busy).retry_after(60)
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

/// An error with what caused it, in one line: what a database or another server said must not look like a line of its
/// own in the log.
struct Chain<'a>(&'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = OneLine(f);
        write!(line, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(line, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// Writes a space in the place of each control character.
struct OneLine<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| self.0.write_char(if c.is_control() { ' ' } else { c }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_error_says_stays_in_its_line() {
        let said = std::io::Error::other("refused\n2026-11-26 INFO signed in user=ada\x1b[2K");
        let line = Chain(&said).to_string();
        assert!(!line.contains(char::is_control), "{line:?}");
        assert!(line.ends_with("refused 2026-11-26 INFO signed in user=ada [2K"), "{line:?}");
    }
}

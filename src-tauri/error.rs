//! What goes wrong, as the window is told: a [`Failure`] with a code from the table of messages.

use latchkey_api::{
    desktop::{Failure, ShellCode, SignedOutReason},
    problem::{CloseReason, ErrorCode, Problem},
};

/// The answer of a command.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failure of the shell's own, with one sentence about this occurrence.
pub fn failure(code: ShellCode, detail: impl Into<Option<String>>) -> Failure {
    Failure {
        code: code.into(),
        detail: detail.into(),
        errors: Vec::new(),
        request_id: None,
        retry_after: None,
        methods: Vec::new(),
        clock_offset: None,
        server_time: None,
    }
}

/// What the service, or the way to it, answered.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub fn refused(problem: Problem) -> Failure {
    let body = problem.body();
    Failure {
        code: body.code.into(),
        detail: body.detail.clone(),
        errors: body.errors.clone(),
        request_id: body.request_id.clone(),
        retry_after: body.members.retry_after,
        methods: body.members.methods.clone().unwrap_or_default(),
        clock_offset: body.members.clock_offset,
        server_time: body.members.server_time,
    }
}

/// The person, or a newer wish of theirs, stopped it. Nothing is shown for it.
pub fn cancelled() -> Failure {
    failure(ShellCode::Cancelled, None)
}

/// Nobody is signed in, and the command needs somebody.
pub fn nobody() -> Failure {
    refused(Problem::new(ErrorCode::Unauthenticated))
}

/// Whether a problem, answered to a call that carried a session token, means that the session is over.
pub fn ends_session(problem: &Problem) -> Option<SignedOutReason> {
    match problem.code() {
        ErrorCode::SessionClosed => {
            let reason = problem.body().members.close_reason.unwrap_or(CloseReason::ClosedElsewhere);
            Some(SignedOutReason::Closed(reason))
        }
        ErrorCode::SessionExpired => Some(SignedOutReason::Expired),
        ErrorCode::Unauthenticated => Some(SignedOutReason::Unknown),
        ErrorCode::AccountDisabled => Some(SignedOutReason::Disabled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use latchkey_api::{freshness::Method, wire::Secret};

    use super::*;

    #[test]
    fn exactly_four_codes_end_a_session() {
        let ending: Vec<_> =
            ErrorCode::ALL.iter().filter(|code| ends_session(&Problem::new(**code)).is_some()).collect();
        assert_eq!(
            ending,
            [
                &ErrorCode::Unauthenticated,
                &ErrorCode::SessionExpired,
                &ErrorCode::SessionClosed,
                &ErrorCode::AccountDisabled
            ]
        );
    }

    #[test]
    fn a_closed_session_says_by_whom() {
        let problem = Problem::new(ErrorCode::SessionClosed).close_reason(CloseReason::ClosedByAdministrator);
        assert_eq!(ends_session(&problem), Some(SignedOutReason::Closed(CloseReason::ClosedByAdministrator)));
    }

    #[test]
    fn everything_a_problem_says_reaches_the_window() {
        let problem = Problem::new(ErrorCode::TooManyRequests).detail("Wait.").retry_after(30).request_id("r-1");
        let failure = refused(problem);
        assert_eq!(failure.code, ErrorCode::TooManyRequests.into());
        assert_eq!(failure.detail.as_deref(), Some("Wait."));
        assert_eq!((failure.retry_after, failure.request_id.as_deref()), (Some(30), Some("r-1")));

        let problem = Problem::new(ErrorCode::InvalidCode).with(|members| {
            members.methods = Some(vec![Method::Totp, Method::BackupCode]);
            members.clock_offset = Some(-90);
            members.server_time = Some(DateTime::UNIX_EPOCH);
            members.transaction = Some(Secret::new("stays in the shell"));
        });
        let failure = refused(problem);
        assert_eq!(failure.methods, [Method::Totp, Method::BackupCode]);
        assert_eq!((failure.clock_offset, failure.server_time), (Some(-90), Some(DateTime::UNIX_EPOCH)));
        assert!(!serde_json::to_string(&failure).unwrap().contains("stays in the shell"));
    }
}

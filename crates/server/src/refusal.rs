//! A problem on its way out (RFC 9457).
//!
//! Handlers and layers leave the [`Problem`] in the extensions of the response; [`render`] writes it where the
//! request's id is known. So there is one place that writes problems, whoever refused.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use latchkey_api::problem::{ErrorCode, Problem};

use crate::rate_limit;

/// Answers a problem.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self(Problem::new(code))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(&self.0);
        response.extensions_mut().insert(self.0);
        response
    }
}

/// Writes the body and the headers of a problem that waits in a response.
pub(crate) fn render(response: &mut Response, request_id: &str) {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return };
    let problem = problem.answered(request_id);
    let body = serde_json::to_vec(problem.body()).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LENGTH, body.len().into());
    // Where another challenge than the one of the API is due, it stands there already.
    let due = challenge(&problem).filter(|_| !headers.contains_key(header::WWW_AUTHENTICATE));
    if let Some(challenge) = due.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(limit) = &problem.body().members.rate_limit {
        rate_limit::tell(headers, limit);
    }
    if let Some(seconds) = problem.body().members.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    *response.body_mut() = Body::from(body);
}

fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.body().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// RFC 6750 section 3: a token that came and does not hold is an `invalid_token`. RFC 9470 section 3: one that holds may
/// still not be enough, and how old a proof may be is told; a key has the scope or has not.
fn challenge(problem: &Problem) -> Option<String> {
    match problem.code() {
        ErrorCode::SessionExpired | ErrorCode::SessionClosed => Some(r#"Bearer error="invalid_token""#.into()),
        ErrorCode::ApiKeyExpired => {
            Some(r#"Bearer error="invalid_token", error_description="The API key has expired""#.into())
        }
        ErrorCode::InsufficientScope => Some(r#"Bearer error="insufficient_scope", scope="api""#.into()),
        ErrorCode::InsufficientUserAuthentication => {
            let age = problem.body().members.max_age.map(|seconds| format!(r#", max_age="{seconds}""#));
            let why = r#"error_description="A more recent authentication is required""#;
            Some(format!(r#"Bearer error="insufficient_user_authentication", {why}{}"#, age.unwrap_or_default()))
        }
        _ if problem.body().status == 401 => Some("Bearer".into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_why_it_does_not_hold() {
        for (code, status, challenge) in [
            (
                ErrorCode::ApiKeyExpired,
                401,
                r#"Bearer error="invalid_token", error_description="The API key has expired""#,
            ),
            (ErrorCode::InsufficientScope, 403, r#"Bearer error="insufficient_scope", scope="api""#),
        ] {
            let mut response = Refusal(Problem::new(code)).into_response();
            render(&mut response, "1");
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()[header::WWW_AUTHENTICATE], challenge);
        }
    }

    #[test]
    fn the_challenge_says_how_old_a_proof_may_be() {
        let problem = Problem::new(ErrorCode::InsufficientUserAuthentication).with(|m| m.max_age = Some(300));
        let mut response = Refusal(problem).into_response();
        render(&mut response, "1");
        assert_eq!(
            response.headers()[header::WWW_AUTHENTICATE],
            "Bearer error=\"insufficient_user_authentication\", \
             error_description=\"A more recent authentication is required\", max_age=\"300\""
        );
        assert_eq!(response.status(), 401);
    }
}

//! Reads an answer, whoever gave it: the contract's reply, a problem, or something that is not Latchkey at all.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Response, StatusCode, header};
use http_body_util::BodyExt;
use latchkey_api::{
    endpoint::Payload,
    problem::{ApiResult, ErrorCode, Members, Problem, ProblemBody},
    wire::Reply,
};
use serde_json::Value;
use tower::BoxError;

use crate::client::Streamed;

/// The largest answer a client reads whole, in bytes.
pub const RESPONSE_LIMIT: usize = 16 * 1024 * 1024;

/// The answer with its whole body.
pub(crate) async fn whole(response: Response<Streamed>) -> ApiResult<Response<Bytes>> {
    let (head, mut body) = response.into_parts();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let piece = frame.map_err(trouble)?.into_data().unwrap_or_default();
        if whole.len() + piece.len() > RESPONSE_LIMIT {
            return Err(Problem::new(ErrorCode::NotLatchkey).detail("The answer is larger than any of Latchkey's."));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(Response::from_parts(head, whole.freeze()))
}

/// A transport that fails with a [`Problem`] is taken at its word.
pub(crate) fn trouble(error: BoxError) -> Problem {
    error.downcast::<Problem>().map_or_else(Problem::internal, |problem| *problem)
}

/// Whether an answer is the beginning of an event stream.
pub(crate) fn is_event_stream<B>(response: &Response<B>) -> bool {
    response.status() == StatusCode::OK && media_type(response.headers()) == "text/event-stream"
}

/// The reply, the problem, or `not_latchkey` where it is neither.
pub(crate) fn read<R: Reply>(response: Response<Bytes>) -> ApiResult<R::Value> {
    let (head, body) = response.into_parts();
    if head.status.as_u16() == R::STATUS {
        let stranger = |_| Problem::new(ErrorCode::NotLatchkey).detail("The answer is not what was asked for.");
        return R::read(Payload { headers: head.headers, body }).map_err(stranger);
    }
    Err(problem(head.status, &head.headers, &body))
}

/// The problem in an answer that should have been an event stream.
pub(crate) fn refusal(response: Response<Bytes>) -> Problem {
    let (head, body) = response.into_parts();
    problem(head.status, &head.headers, &body)
}

fn problem(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Problem {
    if media_type(headers) == "application/problem+json"
        && let Some(problem) = parse(body)
    {
        return problem.received();
    }
    match status {
        // Said by a proxy in front of the service, which has limits of its own.
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(ErrorCode::BodyTooLarge),
        StatusCode::TOO_MANY_REQUESTS => match retry_after(headers) {
            Some(seconds) => Problem::new(ErrorCode::TooManyRequests).retry_after(seconds),
            None => Problem::new(ErrorCode::TooManyRequests),
        },
        // A server that fails says nothing about what it is.
        status if status.is_server_error() => Problem::internal(status),
        status if status.is_redirection() => {
            Problem::new(ErrorCode::NotLatchkey).detail("The server sends its callers to another address.")
        }
        _ => Problem::new(ErrorCode::NotLatchkey),
    }
}

/// A newer service may say more than this program understands: what is known of it is kept.
fn parse(body: &[u8]) -> Option<Problem> {
    let value: Value = serde_json::from_slice(body).ok()?;
    if let Ok(body) = serde_json::from_value::<ProblemBody>(value.clone()) {
        return Some(body.into());
    }
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let code: ErrorCode = serde_json::from_value(value.get("code")?.clone()).ok()?;
    Some(Problem::from(ProblemBody {
        kind: text("type").unwrap_or_else(|| "about:blank".to_owned()),
        title: text("title").unwrap_or_else(|| code.title().to_owned()),
        status: value.get("status").and_then(Value::as_u64).and_then(|n| n.try_into().ok()).unwrap_or_default(),
        code,
        detail: text("detail"),
        errors: Vec::new(),
        request_id: text("request_id"),
        members: Members::default(),
    }))
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use latchkey_api::problem::CloseReason;

    use super::*;

    fn read(status: u16, media_type: &str, body: &str) -> Problem {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media_type.parse().unwrap())]);
        problem(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
    }

    #[test]
    fn a_problem_is_read_whole() {
        let sent = Problem::new(ErrorCode::SessionClosed).close_reason(CloseReason::ClosedElsewhere).request_id("r1");
        let text = serde_json::to_string(sent.body()).unwrap();
        assert_eq!(read(401, "application/problem+json; charset=utf-8", &text), sent);
    }

    #[test]
    fn a_detail_that_says_the_title_again_is_none() {
        let sent = Problem::new(ErrorCode::NotFound).request_id("r1");
        let text = serde_json::to_string(sent.clone().answered("r1").body()).unwrap();
        assert!(text.contains(r#""detail":"There is no such thing.""#), "{text}");
        assert_eq!(read(404, "application/problem+json", &text), sent);
        let more = sent.detail("Choose another one.");
        let text = serde_json::to_string(more.clone().answered("r1").body()).unwrap();
        assert_eq!(read(404, "application/problem+json", &text), more);
    }

    #[test]
    fn an_unknown_code_or_member_does_not_hide_what_is_known() {
        let newer = r#"{"type":"about:blank","title":"Wait","status":418,"code":"teapot","detail":"Soon.","x":1}"#;
        let found = read(418, "application/problem+json", newer);
        assert_eq!((found.code(), found.body().status), (ErrorCode::Internal, 418));
        assert_eq!((found.body().title.as_str(), found.body().detail.as_deref()), ("Wait", Some("Soon.")));
        let reason = r#"{"type":"a","title":"t","status":401,"code":"session_closed","close_reason":"eclipse"}"#;
        assert_eq!(read(401, "application/problem+json", reason).code(), ErrorCode::SessionClosed);
    }

    #[test]
    fn strangers_are_told_from_failing_servers() {
        let page = "<html>no</html>";
        assert_eq!(read(404, "text/html", page).code(), ErrorCode::NotLatchkey);
        assert_eq!(read(404, "application/problem+json", page).code(), ErrorCode::NotLatchkey);
        assert_eq!(read(302, "text/html", page).code(), ErrorCode::NotLatchkey);
        assert_eq!(read(204, "text/html", "").code(), ErrorCode::NotLatchkey);
        assert_eq!(read(502, "text/html", page).code(), ErrorCode::Internal);
        assert_eq!(read(413, "text/html", page).code(), ErrorCode::BodyTooLarge);
        assert_eq!(read(429, "text/html", page).code(), ErrorCode::TooManyRequests);
    }
}

//! How refusals look.

use std::{sync::Arc, time::Duration};

use http_body_util::BodyExt;
use latchkey_api::problem::ErrorCode;
use latchkey_server::{Limits, in_process, router_with};
use tower::ServiceExt;

use crate::{
    toy::{Toy, toy},
    wire::{Answer, ask},
};

const JSON: (&str, &str) = ("content-type", "application/json");
const ADA: (&str, &str) = ("authorization", "Bearer token");

/// Line, headers and body of a request; status, code, and what the body says of the field or the matter.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str, &'a str);

#[tokio::test]
async fn each_refusal_has_its_status_and_code() {
    let cases: &[Case] = &[
        ("POST /v1/sessions", &[JSON], r#"{"login":"a","password":"b","nope":1}"#, 422, "invalid_field", "/nope"),
        (
            "POST /v1/sessions",
            &[JSON],
            r#"{"login":"a","password":"b","client":{"model":"m","x/y":1}}"#,
            422,
            "invalid_field",
            "/client/x~1y",
        ),
        ("POST /v1/sessions", &[JSON], r#"{"login":7,"password":"b"}"#, 422, "invalid_field", "/login"),
        ("POST /v1/sessions", &[JSON], r#"{"login":"a"}"#, 422, "invalid_field", "/password"),
        ("POST /v1/sessions", &[JSON], r#"{"login""#, 400, "invalid_body", ""),
        ("POST /v1/sessions", &[JSON], r#"{"login":"a","password":"b"} x"#, 400, "invalid_body", ""),
        ("POST /v1/sessions", &[JSON], "", 400, "invalid_body", ""),
        ("POST /v1/sessions", &[("content-type", "text/plain")], "{}", 415, "unsupported_media_type", ""),
        ("POST /v1/sessions", &[], "{}", 415, "unsupported_media_type", ""),
        ("POST /v1/sessions", &[JSON], r#"{"login":"a","password":"b"}"#, 401, "invalid_credentials", ""),
        ("POST /v1/sessions", &[JSON], r#"{"login":"a","password":"often"}"#, 429, "too_many_requests", ""),
        ("GET /v1/me/sessions?limit=300", &[ADA], "", 400, "invalid_parameter", ""),
        ("GET /v1/me/sessions?lmit=3", &[ADA], "", 400, "invalid_parameter", ""),
        ("GET /v1/me/sessions?limit=3&limit=4", &[ADA], "", 400, "invalid_parameter", ""),
        ("GET /v1/me/sessions/x?id=current", &[ADA], "", 400, "invalid_parameter", ""),
        ("GET /v1/me/sessions/%ff", &[ADA], "", 400, "invalid_parameter", ""),
        ("GET /v1/me/sessions/x", &[ADA], "", 404, "not_found", ""),
        ("GET /v1/me", &[ADA], "a body", 400, "invalid_body", ""),
        ("GET /v1/instance?x=1", &[], "", 400, "invalid_parameter", ""),
        ("GET /v1/users/ada/avatar?size=65", &[], "", 400, "invalid_parameter", ""),
        ("PATCH /v1/me", &[ADA, JSON], "{}", 428, "precondition_required", ""),
        ("PATCH /v1/me", &[ADA, JSON, ("if-match", "\"old\"")], "{}", 412, "stale", ""),
        ("PATCH /v1/me", &[ADA, JSON, ("if-match", "v0")], "{}", 400, "invalid_parameter", ""),
        ("PATCH /v1/me", &[ADA, JSON, ("if-match", "\"old,*,old\"")], "{}", 412, "stale", ""),
        ("PATCH /v1/me", &[ADA, JSON, ("if-match", "\"v0\"")], r#"{"name":null}"#, 422, "invalid_field", "/name"),
        ("PATCH /v1/me", &[ADA, JSON, ("if-match", "\"v0\"")], r#"{"bio":null}"#, 200, "", ""),
        ("PUT /v1/me/avatar", &[ADA, ("content-type", "image/svg+xml")], "<svg/>", 415, "unsupported_media_type", ""),
        ("PUT /v1/me", &[ADA], "", 405, "method_not_allowed", ""),
        ("GET /nowhere", &[], "", 404, "not_found", ""),
        ("GET /v1/me/", &[ADA], "", 404, "not_found", ""),
        ("POST /health/live", &[], "", 405, "method_not_allowed", ""),
    ];
    for (line, headers, body, status, code, pointer) in cases {
        let answer = ask(toy(), line, headers, (*body).to_owned()).await;
        let json = answer.json();
        assert_eq!(answer.status, *status, "{line} {body}: {json}");
        if *status == 200 {
            continue;
        }
        assert_eq!(answer.code(), *code, "{line} {body}: {json}");
        assert_eq!(json["errors"][0]["pointer"].as_str().unwrap_or_default(), *pointer, "{line} {body}: {json}");
        is_a_problem(&answer, line);
    }
}

/// RFC 9457, and the same id in the header and in the body.
fn is_a_problem(answer: &Answer, line: &str) {
    let json = answer.json();
    assert_eq!(answer.header("content-type"), "application/problem+json", "{line}");
    assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{line}");
    assert_eq!(json["type"], "about:blank", "{line}");
    assert_eq!(json["status"], answer.status, "{line}");
    assert!(!json["title"].as_str().unwrap().is_empty(), "{line}");
    assert!(!json["detail"].as_str().unwrap().is_empty(), "{line}: {json}");
    assert_eq!(json["request_id"], answer.header("x-request-id"), "{line}");
    assert_eq!(answer.header("x-request-id").len(), 36, "{line}");
    has_the_security_headers(answer, line);
    assert_eq!(answer.header("cache-control"), "no-store", "{line}");
}

fn has_the_security_headers(answer: &Answer, line: &str) {
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; sandbox;"), "{line}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{line}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{line}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{line}");
    let allows = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
    assert_eq!(allows, None, "{line}");
}

/// A page of another site asks, and asks beforehand whether it may.
#[tokio::test]
async fn no_answer_lets_another_origin_in() {
    let asks = [("origin", "https://evil.example"), ("access-control-request-method", "GET"), ADA];
    for path in ["/v1/me", "/v1/instance", "/v1/users/ada/avatar", "/docs", "/registry/token", "/nowhere"] {
        for method in ["OPTIONS", "GET", "PUT"] {
            let line = format!("{method} {path}");
            let answer = ask(toy(), &line, &asks, "").await;
            let allows = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(allows, None, "{line}");
            assert!(method != "OPTIONS" || matches!(answer.status, 404 | 405), "{line}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn a_pause_is_told_in_the_header_too() {
    let answer = ask(toy(), "POST /v1/sessions", &[JSON], r#"{"login":"a","password":"often"}"#).await;
    assert_eq!((answer.header("retry-after"), answer.json()["retry_after"].as_u64()), ("42", Some(42)));
}

#[tokio::test]
async fn a_session_that_ended_says_so_in_the_challenge() {
    let closed = ask(toy(), "GET /v1/me", &[("authorization", "Bearer closed")], "").await;
    assert_eq!(closed.header("www-authenticate"), r#"Bearer error="invalid_token""#);
    assert_eq!(closed.json()["close_reason"], "closed_elsewhere");
    assert_eq!(ask(toy(), "GET /v1/me", &[], "").await.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    assert_eq!(ask(toy(), "PUT /v1/me", &[ADA], "").await.header("allow"), "GET,HEAD,PATCH,DELETE");
}

#[tokio::test]
async fn a_panic_is_an_answer_without_its_text() {
    let body = r#"{"username":"panic","email":"a@b.c","name":"P","password":"x"}"#;
    let answer = ask(toy(), "POST /v1/accounts", &[JSON], body).await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "internal"));
    is_a_problem(&answer, "a panic");
    assert!(!String::from_utf8_lossy(&answer.body).contains("toy"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_a_problem() {
    let body = r#"{"username":"never","email":"a@b.c","name":"P","password":"x"}"#;
    let limits = Limits { answer: Duration::from_secs(3), ..Limits::default() };
    let request = http::Request::post("/v1/accounts").header(JSON.0, JSON.1).body(body.into()).unwrap();
    let started = tokio::time::Instant::now();
    let answer = in_process(router_with(toy(), limits)).oneshot(request).await.unwrap();
    assert_eq!((answer.status().as_u16(), started.elapsed()), (504, Duration::from_secs(3)));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["code"], "timed_out");
}

#[tokio::test]
async fn health_says_whether_the_service_can_work() {
    for (line, unready, status, code) in [
        ("GET /health/live", Some(ErrorCode::Busy), 200, ""),
        ("GET /health/ready", None, 200, ""),
        ("GET /health/ready", Some(ErrorCode::StorageReadOnly), 503, "storage_read_only"),
        ("GET /health/ready", Some(ErrorCode::StorageFull), 503, "busy"),
    ] {
        let answer = ask(Arc::new(Toy { unready, ..Toy::default() }), line, &[], "").await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{line} {unready:?}");
        has_the_security_headers(&answer, line);
    }
}

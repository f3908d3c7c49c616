//! Answers to API keys say how often they may be used.

use crate::{
    toy::toy,
    wire::{Answer, ask},
};

async fn with_key(line: &str, key: &str, body: &str) -> Answer {
    let headers = [("authorization", key), ("content-type", "application/json")];
    ask(toy(), line, &headers, body.to_owned()).await
}

fn limits(answer: &Answer) -> (&str, &str) {
    (answer.header("ratelimit-policy"), answer.header("ratelimit"))
}

#[tokio::test]
async fn every_answer_to_a_key_has_the_headers() {
    let told = (r#""key";q=600;w=60"#, r#""key";r=599;t=1"#);
    for (line, body, status) in [
        ("GET /v1/me", "", 200),
        // Refused by the method, by its parameters, and for its body.
        ("GET /v1/me/two-factor", "", 409),
        ("PATCH /v1/me", "{}", 428),
        ("GET /v1/me/ssh-keys?limit=many", "", 400),
        ("GET /v1/me?colour=red", "", 400),
    ] {
        let answer = with_key(line, "Bearer key", body).await;
        assert_eq!((answer.status, limits(&answer)), (status, told), "{line}");
    }
    let session = with_key("GET /v1/me", "Bearer token", "").await;
    assert_eq!((session.status, limits(&session)), (200, ("", "")));
}

#[tokio::test]
async fn a_key_that_was_used_too_often_is_told_when_to_come_back() {
    let answer = with_key("GET /v1/me", "Bearer busy-key", "").await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "too_many_requests"));
    assert_eq!(limits(&answer), (r#""key";q=600;w=60"#, r#""key";r=0;t=7"#));
    assert_eq!(answer.header("retry-after"), "7");
    let member = &answer.json()["rate_limit"];
    assert_eq!(*member, serde_json::json!({"quota": 600, "window": 60, "remaining": 0, "reset": 7}));
}

#[tokio::test]
async fn a_key_that_does_not_serve_is_told_why() {
    let scope = with_key("GET /v1/me", "Bearer registry-key", "").await;
    assert_eq!((scope.status, scope.code().as_str()), (403, "insufficient_scope"));
    assert_eq!(scope.header("www-authenticate"), r#"Bearer error="insufficient_scope", scope="api""#);
    assert_eq!(limits(&scope), (r#""key";q=600;w=60"#, r#""key";r=599;t=1"#));
    let expired = with_key("GET /v1/me", "Bearer expired-key", "").await;
    assert_eq!((expired.status, expired.code().as_str()), (401, "api_key_expired"));
    assert!(expired.header("www-authenticate").starts_with(r#"Bearer error="invalid_token""#));
}

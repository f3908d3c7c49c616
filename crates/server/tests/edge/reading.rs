//! Answers that are read: content types, entity tags, caches.

use crate::{toy::toy, wire::ask};

const ADA: (&str, &str) = ("authorization", "Bearer token");

#[tokio::test]
async fn what_is_personal_is_never_stored_and_what_is_public_is_asked_about_again() {
    let profile = ask(toy(), "GET /v1/me", &[ADA], "").await;
    assert_eq!((profile.header("content-type"), profile.header("cache-control")), ("application/json", "no-store"));
    let avatar = ask(toy(), "GET /v1/users/ada/avatar?size=64", &[], "").await;
    assert_eq!(avatar.header("content-type"), "image/svg+xml; charset=utf-8");
    assert_eq!(avatar.header("cache-control"), "no-cache");
    assert_eq!(&avatar.body[..], b"<svg>64</svg>");
    assert!(avatar.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn what_the_reader_has_is_not_sent_again() {
    for (line, tag) in [("GET /v1/me", "\"v0\""), ("GET /v1/users/ada/avatar", "\"v7\"")] {
        for known in [tag.to_owned(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let answer = ask(toy(), line, &[ADA, ("if-none-match", &known)], "").await;
            assert_eq!((answer.status, answer.body.len()), (304, 0), "{line} {known}");
            assert_eq!((answer.header("etag"), answer.header("content-type")), (tag, ""), "{line} {known}");
            assert!(!answer.header("cache-control").is_empty());
        }
        let other = ask(toy(), line, &[ADA, ("if-none-match", "\"v1\"")], "").await;
        assert_eq!((other.status, other.header("etag")), (200, tag));
    }
}

#[tokio::test]
async fn a_tag_is_no_reason_not_to_change() {
    let headers = [ADA, ("content-type", "image/png"), ("if-none-match", "*")];
    let answer = ask(toy(), "PUT /v1/me/avatar", &headers, "png").await;
    assert_eq!((answer.status, answer.json()["name"].as_str()), (200, Some("3")));
}

#[tokio::test]
async fn the_head_can_be_had_alone() {
    let answer = ask(toy(), "HEAD /v1/instance", &[], "").await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn an_answer_without_content_has_neither_body_nor_type() {
    let answer = ask(toy(), "DELETE /v1/me/sessions/current", &[ADA], "").await;
    assert_eq!((answer.status, answer.body.len(), answer.header("content-type")), (204, 0, ""));
}

#[tokio::test]
async fn the_document_is_served_as_it_is_committed() {
    let answer = ask(toy(), "GET /openapi.json", &[], "").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../api/openapi.json");
    assert!(answer.body == std::fs::read(committed).unwrap(), "served and committed are the same bytes");
    let again = ask(toy(), "GET /openapi.json", &[("if-none-match", answer.header("etag"))], "").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

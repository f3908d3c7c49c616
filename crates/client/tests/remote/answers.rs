//! Answers of servers that are something else, and of proxies in between.

use latchkey_api::{
    common::Caller,
    problem::ErrorCode,
    sessions::{SessionPath, SessionsApi},
};
use latchkey_client::RESPONSE_LIMIT;
use tokio::{io::AsyncWriteExt, sync::mpsc};

use crate::servers::{client, code, each, problem, read_head, saying};

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_web_site_is_not_latchkey() {
    let html = "Content-Type: text/html\r\n";
    for status in ["200 OK", "404 Not Found", "403 Forbidden", "204 No Content"] {
        let origin = saying(answer(status, html, if status.starts_with("204") { "" } else { "<h1>Hello</h1>" })).await;
        assert_eq!(code(&origin).await, ErrorCode::NotLatchkey, "{status}");
    }
}

#[tokio::test]
async fn other_json_is_not_latchkey() {
    let origin = saying(answer("200 OK", "Content-Type: application/json\r\n", r#"{"hello":"world"}"#)).await;
    assert_eq!(code(&origin).await, ErrorCode::NotLatchkey);
}

#[tokio::test]
async fn a_failing_server_or_proxy_is_an_internal_error() {
    for status in ["500 Internal Server Error", "502 Bad Gateway"] {
        let origin = saying(answer(status, "Content-Type: text/html\r\n", "<h1>Oh</h1>")).await;
        assert_eq!(code(&origin).await, ErrorCode::Internal, "{status}");
    }
}

/// The token must not follow to an address that the person did not choose.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (seen, mut elsewhere) = mpsc::unbounded_channel();
    let target = each(move |mut stream| {
        let seen = seen.clone();
        async move {
            seen.send(read_head(&mut stream).await).unwrap();
        }
    });
    let location = format!("Location: http://{}/v1/instance\r\n", target.await);
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let problem = problem(&saying(answer(status, &location, "")).await).await;
        assert_eq!(problem.code(), ErrorCode::NotLatchkey, "{status}");
        assert!(problem.body().detail.as_ref().unwrap().contains("another address"));
    }
    assert!(elsewhere.try_recv().is_err(), "nobody asked there");
}

#[tokio::test]
async fn a_problem_keeps_its_members() {
    let body = r#"{"type":"about:blank","title":"t","status":401,"code":"session_closed","close_reason":"closed_elsewhere","request_id":"r"}"#;
    let problem =
        problem(&saying(answer("401 Unauthorized", "Content-Type: application/problem+json\r\n", body)).await).await;
    assert_eq!((problem.code(), problem.body().request_id.as_deref()), (ErrorCode::SessionClosed, Some("r")));
    assert!(problem.body().members.close_reason.is_some());
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let address = each(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n").await;
        let piece = vec![b' '; 64 * 1024];
        let mut sent = 0;
        while stream.write_all(&piece).await.is_ok() {
            sent += piece.len();
            assert!(sent < 2 * RESPONSE_LIMIT, "somebody still reads");
        }
    });
    assert_eq!(code(&format!("http://{}", address.await)).await, ErrorCode::NotLatchkey);
}

#[tokio::test]
async fn a_request_carries_token_user_agent_and_encoded_path() {
    let (seen, mut requests) = mpsc::unbounded_channel();
    let address = each(move |mut stream| {
        let seen = seen.clone();
        async move {
            seen.send(read_head(&mut stream).await).unwrap();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        }
    });
    let client = client(&format!("http://{}", address.await));
    let path = SessionPath { id: "a/../b c".into() };
    client.close_session(&Caller::with_token("lks_secret"), path).await.unwrap();
    let request = requests.recv().await.unwrap().to_lowercase();
    assert!(request.starts_with("delete /v1/me/sessions/a%2f..%2fb%20c http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nauthorization: bearer lks_secret\r\n"), "{request}");
    assert!(request.contains("\r\nuser-agent: test\r\n"), "{request}");
}

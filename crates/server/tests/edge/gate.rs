//! Nobody gets past the gate, on any endpoint.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use latchkey_api::endpoint::Auth;
use latchkey_server::{Connections, Limits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    toy::{Toy, toy},
    wire::{ask, listen},
};

#[tokio::test]
async fn without_a_session_no_endpoint_that_needs_one_is_reached() {
    let host = Arc::new(Toy::default());
    let mut guarded = 0;
    for endpoint in latchkey_api::endpoints().filter(|endpoint| endpoint.meta.auth != Auth::Nobody) {
        let line = format!("{} {}", endpoint.meta.method, endpoint.meta.path.replace(['{', '}'], ""));
        for (token, code) in [
            (vec![], "unauthenticated"),
            (vec![("authorization", "Bearer nonsense")], "unauthenticated"),
            (vec![("authorization", "Basic dG9rZW46")], "unauthenticated"),
            (vec![("authorization", "Bearer expired")], "session_expired"),
            (vec![("authorization", "Bearer closed")], "session_closed"),
        ] {
            let answer = ask(host.clone(), &line, &token, "").await;
            assert_eq!((answer.status, answer.code().as_str()), (401, code), "{line}");
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{line}");
        }
        guarded += 1;
    }
    assert!(guarded >= 8, "{guarded} endpoints need a session");
    assert_eq!(host.reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_scheme_of_a_token_has_no_case() {
    let answer = ask(toy(), "GET /v1/me", &[("authorization", "bearer token")], "").await;
    assert_eq!(answer.status, 200);
}

/// The refusal comes although the body never does.
#[tokio::test]
async fn a_strangers_body_is_not_waited_for() {
    let address = listen(toy(), Limits::default(), Connections::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "PUT /v1/me/avatar HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 9000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    timeout(Duration::from_secs(5), stream.read_exact(&mut start)).await.unwrap().unwrap();
    assert_eq!(&start, b"HTTP/1.1 401");
}

//! Connections that fail.

use std::time::Duration;

use latchkey_api::{common::Caller, instance::InstanceApi, problem::ErrorCode};
use tokio::{
    io::AsyncWriteExt,
    net::TcpListener,
    time::{Instant, sleep},
};

use crate::servers::{client, code, each, problem, read_head, saying};

#[tokio::test]
async fn a_closed_port_is_offline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let problem = problem(&format!("http://{address}")).await;
    assert_eq!(problem.code(), ErrorCode::Offline);
    assert!(problem.body().detail.as_ref().unwrap().contains("refused"), "{problem}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_offline() {
    assert_eq!(code("http://nowhere.invalid").await, ErrorCode::Offline);
}

#[tokio::test]
async fn a_server_that_hangs_is_timed_out() {
    let address = each(|mut stream| async move {
        read_head(&mut stream).await;
        sleep(Duration::from_mins(1)).await;
    });
    let origin = format!("http://{}", address.await);
    let started = Instant::now();
    assert_eq!(code(&origin).await, ErrorCode::TimedOut);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_hangs_within_its_answer_is_timed_out() {
    let address = each(|mut stream| async move {
        read_head(&mut stream).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        sleep(Duration::from_mins(1)).await;
    });
    assert_eq!(code(&format!("http://{}", address.await)).await, ErrorCode::TimedOut);
}

/// Slow is not dead: each piece is a sign of life, though the whole takes longer than the time-out.
#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let body = r#"{"name":"Slow","version":"1","sign_up":"open","two_factor":"optional",
        "password":{"min_length":12,"min_score":3},"registry":null,"integrations":[],"mail":false}"#;
    let address = each(move |mut stream| async move {
        read_head(&mut stream).await;
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        for piece in body.as_bytes().chunks(body.len() / 5) {
            sleep(Duration::from_millis(250)).await;
            stream.write_all(piece).await.unwrap();
        }
    });
    let client = client(&format!("http://{}", address.await));
    assert_eq!(client.get_instance(&Caller::default()).await.unwrap().name, "Slow");
}

#[tokio::test]
async fn a_connection_that_is_cut_is_lost() {
    assert_eq!(code(&saying("").await).await, ErrorCode::ConnectionLost);
    assert_eq!(code(&saying("HTTP/1.1 200 OK\r\nContent-").await).await, ErrorCode::ConnectionLost);
    let short = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\":";
    assert_eq!(code(&saying(short).await).await, ErrorCode::ConnectionLost);
}

#[tokio::test]
async fn a_server_that_does_not_speak_http_is_not_latchkey() {
    assert_eq!(code(&saying("SSH-2.0-OpenSSH_9.2p1\r\n\r\n").await).await, ErrorCode::NotLatchkey);
    assert_eq!(code(&saying("220 mail ESMTP\r\n").await).await, ErrorCode::NotLatchkey);
}

//! How much is taken, and how long it is waited for.

use std::{net::SocketAddr, time::Duration};

use latchkey_server::{Connections, Limits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    toy::toy,
    wire::{exchange, listen},
};

const AVATAR: &str =
    "PUT /v1/me/avatar HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\nContent-Type: image/png\r\n";

/// Bytes this process holds, from the kernel.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

async fn impatient() -> SocketAddr {
    let limits =
        Limits { body_pause: Duration::from_millis(200), body: Duration::from_millis(600), ..Limits::default() };
    let connections = Connections { head: Duration::from_millis(300), ..Connections::default() };
    listen(toy(), limits, connections).await
}

#[tokio::test]
async fn a_declared_300_mb_are_refused_before_they_are_sent() {
    let address = impatient().await;
    let head = format!("{AVATAR}Content-Length: 300000000\r\nConnection: close\r\n\r\n");
    let answer = exchange(address, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""code":"body_too_large""#), "{answer}");
}

#[tokio::test]
async fn a_streamed_300_mb_are_refused_without_being_kept() {
    let address = listen(toy(), Limits::default(), Connections::default()).await;
    let before = resident();
    let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
    let sender = tokio::spawn(async move {
        write.write_all(format!("{AVATAR}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await.unwrap();
        let chunk = [b"10000\r\n".as_slice(), &vec![0; 0x10000], b"\r\n"].concat();
        for _ in 0..4600 {
            if write.write_all(&chunk).await.is_err() {
                return;
            }
        }
    });
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(20), read.read_to_end(&mut answer)).await.expect("an end");
    assert!(answer.starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&answer));
    sender.await.unwrap();
    let grown = resident().saturating_sub(before);
    assert!(grown < 100_000_000, "{grown} bytes are kept");
}

#[tokio::test]
async fn a_client_that_asks_first_is_not_told_to_continue() {
    let address = impatient().await;
    let ask = |length: u32| {
        format!("{AVATAR}Content-Length: {length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n").into_bytes()
    };
    let refused = exchange(address, &ask(300_000_000)).await;
    assert!(refused.starts_with("HTTP/1.1 413 "), "{refused}");
    let welcome = exchange(address, &ask(5)).await;
    assert!(welcome.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 "), "{welcome}");
}

#[tokio::test]
async fn a_body_that_stops_or_trickles_is_cut_off() {
    let address = impatient().await;
    let head = format!("{AVATAR}Content-Length: 1000\r\nConnection: close\r\n\r\n");
    for (pause, least) in [(Duration::from_mins(1), 200), (Duration::from_millis(100), 600)] {
        let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
        write.write_all(head.as_bytes()).await.unwrap();
        let started = Instant::now();
        let trickle = tokio::spawn(async move {
            while write.write_all(b"x").await.is_ok() {
                sleep(pause).await;
            }
        });
        let mut answer = [0; 12];
        timeout(Duration::from_secs(10), read.read_exact(&mut answer)).await.expect("an answer").unwrap();
        assert_eq!(&answer, b"HTTP/1.1 400");
        assert!(started.elapsed() >= Duration::from_millis(least), "{:?}", started.elapsed());
        trickle.abort();
    }
}

#[tokio::test]
async fn heads_that_are_too_large_too_many_or_too_slow_are_refused() {
    let address = impatient().await;
    let large = format!("GET /v1/instance HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(64 * 1024));
    assert!(exchange(address, large.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    let many = format!("GET /v1/instance HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(100));
    assert!(exchange(address, many.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    let started = Instant::now();
    assert_eq!(exchange(address, b"GET /v1/instance HTTP/1.1\r\nHost").await, "");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn silent_connections_do_not_keep_others_out_for_long() {
    let connections = Connections { most: 2, head: Duration::from_millis(300), ..Connections::default() };
    let address = listen(toy(), Limits::default(), connections).await;
    let _silent = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
    let ask = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = timeout(Duration::from_secs(5), exchange(address, ask)).await.expect("a place");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

//! Servers that say fixed things.

use std::{future::Future, time::Duration};

use latchkey_api::{
    common::Caller,
    instance::InstanceApi,
    problem::{ErrorCode, Problem},
};
use latchkey_client::{Client, Timeouts};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Time-outs that let a test end soon.
pub(crate) const SHORT: Timeouts =
    Timeouts { connect: Duration::from_millis(500), silence: Duration::from_millis(500) };

pub(crate) fn client(origin: &str) -> Client {
    Client::remote_with(&origin.parse().unwrap(), "test", SHORT).unwrap()
}

/// Listens, and does the same with every connection.
pub(crate) async fn each<F, T>(attend: F) -> String
where
    F: Fn(TcpStream) -> T + Send + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(attend(stream));
        }
    });
    address.to_string()
}

/// The head of a request, and what came along with it.
pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(length) => bytes.extend_from_slice(&piece[..length]),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A server that reads the head of a request, says this, and closes.
pub(crate) async fn saying(answer: impl Into<String>) -> String {
    let answer = answer.into();
    let address = each(move |mut stream| {
        let answer = answer.clone();
        async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{}", address.await)
}

/// What asking for the instance ends with.
pub(crate) async fn problem(origin: &str) -> Problem {
    client(origin).get_instance(&Caller::default()).await.unwrap_err()
}

pub(crate) async fn code(origin: &str) -> ErrorCode {
    problem(origin).await.code()
}

//! HTTP byte by byte, as well-behaved clients do not speak it.

use std::net::{IpAddr, SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// A request that is answered with 200 by everybody, at once.
pub(crate) const ASK: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

/// A connection from an address of this computer's.
pub(crate) async fn connect_from(from: IpAddr, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(from, 0))?;
    socket.connect(to).await
}

/// Sends, and reads until the other end closes. What came until it did, or cut the connection.
pub(crate) async fn send(to: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    // It may be refused before it is whole.
    let _ = stream.write_all(request).await;
    to_the_end(&mut stream).await
}

/// What still comes.
pub(crate) async fn to_the_end(stream: &mut TcpStream) -> String {
    let (mut answer, mut bytes) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut bytes).await {
        answer.extend_from_slice(&bytes[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// One answer of a connection that stays open: head and body. `None` where it ends before, with what came of it.
pub(crate) async fn answer(stream: &mut TcpStream) -> Result<String, String> {
    let mut text = Vec::new();
    loop {
        if let Some(length) = whole(&text) {
            return Ok(String::from_utf8_lossy(&text[..length]).into_owned());
        }
        let mut bytes = [0; 4096];
        match stream.read(&mut bytes).await {
            Ok(read @ 1..) => text.extend_from_slice(&bytes[..read]),
            _ => return Err(String::from_utf8_lossy(&text).into_owned()),
        }
    }
}

/// How long the answer at the beginning is, once it is whole.
fn whole(text: &[u8]) -> Option<usize> {
    let head = text.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let lines = std::str::from_utf8(&text[..head]).ok()?.to_ascii_lowercase();
    let length = lines.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let length = length.unwrap_or(0);
    (text.len() >= head + length).then_some(head + length)
}

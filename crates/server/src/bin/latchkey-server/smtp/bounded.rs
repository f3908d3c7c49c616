//! A connection of which no more than so much is read.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What a mail server says to one message is some kilobytes, with its certificates.
const MOST: usize = 64 * 1024;

/// Ends of lines in it: some dozens, and by chance one in 256 bytes of what is encrypted.
const LINES: usize = 512;

/// Fails to read on past that. The library keeps a line until it ends, and reads an answer of many lines from its beginning
/// with each of them; whoever answers in the mail server's place before TLS has begun may end neither.
#[derive(Debug)]
pub(super) struct Bounded {
    stream: TcpStream,
    left: usize,
    lines: usize,
}

impl Bounded {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, left: MOST, lines: LINES }
    }
}

impl AsyncTokioStream for Bounded {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Bounded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let new = &buffer.filled()[before..];
        let ends = new.split(|&byte| byte == b'\n').count() - 1;
        match (self.left.checked_sub(new.len()), self.lines.checked_sub(ends)) {
            (Some(left), Some(lines)) => {
                (self.left, self.lines) = (left, lines);
                read
            }
            _ => Poll::Ready(Err(io::Error::other("the mail server does not stop talking"))),
        }
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

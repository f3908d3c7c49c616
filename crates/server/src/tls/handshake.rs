//! From a connection to an encrypted one, in time or not at all.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::Tls;
use crate::stalled::WriteTimeout;

/// An encrypted connection.
pub(crate) type Encrypted = TlsStream<WriteTimeout<TcpStream>>;

/// The first byte of a TLS handshake (RFC 8446 section 5.1).
const HANDSHAKE_RECORD: u8 = 0x16;

/// For whoever speaks HTTP where TLS is spoken.
const SPEAK_TLS: &str = "This port speaks TLS. Ask again with https:// in place of http://.\n";

/// Bytes and time of a request without TLS that are read on: whoever still writes when the connection is closed may lose
/// the answer.
const LISTEN_BYTES: u64 = 64 * 1024;
const LISTEN_TIME: Duration = Duration::from_secs(1);

impl Tls {
    /// Shakes hands. `write` is how long the client may take for the next piece of what is sent to it.
    pub(crate) async fn accept(&self, stream: TcpStream, write: Duration) -> io::Result<Encrypted> {
        timeout(self.patience, self.handshake(stream, write))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Whether the client took HTTP/2.
    pub(crate) fn speaks_http2(stream: &Encrypted) -> bool {
        stream.get_ref().1.alpn_protocol() == Some(b"h2")
    }

    async fn handshake(&self, stream: TcpStream, write: Duration) -> io::Result<Encrypted> {
        let mut first = [0];
        // Whoever says nothing holds no place among those who shake hands.
        stream.peek(&mut first).await?;
        if first[0] != HANDSHAKE_RECORD {
            if first[0].is_ascii_uppercase() {
                refuse(stream).await;
            }
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it speaks no TLS"));
        }
        let _place = self.places.acquire().await.map_err(io::Error::other)?;
        TlsAcceptor::from(self.config.clone()).accept(WriteTimeout::new(stream, write)).await
    }
}

/// Says what is wrong. What was asked for is not looked at: it was sent for everybody to read.
async fn refuse(mut stream: TcpStream) {
    let length = SPEAK_TLS.len();
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    let said = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(SPEAK_TLS.as_bytes()).await?;
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(LISTEN_BYTES), &mut tokio::io::sink()).await
    };
    let _ = timeout(LISTEN_TIME, said).await;
}

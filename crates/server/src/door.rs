//! Shuts a listening socket without turning away who is already in.

use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpStream};

/// Closes the listener; answers the connections that waited in its queue.
///
/// The kernel completes handshakes by itself, and resets what still waits in the queue when the socket is closed: a
/// client that was connected, and had perhaps sent its request, would lose it. So newcomers are kept out first, then
/// the queue is emptied, then the socket is closed.
pub(crate) fn shut(listener: TcpListener) -> io::Result<Vec<(TcpStream, SocketAddr)>> {
    if let Err(error) = keep_out_newcomers(&listener) {
        tracing::debug!(%error, "newcomers cannot be kept out while the queue is emptied");
    }
    let listener = listener.into_std()?;
    let mut waiting = Vec::new();
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                stream.set_nonblocking(true)?;
                waiting.push((TcpStream::from_std(stream)?, peer));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(waiting),
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A packet filter that keeps nothing: handshakes get no answer, and are refused when they are tried again.
#[cfg(target_os = "linux")]
fn keep_out_newcomers(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};

    /// `BPF_RET | BPF_K`: keep so many bytes of the packet.
    const KEEP: u16 = 0x06;
    SockRef::from(listener).attach_filter(&[SockFilter::new(KEEP, 0, 0, 0)])
}

#[cfg(not(target_os = "linux"))]
fn keep_out_newcomers(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

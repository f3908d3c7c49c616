//! Shuts a listening socket without turning away who is already in.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// How long a handshake that has begun has to end: a few ways there and back. Who comes meanwhile tries again after a second.
const HANDSHAKE: Duration = Duration::from_millis(50);

/// Closes the listener, and lets in who waited in its queue or was shaking hands.
///
/// The kernel completes handshakes by itself, and resets what still waits in the queue, or is on its way there, when the
/// socket is closed: a client that was connected, and had perhaps sent its request, would lose it. So newcomers are kept out
/// first, those who had begun are waited for, the queue is emptied, and then the socket is closed.
pub(crate) async fn shut(listener: TcpListener, mut let_in: impl FnMut(TcpStream, SocketAddr)) -> io::Result<()> {
    if let Err(error) = keep_out_newcomers(&listener) {
        tracing::debug!(%error, "newcomers cannot be kept out while the queue is emptied");
    }
    sleep(HANDSHAKE).await;
    let listener = listener.into_std()?;
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                stream.set_nonblocking(true)?;
                let_in(TcpStream::from_std(stream)?, peer);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A packet filter that keeps no SYN: handshakes that begin get no answer, and are refused when they are tried again. What ends
/// one that had begun is kept (the filter sees a packet from its TCP header on, RFC 9293, section 3.1).
#[cfg(target_os = "linux")]
fn keep_out_newcomers(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};

    /// `BPF_LD | BPF_B | BPF_ABS`: load the byte at a place.
    const LOAD: u16 = 0x30;
    /// `BPF_JMP | BPF_JSET | BPF_K`: pass over so many instructions where it has one of these bits, or over so many where not.
    const JUMP: u16 = 0x45;
    /// `BPF_RET | BPF_K`: keep so many bytes of the packet.
    const KEEP: u16 = 0x06;
    /// Where the flags are in a TCP header, and which of them is SYN.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD, 0, 0, FLAGS),
        SockFilter::new(JUMP, 0, 1, SYN),
        SockFilter::new(KEEP, 0, 0, 0),
        SockFilter::new(KEEP, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
fn keep_out_newcomers(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpStream as Blocking,
        thread,
    };

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::{Instant, timeout_at},
    };

    use super::*;

    /// How often the door is shut. One in twelve times somebody was turned away while the filter kept no packet at all.
    const ROUNDS: usize = 50;

    async fn echo(mut stream: TcpStream) -> io::Result<()> {
        let mut byte = [0];
        stream.read_exact(&mut byte).await?;
        stream.write_all(&byte).await
    }

    /// Comes again and again, until nobody lets it in. Fails where it was let in and not answered.
    fn come_in(address: SocketAddr) -> io::Result<()> {
        while let Ok(mut stream) = Blocking::connect_timeout(&address, 2 * HANDSHAKE) {
            stream.write_all(&[1])?;
            stream.read_exact(&mut [0])?;
        }
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_was_let_in_is_answered() {
        for round in 0..ROUNDS {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let crowd = [(); 4].map(|()| thread::spawn(move || come_in(address)));
            let until = Instant::now() + Duration::from_millis(5);
            while let Ok(Ok((stream, _))) = timeout_at(until, listener.accept()).await {
                tokio::spawn(echo(stream));
            }
            shut(listener, |stream, _| drop(tokio::spawn(echo(stream)))).await.unwrap();
            for client in crowd {
                let came = tokio::task::spawn_blocking(|| client.join().unwrap()).await.unwrap();
                came.unwrap_or_else(|error| panic!("round {round}: {error}"));
            }
        }
    }
}

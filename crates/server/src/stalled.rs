//! A stream whose other end has to keep reading.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// Fails a write with `TimedOut` when nothing could be written for a while.
///
/// The time-out for the head of a request does not see a client that asks and never reads; it would hold its place
/// for ever.
pub(crate) struct WriteTimeout<S> {
    stream: S,
    limit: Duration,
    ends: Pin<Box<Sleep>>,
    waiting: bool,
}

impl<S> WriteTimeout<S> {
    pub(crate) fn new(stream: S, limit: Duration) -> Self {
        Self { stream, limit, ends: Box::pin(sleep(limit)), waiting: false }
    }

    fn watch<T>(&mut self, write: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.waiting = false;
            return write;
        }
        if !self.waiting {
            self.waiting = true;
            let ends = Instant::now() + self.limit;
            self.ends.as_mut().reset(ends);
        }
        ready!(self.ends.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(write, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.watch(write, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flush = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(flush, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_stops_reading_is_given_up() {
        let (ours, mut theirs) = duplex(1024);
        let mut ours = WriteTimeout::new(ours, Duration::from_secs(30));
        ours.write_all(&[0; 1024]).await.unwrap();
        let started = Instant::now();
        let refused = ours.write_all(&[0; 1024]).await.unwrap_err();
        assert_eq!((refused.kind(), started.elapsed()), (io::ErrorKind::TimedOut, Duration::from_secs(30)));
        theirs.read_exact(&mut [0; 1024]).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_waited_for() {
        let (ours, mut theirs) = duplex(64);
        let mut ours = WriteTimeout::new(ours, Duration::from_secs(30));
        let reader = tokio::spawn(async move {
            for _ in 0..16 {
                sleep(Duration::from_secs(20)).await;
                theirs.read_exact(&mut [0; 64]).await.unwrap();
            }
        });
        ours.write_all(&[0; 1024]).await.unwrap();
        reader.await.unwrap();
    }
}

//! A line to a PostgreSQL server that can be cut, and that can fall silent.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UnixStream},
    sync::watch,
};

/// What the line does to what comes over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is carried.
    Open,
    /// Connections are ended, and new ones refused.
    Cut,
    /// Nothing arrives any more, and nobody is told.
    Silent,
}

/// The line, on a port of 127.0.0.1.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    line: Arc<watch::Sender<Line>>,
}

impl Proxy {
    /// To the server behind a Unix socket.
    pub(crate) async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, line) = (listener.local_addr().unwrap(), Arc::new(watch::Sender::new(Line::Open)));
        let lines = line.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut line = lines.subscribe();
                let socket = socket.clone();
                tokio::spawn(async move {
                    if *line.borrow_and_update() == Line::Cut {
                        return;
                    }
                    let Ok(server) = UnixStream::connect(&socket).await else { return };
                    let (mut from_client, mut to_client) = client.into_split();
                    let (mut from_server, mut to_server) = server.into_split();
                    let cut = line.clone().wait_for(|line| *line == Line::Cut);
                    let mut cut = std::pin::pin!(async move { cut.await.map(drop) });
                    tokio::select! {
                        _ = carry(&mut from_client, &mut to_server, line.clone()) => {}
                        _ = carry(&mut from_server, &mut to_client, line.clone()) => {}
                        _ = &mut cut => {}
                    }
                });
            }
        });
        Self { address, line }
    }

    pub(crate) fn set(&self, line: Line) {
        self.line.send_replace(line);
    }
}

async fn carry(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        line.wait_for(|line| *line != Line::Silent).await.map_err(io::Error::other)?;
        to.write_all(&bytes[..read]).await?;
    }
}

/// The socket of a server in a folder, by its port.
pub(crate) fn socket(home: &Path, port: u16) -> PathBuf {
    home.join(format!(".s.PGSQL.{port}"))
}

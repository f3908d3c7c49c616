//! A line to a PostgreSQL server that can be cut, and that can fall silent.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// What the line does to what comes over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is carried.
    Open,
    /// Connections are ended, and new ones refused.
    Cut,
    /// Nothing arrives any more, and nobody is told. Connections from before stay so for ever, as behind a firewall that
    /// forgot them.
    Silent,
}

#[derive(Clone, Copy)]
struct State {
    line: Line,
    cuts: u32,
    silences: u32,
}

/// The line, on a port of 127.0.0.1.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    state: watch::Sender<State>,
}

impl Proxy {
    /// To the server behind a Unix socket.
    pub(crate) async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State { line: Line::Open, cuts: 0, silences: 0 });
        let states = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let begun = *states.borrow();
                if begun.line != Line::Cut {
                    tokio::spawn(connection(client, socket.clone(), begun, states.subscribe()));
                }
            }
        });
        Self { address, state }
    }

    pub(crate) fn set(&self, line: Line) {
        self.state.send_modify(|state| {
            state.line = line;
            state.cuts += u32::from(line == Line::Cut);
            state.silences += u32::from(line == Line::Silent);
        });
    }
}

/// Ends where one of the two does, or the line is cut.
async fn connection(client: TcpStream, socket: PathBuf, begun: State, mut states: watch::Receiver<State>) {
    let Ok(server) = UnixStream::connect(&socket).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let lines = [states.clone(), states.clone()].map(|states| Carried { begun, states });
    let [there, back] = lines;
    tokio::select! {
        _ = there.carry(&mut from_client, &mut to_server) => {}
        _ = back.carry(&mut from_server, &mut to_client) => {}
        _ = states.wait_for(|state| state.cuts > begun.cuts) => {}
    }
}

struct Carried {
    begun: State,
    states: watch::Receiver<State>,
}

impl Carried {
    async fn carry(
        mut self,
        from: &mut (impl AsyncReadExt + Unpin),
        to: &mut (impl AsyncWriteExt + Unpin),
    ) -> io::Result<()> {
        let mut bytes = vec![0; 16 * 1024];
        loop {
            let read = from.read(&mut bytes).await?;
            if read == 0 {
                return Ok(());
            }
            let now = *self.states.wait_for(|state| state.line != Line::Silent).await.map_err(io::Error::other)?;
            if now.silences > self.begun.silences {
                std::future::pending::<()>().await;
            }
            to.write_all(&bytes[..read]).await?;
        }
    }
}

/// The socket of a server in a folder, by its port.
pub(crate) fn socket(home: &Path, port: u16) -> PathBuf {
    home.join(format!(".s.PGSQL.{port}"))
}

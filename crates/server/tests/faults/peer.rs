//! Somebody the service asks, with bad manners: a mail server, a provider of source code, a container registry.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How it treats who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manners {
    /// It takes connections and says nothing.
    Silent,
    /// It says a byte a second of an answer.
    Slow,
    /// It begins an answer, and goes on with it without end.
    Endless(&'static str, &'static str),
    /// A mail server that takes mail.
    Takes,
    /// A mail server that takes none at the moment.
    NotNow,
}

/// How an answer of HTTP begins that has no end.
pub(crate) const ENDLESS_BODY: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":\"";

/// On a port of 127.0.0.1.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    manners: watch::Sender<Manners>,
    count: Arc<Count>,
}

#[derive(Default)]
struct Count {
    visits: AtomicUsize,
    open: AtomicUsize,
    heard: Mutex<String>,
}

impl Peer {
    pub(crate) async fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, manners) = (listener.local_addr().unwrap(), watch::Sender::new(manners));
        let (count, now) = (Arc::<Count>::default(), manners.subscribe());
        let counting = count.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (manners, count) = (*now.borrow(), counting.clone());
                count.visits.fetch_add(1, Ordering::Relaxed);
                count.open.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    // Whoever leaves is not missed.
                    let _ = attend(stream, manners, &count).await;
                    count.open.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
        Self { address, manners, count }
    }

    /// From the next visit on.
    pub(crate) fn behaves(&self, manners: Manners) {
        self.manners.send_replace(manners);
    }

    /// Connections so far.
    pub(crate) fn visits(&self) -> usize {
        self.count.visits.load(Ordering::Relaxed)
    }

    /// Connections that are open.
    pub(crate) fn open(&self) -> usize {
        self.count.open.load(Ordering::Relaxed)
    }

    /// Mail that was taken.
    pub(crate) fn heard(&self) -> String {
        self.count.heard.lock().unwrap().clone()
    }
}

async fn attend(mut stream: TcpStream, manners: Manners, count: &Count) -> std::io::Result<()> {
    match manners {
        Manners::Silent => loop {
            if stream.read(&mut [0; 4096]).await? == 0 {
                return Ok(());
            }
        },
        Manners::Slow => {
            let (mut reader, mut writer) = stream.into_split();
            let slowly = async {
                // It could be the beginning of either.
                for byte in ENDLESS_BODY.bytes().chain(std::iter::repeat(b' ')) {
                    writer.write_all(&[byte]).await?;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Ok(())
            };
            tokio::select! {
                said = slowly => said,
                read = async { while reader.read(&mut [0; 4096]).await? > 0 {} Ok(()) } => read,
            }
        }
        Manners::Endless(beginning, more) => {
            stream.write_all(beginning.as_bytes()).await?;
            let more = more.repeat(64 * 1024 / more.len());
            loop {
                stream.write_all(more.as_bytes()).await?;
            }
        }
        Manners::Takes | Manners::NotNow => mail_server(stream, manners == Manners::Takes, count).await,
    }
}

/// As much of SMTP as it takes (RFC 5321).
async fn mail_server(stream: TcpStream, takes: bool, count: &Count) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 localhost\r\n").await?;
    let mut in_message = false;
    while let Some(line) = lines.next_line().await? {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match (&*verb, in_message) {
            (_, true) if line == "." => {
                in_message = false;
                "250 taken"
            }
            (_, true) => {
                let mut heard = count.heard.lock().unwrap();
                heard.push_str(&line);
                heard.push('\n');
                continue;
            }
            ("MAIL", _) if !takes => "451 not now",
            ("DATA", _) => {
                in_message = true;
                "354 go on"
            }
            ("QUIT", _) => "221 bye",
            _ => "250 fine",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

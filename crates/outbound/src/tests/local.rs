//! A server of a test, and an [`Outbound`] that knows it.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use http::HeaderValue;
use latchkey_api::{instance::Provider, wire::Secret};
use latchkey_service::ProviderSettings;
use rcgen::CertifiedKey;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    addresses::PrivateNetworks,
    http_client::{Patience, Plan},
    outbound::Outbound,
    resolver::{Names, SystemNames},
};

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// As in `GET /v2/`.
    pub(super) line: String,
    /// In lower case.
    headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// A field of a form.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let mut fields = url::form_urlencoded::parse(self.body.as_bytes());
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let query = self.line.split_once('?').map_or("", |(_, query)| query);
        let mut fields = url::form_urlencoded::parse(query.as_bytes());
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// What is sent back.
pub(super) enum Reply {
    /// These bytes, and the end.
    Bytes(Vec<u8>),
    /// These bytes, then this piece for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, and then nothing while the other side waits.
    Stalled(Vec<u8>),
}

/// A JSON answer with a status and more headers, each with its end of line.
pub(super) fn json(status: u16, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}");
    Reply::Bytes(format!("{head}Connection: close\r\n\r\n{body}").into_bytes())
}

/// A server until it is dropped.
pub(super) struct Local {
    pub(super) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Drop for Local {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Answering = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

impl Local {
    /// One that speaks HTTP.
    pub(super) async fn http(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(answer)).await
    }

    /// One that speaks HTTPS.
    pub(super) async fn https(
        certificate: &Certificate,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(certificate.acceptor()), Arc::new(answer)).await
    }

    async fn start(tls: Option<TlsAcceptor>, answer: Answering) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (tls, answer, all) = (tls.clone(), Arc::clone(&answer), Arc::clone(&all));
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &answer, &all).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, &answer, &all).await,
                            Err(error) => Err(error),
                        },
                    }
                });
            }
        });
        Self { address, seen, task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    answer: &Answering,
    all: &Mutex<Vec<Seen>>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        // What is no HTTP, as the beginning of TLS, is answered as servers do: with HTTP, and the end.
        if stream.read_buf(&mut bytes).await? == 0 || !bytes[0].is_ascii_uppercase() {
            stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\nwhat was sent is no HTTP request").await?;
            return stream.shutdown().await;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let (line, fields) = head.split_once("\r\n").unwrap();
    let fields = fields.lines().filter_map(|line| line.split_once(": "));
    let headers: HashMap<_, _> = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        stream.read_buf(&mut bytes).await?;
    }
    let body = String::from_utf8(bytes[end..].to_vec()).unwrap();
    let line = line.rsplit_once(' ').unwrap().0.to_owned();
    let seen = Seen { line, headers, body };
    let reply = answer(&seen);
    all.lock().unwrap().push(seen);
    match reply {
        Reply::Bytes(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Reply::Endless(bytes, piece) => {
            stream.write_all(&bytes).await?;
            loop {
                stream.write_all(&piece).await?;
            }
        }
        Reply::Stalled(bytes) => {
            stream.write_all(&bytes).await?;
            // Until the other side goes.
            while stream.read_u8().await.is_ok() {}
            Ok(())
        }
    }
}

/// A certificate for some names.
pub(super) struct Certificate(CertifiedKey<rcgen::KeyPair>);

impl Certificate {
    pub(super) fn of(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Self(rcgen::generate_simple_self_signed(names).unwrap())
    }

    pub(super) fn der(&self) -> CertificateDer<'static> {
        self.0.cert.der().clone()
    }

    pub(super) fn pem(&self) -> String {
        self.0.cert.pem()
    }

    fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.0.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.der()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Names with addresses; an address with a port is connected to at that port.
pub(super) struct Known(pub(super) Vec<(&'static str, SocketAddr)>);

#[async_trait::async_trait]
impl Names for Known {
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let found: Vec<_> = self.0.iter().filter(|(known, _)| *known == name).map(|(_, at)| *at).collect();
        if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
    }
}

pub(super) fn plan() -> Plan {
    Plan {
        user_agent: HeaderValue::from_static("latchkey-test/1"),
        private_networks: PrivateNetworks::Allow,
        configured: Vec::new(),
        extra: Vec::new(),
        names: Arc::new(SystemNames),
        patience: Patience::default(),
        proxies: false,
    }
}

pub(super) fn outbound() -> Outbound {
    Outbound::with(plan())
}

/// One that finds names here, and trusts a certificate.
pub(super) fn knowing(names: Vec<(&'static str, SocketAddr)>, certificate: &Certificate) -> Outbound {
    Outbound::with(Plan { extra: vec![certificate.der()], names: Arc::new(Known(names)), ..plan() })
}

pub(super) fn provider(provider: Provider, url: String) -> ProviderSettings {
    ProviderSettings {
        provider,
        url,
        client_id: "client".into(),
        client_secret: None,
        scopes: vec!["one".into(), "two".into()],
    }
}

pub(super) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

//! The transport to a server elsewhere.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use latchkey_api::problem::{ErrorCode, Problem};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::time::timeout;
use tower::{BoxError, service_fn, util::BoxCloneSyncService};
use url::{Host, Url};

use crate::{
    client::{Streamed, Transport},
    failure,
    patience::Patience,
    progress::{Progress, Steps},
};

/// How long a client waits.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For the next sign of life: a step of the upload, the answer, a piece of its body, an event or heartbeat.
    pub silence: Duration,
}

impl Default for Timeouts {
    /// The silence is longer than the server's own limit for an answer, so that its problem arrives first, and than two
    /// of its heartbeats on an event stream.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), silence: Duration::from_secs(45) }
    }
}

/// Why there is no client for an address.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It has another scheme than `https` or `http`, a path, a query, or a user name.
    #[error("a server's address is https://HOST or http://HOST, with :PORT where it needs one")]
    NotAnOrigin,
    /// TLS cannot be set up on this computer.
    #[error("this computer cannot make encrypted connections: {0}")]
    Tls(#[from] rustls::Error),
    /// The user agent has characters that do not fit in a header.
    #[error("no connection can be made: {0}")]
    Http(#[from] reqwest::Error),
}

/// A server's connections are let go before it closes them, so that a request never meets one that is being closed.
const IDLE: Duration = Duration::from_secs(15);

pub(crate) fn transport(origin: &Url, user_agent: &str, timeouts: Timeouts) -> Result<Transport, RemoteError> {
    let origin = check(origin)?;
    let mut builder = reqwest::Client::builder()
        .user_agent(user_agent)
        .tls_backend_preconfigured(tls(&origin)?)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(timeouts.connect)
        .pool_idle_timeout(IDLE);
    if is_loopback(&origin) {
        // A proxy of the environment does not reach this computer's own services.
        builder = builder.no_proxy();
    }
    let client = builder.build()?;
    Ok(BoxCloneSyncService::new(service_fn(move |request: Request<Bytes>| {
        let (origin, client) = (origin.clone(), client.clone());
        async move { Ok(send(&client, &origin, request, timeouts.silence).await?) }
    })))
}

async fn send(
    client: &reqwest::Client,
    origin: &Url,
    request: Request<Bytes>,
    silence: Duration,
) -> Result<Response<Streamed>, Problem> {
    let (mut head, body) = request.into_parts();
    let url = origin.join(&head.uri.to_string()).map_err(Problem::internal)?;
    let mut request = reqwest::Request::new(head.method, url);
    *request.headers_mut() = std::mem::take(&mut head.headers);
    let patience = Arc::new(Patience::new(silence));
    if !body.is_empty() {
        let progress = head.extensions.remove::<Progress>();
        *request.body_mut() = Some(reqwest::Body::wrap(Steps::new(body, progress, Arc::clone(&patience))));
    }
    let answer = patience.hold(client.execute(request)).await;
    let mut response = answer.map_err(|_| silent())?.map_err(|e| failure::problem(&e))?;
    let mut answer = Response::new(());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    Ok(answer.map(|()| pieces(response, silence)))
}

/// The pieces of the body, each within the time for a sign of life.
fn pieces(response: reqwest::Response, silence: Duration) -> Streamed {
    let pieces = stream::unfold(Some(response), move |response| async move {
        let mut response = response?;
        match timeout(silence, response.chunk()).await {
            Ok(Ok(piece)) => Some((Ok(piece?), Some(response))),
            Ok(Err(error)) => Some((Err(failure::problem(&error)), None)),
            Err(_) => Some((Err(silent()), None)),
        }
    });
    StreamBody::new(pieces.map_ok(Frame::data).map_err(BoxError::from).boxed()).boxed_unsync()
}

fn silent() -> Problem {
    Problem::new(ErrorCode::TimedOut)
}

fn check(url: &Url) -> Result<Url, RemoteError> {
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let origin = matches!(url.scheme(), "https" | "http") && url.has_host() && url.path() == "/";
    if origin && plain && url.fragment().is_none() { Ok(url.clone()) } else { Err(RemoteError::NotAnOrigin) }
}

fn is_loopback(origin: &Url) -> bool {
    match origin.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The computer's own trust store decides. It is left alone where nothing is encrypted, for it may be missing there.
fn tls(origin: &Url) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = if origin.scheme() == "https" {
        builder.with_platform_verifier()?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_are_addresses_of_servers() {
        for good in ["https://accounts.example.org", "http://127.0.0.1:8787/", "https://[::1]:8443"] {
            assert!(check(&good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in
            ["ftp://a.org", "https://a.org/x", "https://a.org/?q", "https://u@a.org", "https://a.org/#f", "data:x"]
        {
            assert!(check(&bad.parse().unwrap()).is_err(), "{bad}");
        }
    }

    #[test]
    fn proxies_are_not_asked_for_this_computer() {
        for (url, here) in [("http://localhost:1", true), ("http://[::1]", true), ("http://127.9.0.1", true)] {
            assert_eq!(is_loopback(&url.parse().unwrap()), here, "{url}");
        }
        assert!(!is_loopback(&"http://localhost.example.org".parse().unwrap()));
    }
}

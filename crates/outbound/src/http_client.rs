//! Calls somebody else: bounded in time and size, without redirections, to an address that was looked at.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{Client, Request, Response, redirect};
use rustls::{ClientConfig, pki_types::CertificateDer};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::{
    addresses::{Place, PrivateNetworks, is_loopback},
    resolver::{Names, Resolver},
    tls,
    trouble::Trouble,
};

/// How long a call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a connection, the look-up of the name and TLS included.
    pub(crate) connect: Duration,
    /// From the beginning to the last byte of the answer.
    pub(crate) total: Duration,
    /// For what takes several calls.
    pub(crate) whole: Duration,
}

impl Default for Patience {
    /// Less than the 30 seconds that a request to this service may take itself.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), total: seconds(15), whole: seconds(20) }
    }
}

/// Fields of an answer's head, and bytes of it.
const HEAD_FIELDS: usize = 128;
const HEAD_BYTES: u32 = 64 * 1024;

/// What a client is made of.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) user_agent: HeaderValue,
    pub(crate) private_networks: PrivateNetworks,
    /// Where an administrator's providers are, which may be in private networks.
    pub(crate) configured: Vec<Place>,
    pub(crate) extra: Vec<CertificateDer<'static>>,
    pub(crate) names: Arc<dyn Names>,
    pub(crate) patience: Patience,
    /// Whether the environment's proxies are used.
    pub(crate) proxies: bool,
}

/// The HTTP client.
pub(crate) struct HttpClient {
    direct: Client,
    /// For what is configured, where private networks are refused to everything else.
    inside: Option<Client>,
    /// For what the environment has a proxy for. The proxy looks names up and connects: addresses are not seen here.
    proxied: Client,
    proxies: Matcher,
    private_networks: PrivateNetworks,
    configured: Vec<Place>,
}

/// What was answered. The body may have secrets in it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl HttpClient {
    /// Reads the computer's trust store, which takes some milliseconds.
    pub(crate) fn new(plan: &Plan) -> Result<Self, Trouble> {
        let broken = |error: rustls::Error| Trouble::Broken(error.to_string());
        let tls = tls::client_config(&plan.extra).map_err(broken)?;
        let direct = |private_networks| {
            let resolver = Resolver { names: Arc::clone(&plan.names), private_networks };
            builder(plan, tls.clone()).no_proxy().dns_resolver(resolver).build()
        };
        let apart = plan.private_networks == PrivateNetworks::Refuse && !plan.configured.is_empty();
        Ok(Self {
            direct: direct(plan.private_networks)?,
            inside: apart.then(|| direct(PrivateNetworks::Allow)).transpose()?,
            proxied: builder(plan, tls.clone()).build()?,
            proxies: if plan.proxies { Matcher::from_system() } else { Matcher::builder().build() },
            private_networks: plan.private_networks,
            configured: plan.configured.clone(),
        })
    }

    /// Sends a request and reads up to `most` bytes of the answer's body.
    pub(crate) async fn send(&self, request: Request, most: usize) -> Result<Answer, Trouble> {
        let url = request.url();
        let here = is_loopback(url);
        if !(url.scheme() == "https" || url.scheme() == "http" && here) {
            return Err(Trouble::NotEncrypted);
        }
        let inside = self.inside.as_ref().filter(|_| Place::of(url).is_some_and(|at| self.configured.contains(&at)));
        look_at(url, if inside.is_some() { PrivateNetworks::Allow } else { self.private_networks })?;
        let proxied = !here && url.as_str().parse::<Uri>().is_ok_and(|uri| self.proxies.intercept(&uri).is_some());
        let client = if proxied { &self.proxied } else { inside.unwrap_or(&self.direct) };
        read(client.execute(request).await?, most).await
    }
}

/// An address that stands in the URL is not looked up, so it is looked at here.
fn look_at(url: &Url, private_networks: PrivateNetworks) -> Result<(), Trouble> {
    let allowed = match url.host() {
        Some(Host::Ipv4(address)) => private_networks.allow(address.into()),
        Some(Host::Ipv6(address)) => private_networks.allow(address.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    };
    if allowed { Ok(()) } else { Err(Trouble::AddressRefused) }
}

fn builder(plan: &Plan, tls: ClientConfig) -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(plan.user_agent.clone())
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(plan.patience.connect)
        .timeout(plan.patience.total)
        .http1_max_headers(HEAD_FIELDS)
        .http2_max_header_list_size(HEAD_BYTES)
}

async fn read(mut response: Response, most: usize) -> Result<Answer, Trouble> {
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > most) {
        return Err(Trouble::TooLong);
    }
    let mut body = Zeroizing::new(Vec::new());
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > most {
            return Err(Trouble::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
}

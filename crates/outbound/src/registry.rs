//! Signs in at a container registry, as its clients do: `GET /v2/`, then what its challenge asks for (OCI distribution
//! specification, "Determining Support"; CNCF distribution, "Token Authentication Specification").

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Method, header};
use latchkey_api::wire::Secret;
use latchkey_service::{RegistryCheck, RegistryCredentials, RegistryRefusal};
use reqwest::Request;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    addresses::is_loopback,
    challenge::{Challenge, challenges},
    http_client::Answer,
    outbound::Outbound,
    registry_words as words,
    token_answer::is_token,
    trouble::Trouble,
};

/// Bytes of an answer that are read.
const MOST: usize = 64 * 1024;

/// The longest address of a realm.
const REALM: usize = 2048;

#[async_trait::async_trait]
impl RegistryCheck for Outbound {
    async fn check(&self, credentials: &RegistryCredentials<'_>) -> Result<(), RegistryRefusal> {
        let check = async {
            let checked = self.within(Check { outbound: self, credentials }.run()).await;
            checked.unwrap_or_else(|trouble| Err(words::trouble(credentials.host, &trouble)))
        };
        self.counted_check(check).await
    }
}

struct Check<'a> {
    outbound: &'a Outbound,
    credentials: &'a RegistryCredentials<'a>,
}

/// A token of a registry's own server. Older ones say `token`, OAuth 2.0 says `access_token`; many say both.
#[derive(Deserialize)]
struct RegistryToken {
    token: Option<Secret>,
    access_token: Option<Secret>,
}

/// What registries say when something is wrong (OCI distribution specification, "Error Codes").
#[derive(Deserialize)]
struct OciErrors {
    errors: Vec<OciError>,
}

#[derive(Deserialize)]
struct OciError {
    #[serde(rename = "code")]
    _code: String,
}

impl Check<'_> {
    async fn run(&self) -> Result<(), RegistryRefusal> {
        let host = self.credentials.host;
        if self.credentials.username.contains(':') {
            return Err(words::name_with_colon(host));
        }
        let (base, answer) = self.first().await?;
        let challenges = challenges(&answer.headers);
        match answer.status.as_u16() {
            // Whoever may read without signing in cannot be told from whoever may not.
            200 if is_registry(&answer, true) => return Ok(()),
            401 => {}
            429 | 500.. => return Err(words::unavailable(host, answer.status.as_u16())),
            _ => return Err(words::not_a_registry(host)),
        }
        // What is no registry is sent no credentials, and does not say who else would be.
        if !is_registry(&answer, false) {
            return Err(words::not_a_registry(host));
        }
        let bearer = challenges.iter().find(|challenge| challenge.scheme == "bearer");
        if let Some((challenge, realm)) = bearer.and_then(|challenge| Some((challenge, realm(challenge)?))) {
            return self.bearer(&base, challenge, realm).await;
        }
        if !challenges.iter().any(|challenge| challenge.scheme == "basic") {
            return Err(words::other_scheme(host));
        }
        let authorization = self.basic().ok_or_else(|| words::credentials_refused(host))?;
        self.signed_in(&base, authorization).await
    }

    /// Asks without credentials: over TLS, and on this computer also without, where nothing there speaks it.
    async fn first(&self) -> Result<(Url, Answer), RegistryRefusal> {
        let host = self.credentials.host;
        let base = |scheme: &str| {
            let url = Url::parse(&format!("{scheme}://{}/v2/", address(host))).ok();
            url.filter(|url| url.path() == "/v2/" && url.username().is_empty() && url.password().is_none())
                .ok_or_else(|| words::not_a_registry(host))
        };
        let secure = base("https")?;
        match self.get(&secure, None).await {
            Ok(answer) => Ok((secure, answer)),
            Err(Trouble::NotEncrypted | Trouble::Handshake(_)) if is_loopback(&secure) => {
                let plain = base("http")?;
                let answer = self.get(&plain, None).await.map_err(|trouble| words::trouble(host, &trouble))?;
                Ok((plain, answer))
            }
            Err(trouble) => Err(words::trouble(host, &trouble)),
        }
    }

    /// Gets a token with the credentials, and signs in with it.
    async fn bearer(&self, base: &Url, challenge: &Challenge, mut realm: Url) -> Result<(), RegistryRefusal> {
        let host = self.credentials.host;
        if realm.scheme() == "http" && !(is_loopback(base) && is_loopback(&realm)) {
            return Err(words::sent_in_clear(host));
        }
        if let Some(service) = challenge.parameter("service") {
            realm.query_pairs_mut().append_pair("service", service);
        }
        let authorization = self.basic().ok_or_else(|| words::credentials_refused(host))?;
        let answer = match self.get(&realm, Some(authorization)).await {
            Ok(answer) => answer,
            // The registry itself is there; who is not, is named.
            Err(trouble) => return Err(words::trouble(&origin(&realm), &trouble)),
        };
        match answer.status.as_u16() {
            200 => {}
            // GitHub's registry says 403.
            401 | 403 => return Err(words::credentials_refused(host)),
            status @ (429 | 500..) => return Err(words::unavailable(host, status)),
            _ => return Err(words::not_a_registry(host)),
        }
        let told = serde_json::from_slice::<RegistryToken>(&answer.body).ok();
        let token = told.and_then(|told| told.token.or(told.access_token));
        let token = token.filter(|token| is_token(token.expose())).ok_or_else(|| words::not_a_registry(host))?;
        let authorization = sensitive(&Zeroizing::new(format!("Bearer {}", token.expose())));
        self.signed_in(base, authorization.ok_or_else(|| words::not_a_registry(host))?).await
    }

    /// Asks once more, with what proves who it is.
    async fn signed_in(&self, base: &Url, authorization: HeaderValue) -> Result<(), RegistryRefusal> {
        let host = self.credentials.host;
        let answer = self.get(base, Some(authorization)).await.map_err(|trouble| words::trouble(host, &trouble))?;
        match answer.status.as_u16() {
            200 => Ok(()),
            401 | 403 => Err(words::credentials_refused(host)),
            status @ (429 | 500..) => Err(words::unavailable(host, status)),
            _ => Err(words::not_a_registry(host)),
        }
    }

    async fn get(&self, url: &Url, authorization: Option<HeaderValue>) -> Result<Answer, Trouble> {
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(value) = authorization {
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        self.outbound.send(request, MOST).await
    }

    fn basic(&self) -> Option<HeaderValue> {
        let RegistryCredentials { username, password, .. } = self.credentials;
        let pair = Zeroizing::new(format!("{username}:{}", password.expose()));
        sensitive(&Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes()))))
    }
}

/// A header that is not shown, and not kept in tables of compression.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Where a host is asked: Docker Hub's images are named after a host that is not its registry.
fn address(host: &str) -> &str {
    if host == "docker.io" { "registry-1.docker.io" } else { host }
}

/// Where a registry has people sign in.
pub(crate) fn realm(challenge: &Challenge) -> Option<Url> {
    let url = challenge.parameter("realm").filter(|realm| realm.len() <= REALM)?;
    let url = Url::parse(url).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let named = url.host_str().is_some_and(|host| host.len() <= 253);
    (plain && named && matches!(url.scheme(), "https" | "http")).then_some(url)
}

/// A host, with the port where it is not the usual one. Names are no longer than names can be (RFC 1035).
fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Whether what answered is a registry: it says so, or says what is wrong as one does. `open` is one that let everybody
/// in, which has no error to say.
fn is_registry(answer: &Answer, open: bool) -> bool {
    says_so(&answer.headers)
        || serde_json::from_slice::<OciErrors>(&answer.body).is_ok_and(|said| !said.errors.is_empty())
        // `{}` is what they answer at `/v2/`.
        || open && serde_json::from_slice::<Map<String, Value>>(&answer.body).is_ok_and(|members| members.is_empty())
}

fn says_so(headers: &HeaderMap) -> bool {
    let said = headers.get_all("docker-distribution-api-version").iter();
    said.filter_map(|value| value.to_str().ok()).any(|value| value.split([' ', ',']).any(|one| one == "registry/2.0"))
}

//! `/registry/token`: where the clients of a container registry get their tokens (CNCF distribution, token authentication
//! and OAuth 2.0 token authentication).
//!
//! Outside of the typed contract, because others wrote that contract. `GET` brings the key by HTTP Basic (RFC 7617) and
//! repeats `scope`; `POST` brings it in a form, as OAuth 2.0 brings a password (RFC 6749 section 4.3), or by HTTP Basic, as
//! it brings credentials of clients (section 2.3.1).

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use latchkey_api::{
    common::{Caller, Credential},
    problem::{ApiResult, ErrorCode, Problem},
    registry::{REGISTRY_TOKEN_PATH, RegistryRequest},
};

use crate::{caller::caller, host::Host, limits::Limits, mount::in_time, rate_limit, refusal::Refusal, request_body};

/// The largest form: room for as many scopes as are taken, written with escapes.
const FORM_LIMIT: usize = 64 * 1024;

const FORM: &str = "application/x-www-form-urlencoded";

const CHALLENGE: &str = r#"Basic realm="Latchkey", charset="UTF-8""#;

/// Who asks, with what key, and for what.
struct Asked {
    key: Credential,
    request: RegistryRequest,
}

pub(crate) fn routes(host: Arc<dyn Host>, limits: Limits) -> Router {
    let asked = Arc::clone(&host);
    let get_token = async move |request: Request| -> Response {
        let (parts, body) = request.into_parts();
        request_body::let_go(&parts.headers, body);
        let token = async {
            let caller = told(asked.as_ref(), &limits, &parts).await?;
            token(asked.as_ref(), &limits, &caller, by_query(&parts)?).await
        };
        answer(token.await)
    };
    let post_token = async move |request: Request| -> Response {
        let (parts, body) = request.into_parts();
        let welcome = told(host.as_ref(), &limits, &parts).await.and_then(|caller| {
            is_form(&parts.headers)?;
            Ok(caller)
        });
        let caller = match welcome {
            Ok(caller) => caller,
            Err(problem) => {
                request_body::let_go(&parts.headers, body);
                return answer(Err(problem));
            }
        };
        let token = async {
            let body = request_body::read(&parts.headers, body, FORM_LIMIT, &limits).await?;
            token(host.as_ref(), &limits, &caller, by_form(&parts.headers, &body)?).await
        };
        answer(token.await)
    };
    Router::new().route(REGISTRY_TOKEN_PATH, get(get_token).post(post_token))
}

/// Who calls, where there is a registry. Without one there is nothing here, whatever is asked.
async fn told(host: &dyn Host, limits: &Limits, parts: &Parts) -> ApiResult<Caller> {
    // What an `Authorization: Bearer` says is not looked at here.
    let caller = Caller { credential: None, ..caller(parts) };
    let instance = in_time(limits.answer, host.get_instance(&caller)).await?;
    if instance.registry.is_none() { Err(Problem::new(ErrorCode::NotFound)) } else { Ok(caller) }
}

async fn token(host: &dyn Host, limits: &Limits, caller: &Caller, asked: Asked) -> ApiResult<Response> {
    let Asked { key, request } = asked;
    let token = in_time(limits.answer, host.issue_registry_token(caller, &key, request)).await?;
    let body = serde_json::to_vec(&token).map_err(Problem::internal)?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(limit) = &token.rate_limit {
        rate_limit::tell(response.headers_mut(), limit);
    }
    Ok(response)
}

/// Clients learn from the challenge that they are to send a key.
fn answer(answer: ApiResult<Response>) -> Response {
    let mut response = answer.unwrap_or_else(|problem| Refusal(problem).into_response());
    if response.status() == 401 {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn by_query(parts: &Parts) -> ApiResult<Asked> {
    let pairs = pairs(parts.uri.query().unwrap_or_default().as_bytes());
    let once = |name| once(&pairs, name).map_err(|detail| Problem::new(ErrorCode::InvalidParameter).detail(detail));
    let service = once("service")?;
    for name in ["account", "client_id", "offline_token"] {
        once(name)?;
    }
    let scopes = pairs.iter().filter(|(name, _)| name == "scope").map(|(_, scope)| scope.clone()).collect();
    let (username, key) = basic(&parts.headers).unwrap_or_default();
    Ok(Asked { key: Credential::new(key), request: RegistryRequest { username, service, scopes } })
}

fn by_form(headers: &HeaderMap, body: &[u8]) -> ApiResult<Asked> {
    let pairs = pairs(body);
    let refuse = |detail: String| Problem::new(ErrorCode::InvalidBody).detail(detail);
    let once = |name| once(&pairs, name).map_err(refuse);
    // Either of them, or none: what counts is the key.
    if !matches!(once("grant_type")?.as_deref(), None | Some("password" | "client_credentials")) {
        return Err(refuse("grant_type is password or client_credentials; there are no other grants here.".into()));
    }
    // The one of the form is meant where there are two. A half one is none.
    let (username, key) = match (once("username")?, once("password")?) {
        (None, None) => basic(headers).unwrap_or_default(),
        (username, key) => (username.unwrap_or_default(), key.unwrap_or_default()),
    };
    let (service, scope) = (once("service")?, once("scope")?);
    for name in ["client_id", "access_type"] {
        once(name)?;
    }
    let request = RegistryRequest { username, service, scopes: scope.into_iter().collect() };
    Ok(Asked { key: Credential::new(key), request })
}

fn is_form(headers: &HeaderMap) -> ApiResult<()> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case(FORM) {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::UnsupportedMediaType).detail(format!("Send {FORM}.")))
}

/// The pairs of a query or a form (WHATWG URL, section 5.1), which reads every text.
fn pairs(text: &[u8]) -> Vec<(String, String)> {
    serde_urlencoded::from_bytes(text).unwrap_or_default()
}

/// A parameter that must not be there twice (RFC 6749 section 3.2): which one would be meant?
fn once(pairs: &[(String, String)], name: &str) -> Result<Option<String>, String> {
    let mut found = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone());
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(format!("{name} is there twice.")),
        (value, None) => Ok(value),
    }
}

/// User and password of `Authorization: Basic` (RFC 7617). Something else is no credential here. What a form would escape
/// (RFC 6749 section 2.3.1) is in no user name and in no key.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    text.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            basic(&headers)
        };
        let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(of("Basic YWRhOmE6Yg=="), pair("ada", "a:b"));
        assert_eq!(of("basic  YWRhOg=="), pair("ada", ""));
        for none in ["Basic", "Basic YWRh", "Basic ???", "Bearer YWRhOmE6Yg==", "Basic /////w=="] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_there_twice_is_refused() {
        let pairs = pairs(b"service=a&scope=x&scope=y+z&service=b&%ff=%fe&&=");
        assert!(once(&pairs, "service").is_err() && once(&pairs, "scope").is_err());
        assert_eq!(once(&pairs, "account"), Ok(None));
        let none = HeaderMap::new();
        let asked = by_form(&none, b"grant_type=password&username=ada&password=k%2B&scope=a+b&more=1").unwrap();
        assert_eq!(asked.key.expose(), "k+");
        assert_eq!(asked.request.scopes, ["a b"]);
        for bad in
            ["grant_type=refresh_token&username=a&password=b", "grant_type=password&username=a&username=b&password=c"]
        {
            assert!(by_form(&none, bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_form_without_a_key_takes_the_one_by_basic() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, "Basic YWRhOmE6Yg==".parse().unwrap());
        let of = |form: &str| {
            let asked = by_form(&headers, form.as_bytes());
            asked.map(|asked| (asked.request.username, asked.key.expose().to_owned())).ok()
        };
        let pair = |user: &str, key: &str| Some((user.to_owned(), key.to_owned()));
        for form in ["", "grant_type=password", "grant_type=client_credentials", "scope=x&service=y"] {
            assert_eq!(of(form), pair("ada", "a:b"), "{form}");
        }
        for grant in ["grant_type=password&", "grant_type=client_credentials&", ""] {
            let of = |form: &str| of(&format!("{grant}{form}"));
            assert_eq!(of("username=bob&password=k"), pair("bob", "k"));
            // Half a key is none, and no reason to take another one.
            assert_eq!(of("username=bob"), pair("bob", ""));
            assert_eq!(of("password=k"), pair("", "k"));
        }
        for form in ["grant_type=refresh_token", "grant_type=", "grant_type=password&grant_type=password"] {
            assert_eq!(of(form), None, "{form}");
        }
    }
}

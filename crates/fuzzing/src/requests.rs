//! The whole router, with requests of any kind.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use latchkey_api::{
    common::Credential,
    endpoint::Auth,
    openapi::Described,
    problem::{ErrorCode, ProblemBody},
};
use latchkey_server::REQUEST_ID;
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

use crate::stage::{Stage, on_stage};

/// What stands between two requests.
const BETWEEN: &[u8] = b"\n====\n";

/// Requests that are looked at in one input.
const MOST: usize = 4;

/// A request as an input has it.
struct Asked {
    request: Request<Bytes>,
    who: Who,
    endpoint: Option<&'static Described>,
}

/// Who sends it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// With Bob's session.
    Bob,
    /// With Bob's API key.
    Key,
    /// Without anything, or with what stands in the headers of the input.
    Stranger,
}

/// Up to four requests, as text that can be read:
///
/// ```text
/// bob close_session $session
/// user-agent: curl/8.5.0
///
/// the body
/// ====
/// nobody GET /v1/users/maren/avatar?size=9
/// ```
///
/// In front stands who sends it (`bob`, `key`, or anybody else), then an endpoint by its id with what fills its path, and
/// perhaps `?` and a query; or a method and a path. A word that is no endpoint's id stands for one of them all the same.
/// `$session`, `$key`, `$ssh` and `$registry` are ids of what is Maren's.
///
/// - No answer is a failure of the service, each has a request id, and each refusal is a problem of the closed list, one of
///   those that the endpoint declares.
/// - Nobody is told a secret of Maren's, and nothing of hers changes.
/// - Without a session nothing is reached that asks for one, nor with a key what asks for a session.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    on_stage(|stage| {
        let mut rest = data;
        for _ in 0..MOST {
            let end = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN);
            if let Some(asked) = read(stage, &rest[..end.unwrap_or(rest.len())]) {
                answer(stage, asked);
            }
            let Some(end) = end else { break };
            rest = &rest[end + BETWEEN.len()..];
        }
        let now = stage.runtime.block_on(stage.maren.state(&stage.world.service));
        assert_eq!(now, stage.maren.at_first, "nothing of hers changes");
    });
}

fn answer(stage: &Stage, Asked { request, who, endpoint }: Asked) {
    let head = request.method() == Method::HEAD;
    let shows_a_credential = request.headers().contains_key(header::AUTHORIZATION) && who == Who::Stranger;
    let asked = format!("{} {}", request.method(), request.uri());
    let sent = request.body().clone();
    let router = latchkey_server::in_process(latchkey_server::router(Arc::new(stage.world.service.clone())));
    let (status, headers, body) = stage.runtime.block_on(async {
        let response = router.oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        // This one goes on.
        let is_stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let body = if is_stream { Bytes::new() } else { body.collect().await.expect("a whole body").to_bytes() };
        (parts.status, parts.headers, body)
    });
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).expect("every answer has an id");
    assert!(Uuid::parse_str(id).is_ok(), "{asked}: {id}");
    assert!(headers.get(header::X_CONTENT_TYPE_OPTIONS).is_some_and(|value| value == "nosniff"), "{asked}");
    assert!(headers.contains_key(header::CACHE_CONTROL), "{asked}");
    keeps_secrets(stage, &asked, &sent, &headers, &body);
    if status.as_u16() < 400 {
        if let Some(endpoint) = endpoint.filter(|_| !shows_a_credential) {
            let enough = match endpoint.meta.auth {
                Auth::Nobody => true,
                Auth::Session => who == Who::Bob,
                Auth::SessionOrKey => who != Who::Stranger,
            };
            assert!(enough, "{asked}: who sent it may not");
        }
        return;
    }
    if head {
        return assert!(body.is_empty() && status.as_u16() < 500, "{asked}: {status}");
    }
    let code = problem(&asked, status, &headers, &body, id);
    // By the service's own word a provider may be away; nothing else is its failure.
    let away = code == ErrorCode::ProviderUnavailable && endpoint.is_some();
    assert!(status.as_u16() < 500 || away, "{asked}: {status} {code}");
    if let Some(endpoint) = endpoint {
        assert!(endpoint.errors().contains(&code), "{asked}: {} does not declare {code}", endpoint.meta.id);
    }
}

/// Reads a problem; answers its code.
fn problem(asked: &str, status: StatusCode, headers: &HeaderMap, body: &[u8], id: &str) -> ErrorCode {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    assert_eq!(kind, Some("application/problem+json"), "{asked}: {status}");
    let value: Value = serde_json::from_slice(body).expect("a problem is JSON");
    let code = ErrorCode::ALL.iter().find(|code| value["code"] == code.as_str());
    let code = *code.unwrap_or_else(|| panic!("{asked}: {value} has a code that is not in the list"));
    let problem: ProblemBody = serde_json::from_value(value).expect("a problem has its members");
    assert_eq!((problem.status, code.status()), (status.as_u16(), status), "{asked}");
    assert_eq!(problem.request_id.as_deref(), Some(id), "{asked}");
    let told = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
    assert_eq!(told, problem.members.retry_after, "{asked}");
    assert_eq!(status == 401, headers.contains_key(header::WWW_AUTHENTICATE), "{asked}");
    code
}

fn keeps_secrets(stage: &Stage, asked: &str, sent: &[u8], headers: &HeaderMap, body: &[u8]) {
    for secret in stage.maren.secrets.iter().map(String::as_bytes) {
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        let told = holds(body) || headers.values().any(|value| holds(value.as_bytes()));
        // Who says it hears it again: a problem may repeat what was sent.
        assert!(!told || holds(asked.as_bytes()) || holds(sent), "{asked}: a secret of somebody else");
    }
}

/// `None` where no client could send it.
fn read(stage: &Stage, input: &[u8]) -> Option<Asked> {
    let end = input.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((input, &b""[..]), |end| (&input[..end], &input[end + 2..]));
    let named = |text: &str| stage.maren.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
    let head = named(std::str::from_utf8(head).ok()?);
    let mut lines = head.split('\n');
    let mut words = lines.next()?.split(' ');
    let who = match words.next()? {
        "bob" => Who::Bob,
        "key" => Who::Key,
        _ => Who::Stranger,
    };
    let what = words.next()?;
    let (method, target, endpoint) = match words.clone().next() {
        Some(target) if target.starts_with('/') => (Method::from_bytes(what.as_bytes()).ok()?, target.to_owned(), None),
        _ => {
            let endpoint = endpoint(what);
            let (target, whole) = filled(endpoint.meta.path, words);
            (endpoint.meta.method.clone(), target, Some(endpoint).filter(|_| whole))
        }
    };
    let body = std::str::from_utf8(body).map_or_else(|_| Bytes::copy_from_slice(body), |text| named(text).into());
    let mut request = Request::builder().method(method).uri(target).body(body).ok()?;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        request.headers_mut().append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    let token = match who {
        Who::Bob => stage.bob.person.caller.credential.as_ref().map(Credential::expose),
        Who::Key => Some(&*stage.bob.key),
        Who::Stranger => None,
    };
    if let Some(token) = token {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    Some(Asked { request, who, endpoint })
}

/// The endpoint of that id, or the one that any other word stands for.
fn endpoint(word: &str) -> &'static Described {
    let mut all = latchkey_api::endpoints();
    let count = latchkey_api::endpoints().count();
    let number = word.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let named = latchkey_api::endpoints().find(|endpoint| endpoint.meta.id == word);
    named.or_else(|| all.nth(number % count)).expect("there are endpoints")
}

/// A path with its parameters in it, and whether it can be nothing but this endpoint's.
fn filled<'a>(template: &str, words: impl Iterator<Item = &'a str>) -> (String, bool) {
    let (mut path, mut whole) = (String::new(), true);
    let mut words = words.peekable();
    for segment in template.split('/').skip(1) {
        path.push('/');
        if !segment.starts_with('{') {
            path.push_str(segment);
            continue;
        }
        let word = words.next_if(|word| !word.starts_with('?')).unwrap_or_default();
        whole &= !word.is_empty();
        for byte in word.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                path.push(char::from(byte));
            } else {
                path.extend(format!("%{byte:02X}").chars());
            }
        }
    }
    for query in words.filter(|word| word.starts_with('?')) {
        path.push_str(query);
    }
    (path, whole)
}

//! Calls endpoints over a socket, and writes down what was sent and answered.

use std::{collections::BTreeMap, fmt::Write, io::Read, net::TcpStream};

use latchkey_api::{
    documentation::{Example, ExampleRequest, ExampleResponse},
    endpoint::Meta,
};
use serde_json::Value;

use crate::{disguise::Disguise, layout};

/// Headers of an answer that a caller acts on.
const MATTER: &[&str] = &["content-type", "etag", "retry-after", "ratelimit", "ratelimit-policy", "www-authenticate"];

/// A call to make.
pub(crate) struct Call {
    id: &'static str,
    target: Option<String>,
    token: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A call of an endpoint, by its id.
pub(crate) fn call(id: &'static str) -> Call {
    Call { id, target: None, token: None, headers: Vec::new(), body: Vec::new() }
}

impl Call {
    /// With something else than the bare path.
    pub(crate) fn at(self, target: impl Into<String>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    pub(crate) fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &str) -> Self {
        self.sending("application/json", body.as_bytes())
    }

    pub(crate) fn sending(self, kind: &str, body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..self.header("Content-Type", kind) }
    }
}

impl Answer {
    pub(crate) fn text(&self, pointer: &str) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// Keeps every call by the id of its endpoint.
pub(crate) struct Recorder {
    authority: String,
    disguise: Disguise,
    pub(crate) examples: BTreeMap<String, Example>,
}

impl Recorder {
    pub(crate) fn new(origin: &str) -> Self {
        let authority = origin.trim_start_matches("http://").to_owned();
        Self { authority, disguise: Disguise::default(), examples: BTreeMap::new() }
    }

    /// Makes a call that succeeds, and keeps it.
    pub(crate) async fn keep(&mut self, call: Call) -> Answer {
        let (id, request) = (call.id, sent(&call));
        let answer = self.ask(call).await;
        let said = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{id}: {} {said}", answer.status);
        self.record(id, request, &answer);
        answer
    }

    /// Makes a call that is refused, and keeps it under another name.
    pub(crate) async fn keep_refusal(&mut self, name: &str, call: Call) -> Answer {
        let request = sent(&call);
        let answer = self.ask(call).await;
        assert!(answer.status >= 400, "{name}: {}", answer.status);
        self.record(name, request, &answer);
        answer
    }

    /// Makes a call and keeps nothing.
    pub(crate) async fn ask(&self, call: Call) -> Answer {
        let (meta, authority) = (meta(call.id), self.authority.clone());
        let mut head = format!("{} {} HTTP/1.1\r\n", meta.method, target(&call));
        let _ = write!(head, "Host: {authority}\r\nConnection: close\r\nUser-Agent: curl/8.14.1\r\n");
        let _ = write!(head, "Content-Length: {}\r\n", call.body.len());
        if let Some(token) = &call.token {
            let _ = write!(head, "Authorization: Bearer {token}\r\n");
        }
        for (name, value) in &call.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let bytes = [head.as_bytes(), b"\r\n", &call.body].concat();
        tokio::task::spawn_blocking(move || exchange(&authority, &bytes)).await.unwrap()
    }

    fn record(&mut self, name: &str, (method, target, headers, body): Sent, answer: &Answer) {
        self.disguise.meet_ids(&target);
        for bytes in [&body, &answer.body] {
            self.disguise.meet(std::str::from_utf8(bytes).unwrap_or_default());
        }
        let request = ExampleRequest {
            method,
            target: self.disguise.of(&target),
            body: self.lines(&headers, &body),
            headers: self.shown(headers),
        };
        let matter = |(name, _): &&(String, String)| MATTER.contains(&name.to_lowercase().as_str());
        let headers: Vec<_> = answer.headers.iter().filter(matter).cloned().collect();
        let response = ExampleResponse {
            status: answer.status,
            body: self.lines(&headers, &answer.body),
            headers: self.shown(headers),
        };
        self.examples.insert(name.to_owned(), Example { request, response });
    }

    fn shown(&self, headers: Vec<(String, String)>) -> Vec<(String, String)> {
        headers.into_iter().map(|(name, value)| (written(&name), self.disguise.of(&value))).collect()
    }

    fn lines(&self, headers: &[(String, String)], body: &[u8]) -> Vec<String> {
        let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let kind = kind.map_or("", |(_, kind)| kind);
        match std::str::from_utf8(body) {
            Ok(text) if kind.contains("json") && !text.is_empty() => layout::lines(&self.disguise.of(text)),
            Ok(text) if kind.starts_with("text/") => self.disguise.of(text).lines().map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }
}

/// Method, target, headers and body, before the call is used up.
type Sent = (String, String, Vec<(String, String)>, Vec<u8>);

fn sent(call: &Call) -> Sent {
    (meta(call.id).method.to_string(), target(call), call.headers.clone(), call.body.clone())
}

fn meta(id: &str) -> &'static Meta {
    let found = latchkey_api::endpoints().find(|one| one.meta.id == id);
    &found.unwrap_or_else(|| panic!("{id} is no endpoint")).meta
}

fn target(call: &Call) -> String {
    call.target.clone().unwrap_or_else(|| meta(call.id).path.to_owned())
}

/// A header's name as people write it: `content-type` is `Content-Type`.
fn written(name: &str) -> String {
    match name.to_lowercase().as_str() {
        "etag" => return "ETag".to_owned(),
        "ratelimit" => return "RateLimit".to_owned(),
        "ratelimit-policy" => return "RateLimit-Policy".to_owned(),
        "www-authenticate" => return "WWW-Authenticate".to_owned(),
        _ => {}
    }
    let part = |part: &str| part[..1].to_uppercase() + &part[1..];
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

fn exchange(authority: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(authority).unwrap();
    std::io::Write::write_all(&mut stream, request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let (status, fields) = head.split_once("\r\n").unwrap();
    let status = status.split(' ').nth(1).unwrap().parse().unwrap();
    let headers = fields.lines().filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Answer { status, headers, body: answer[end + 4..].to_vec() }
}

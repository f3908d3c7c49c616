//! The REST API as a script uses it: plain HTTP/1.1, no code of Latchkey's own.

use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

/// Somebody's script, signed in or not.
#[derive(Clone)]
pub(crate) struct Script {
    server: SocketAddr,
    token: Option<String>,
}

/// What the server answered.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The entity tag, empty where there is none.
    pub(crate) etag: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

impl Script {
    /// A script that is nobody in particular.
    pub(crate) fn at(server: SocketAddr) -> Self {
        Self { server, token: None }
    }

    /// The same script, signed in.
    pub(crate) fn signed_in(&self, login: &str, password: &str) -> Self {
        let answer = self.send("POST", "/v1/sessions", &json!({ "login": login, "password": password }));
        assert_eq!(answer.status, 201, "signing in: {answer}");
        Self { server: self.server, token: Some(answer.json()["token"].as_str().unwrap().to_owned()) }
    }

    /// Asks for something.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], &[])
    }

    /// Sends JSON.
    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.request(method, path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    /// Changes the profile as it stands now.
    pub(crate) fn edits_profile(&self, change: &Value) {
        let tag = self.get("/v1/me").etag;
        let headers = [("Content-Type", "application/merge-patch+json"), ("If-Match", tag.as_str())];
        let answer = self.request("PATCH", "/v1/me", &headers, change.to_string().as_bytes());
        assert_eq!(answer.status, 200, "editing the profile: {answer}");
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.server);
        if let Some(token) = &self.token {
            write!(head, "Authorization: Bearer {token}\r\n").unwrap();
        }
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
        let mut stream = TcpStream::connect(self.server).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        read(&answer)
    }
}

fn read(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an HTTP head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let header = |wanted: &str| {
        head.lines().filter_map(|line| line.split_once(": ")).find(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    assert!(header("transfer-encoding").is_none(), "answers come with a length: {head}");
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        etag: header("etag").map(|(_, value)| value.to_owned()).unwrap_or_default(),
        body: answer[end + 4..].to_vec(),
    }
}

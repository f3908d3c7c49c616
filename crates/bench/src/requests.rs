//! Requests as they go over the wire.

use serde_json::json;

use crate::{hashing::PASSWORD, token};

/// A request without a body. Each header is a line without its end.
pub(crate) fn get(path: &str, headers: &[&str]) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{}\r\n", lines(headers))
}

/// A request with a JSON body.
pub(crate) fn post(path: &str, headers: &[&str], body: &serde_json::Value) -> String {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{body}",
        body.len(),
        lines(headers)
    )
}

/// `GET` by the session of a person of the filled database.
pub(crate) fn as_person(person: u32, path: &str) -> String {
    get(path, &[&format!("Authorization: Bearer {}", token::session(person))])
}

/// Signing in as a person of the filled database, each from an address of their own: the service slows one address down
/// that tries many accounts, and is measured with that switched on.
pub(crate) fn sign_in(person: u32, place: u32) -> String {
    let [_, a, b, c] = place.to_be_bytes();
    let from = format!("X-Forwarded-For: 10.{a}.{b}.{c}");
    let body = json!({ "login": format!("person{person}"), "password": PASSWORD });
    post(
        "/v1/sessions",
        &[&from, "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
        &body,
    )
}

fn lines(headers: &[&str]) -> String {
    headers.iter().flat_map(|header| [*header, "\r\n"]).collect()
}

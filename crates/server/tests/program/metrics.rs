//! `serve --metrics`: what is counted, and that a token with a wrong checksum costs no read.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use latchkey_api::{
    accounts::AccountsApi,
    api_keys::{ApiKeyPath, ApiKeysApi, CreateApiKey, Scope},
    common::Caller,
    problem::ErrorCode,
    profile::ProfileApi,
    sessions::{SessionPath, SessionsApi},
};
use latchkey_client::Client;

use crate::{
    program::{Home, Served},
    serving::{ada, sign_in},
};

/// So many that what the service reads by itself now and then is little beside them.
const MANY: u64 = 100;
const BY_ITSELF: u64 = 20;

pub(crate) fn ask(address: SocketAddr, path: &str) -> String {
    ask_with(address, path, "")
}

/// With lines in the head besides.
pub(crate) fn ask_with(address: SocketAddr, path: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: metrics\r\nConnection: close\r\n{lines}\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// The number behind a name with its labels.
fn number(address: SocketAddr, name: &str) -> u64 {
    let text = ask(address, "/metrics");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in {text}")).parse().unwrap()
}

fn with_metrics(served: &mut Served) -> SocketAddr {
    let line = served.line();
    let address = line.strip_prefix("metrics on http://").and_then(|rest| rest.strip_suffix("/metrics"));
    address.unwrap_or_else(|| panic!("{line}")).parse().unwrap()
}

/// How many reads it takes to refuse a token so many times.
async fn reads(metrics: SocketAddr, client: &Client, token: &str) -> u64 {
    let before = number(metrics, "latchkey_database_reads_total");
    for _ in 0..MANY {
        let refused = client.get_profile(&Caller::with_token(token)).await.unwrap_err();
        assert!(matches!(refused.code(), ErrorCode::Unauthenticated | ErrorCode::SessionClosed), "{refused}");
    }
    number(metrics, "latchkey_database_reads_total") - before
}

/// With another character in its random part.
fn tampered(token: &str) -> String {
    let other = if &token[40..41] == "x" { "y" } else { "x" };
    format!("{}{other}{}", &token[..40], &token[41..])
}

#[tokio::test]
async fn a_wrong_checksum_costs_no_read_and_an_unknown_token_one() {
    let home = Home::new();
    let mut served = home.serve(&[("LATCHKEY_SERVER__METRICS", "127.0.0.1:0")]);
    let metrics = with_metrics(&mut served);
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&nobody, sign_in()).await.unwrap().token.expose());
    let personal = client.generate_api_key(&me).await.unwrap().api_key;
    let body = CreateApiKey { name: "x".into(), scopes: vec![Scope::Api], expires_at: None };
    let named = client.create_api_key(&me, body).await.unwrap();
    let session = client.sign_in(&nobody, sign_in()).await.unwrap().token;
    let tokens = [session.expose(), personal.expose(), named.token.expose()];
    for token in tokens {
        client.get_profile(&Caller::with_token(token)).await.unwrap();
        let reads = reads(metrics, &client, &tampered(token)).await;
        assert!(reads < BY_ITSELF, "{reads} reads for {MANY} requests");
    }
    // The same tokens, well-formed, of keys and a session that are no more.
    client.generate_api_key(&me).await.unwrap();
    client.delete_api_key(&me, ApiKeyPath { id: named.id }).await.unwrap();
    let left = Caller::with_token(session.expose());
    client.close_session(&left, SessionPath { id: "current".into() }).await.unwrap();
    for token in tokens {
        let reads = reads(metrics, &client, token).await;
        assert!((MANY..MANY + BY_ITSELF).contains(&reads), "{reads} reads for {MANY} requests");
    }
    let refused = number(metrics, r#"latchkey_requests_total{route="/v1/me",method="GET",status="401"}"#);
    assert_eq!(refused, 6 * MANY);
    served.signal("TERM");
    let ended = served.end();
    assert_eq!((ended.code, ended.out.as_str()), (0, ""));
}

#[tokio::test]
async fn labels_are_few_whatever_is_asked() {
    let home = Home::new();
    let mut served = home.serve(&[("LATCHKEY_SERVER__METRICS", "127.0.0.1:0")]);
    let metrics = with_metrics(&mut served);
    for path in ["/nowhere/1", "/nowhere/2", "/v1/users/ada/keys", "/v1/users/bob/keys"] {
        ask(served.address, path);
    }
    let text = ask(metrics, "/metrics");
    assert!(text.to_ascii_lowercase().contains("content-type: application/openmetrics-text"), "{text}");
    for line in [
        r#"latchkey_requests_total{route="-",method="GET",status="404"} 2"#,
        r#"latchkey_requests_total{route="/v1/users/{username}/keys",method="GET",status="200"} 2"#,
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("ada") && !text.contains("nowhere"));
    assert!(number(metrics, "latchkey_database_writes_total") < MANY);
    // The numbers are on their own listener only.
    assert!(ask(served.address, "/metrics").starts_with("HTTP/1.1 404"));
    assert!(ask(metrics, "/v1/instance").starts_with("HTTP/1.1 404"));
}

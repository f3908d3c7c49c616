//! `serve --metrics`: what is counted, and that a token with a wrong checksum costs no read.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use futures_util::StreamExt;
use latchkey_api::{
    accounts::AccountsApi,
    api_keys::{ApiKeyPath, ApiKeysApi, CreateApiKey, Scope},
    common::Caller,
    endpoint::Meta,
    problem::ErrorCode,
    profile::ProfileApi,
    sessions::{SessionPath, SessionsApi, SignIn},
    wire::Secret,
};
use latchkey_client::Client;

use crate::{
    certificates::Authority,
    program::{Home, Served, ended},
    serving::{ada, sign_in},
    tools,
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
pub(crate) fn number(address: SocketAddr, name: &str) -> u64 {
    let text = ask(address, "/metrics");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in {text}")).parse().unwrap()
}

pub(crate) fn with_metrics(served: &mut Served) -> SocketAddr {
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
    assert_eq!(number(metrics, &requests("get_profile", "GET", "/v1/me", "4xx")), 6 * MANY);
    served.signal("TERM");
    let ended = served.end();
    assert_eq!((ended.code, ended.out.as_str()), (0, ""));
}

/// How the requests of an operation are told.
fn requests(operation: &str, method: &str, route: &str, status: &str) -> String {
    format!(r#"latchkey_requests_total{{operation="{operation}",method="{method}",route="{route}",status="{status}"}}"#)
}

/// The lines of all samples.
fn samples(text: &str) -> impl Iterator<Item = &str> {
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    body.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[test]
fn every_operation_has_its_label_and_none_comes_from_a_request() {
    let home = Home::new();
    let mut served = home.serve(&[("LATCHKEY_SERVER__METRICS", "127.0.0.1:0")]);
    let metrics = with_metrics(&mut served);
    for path in ["/nowhere/1", "/nowhere/2", "/v1/users/zeppelin/keys", "/v1/users/hindenburg/keys"] {
        ask(served.address, path);
    }
    let mut stream = TcpStream::connect(served.address).unwrap();
    let head = "ZEPPELIN /v1/me HTTP/1.1\r\nHost: zeppelin\r\nUser-Agent: zeppelin\r\nX-Request-Id: zeppelin\r\n";
    write!(stream, "{head}traceparent: zeppelin\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_string(&mut String::new()).unwrap();

    let text = ask(metrics, "/metrics");
    for endpoint in latchkey_api::endpoints() {
        let Meta { id, method, path, .. } = endpoint.meta;
        let sample = format!("{} 0", requests(id, method.as_str(), path, "5xx"));
        assert!(samples(&text).any(|line| line == sample), "{sample} is not in {text}");
    }
    assert_eq!(number(metrics, &requests("-", "-", "-", "4xx")), 3);
    assert_eq!(number(metrics, &requests("get_authorized_keys", "GET", "/v1/users/{username}/keys", "2xx")), 2);
    for word in ["zeppelin", "ZEPPELIN", "hindenburg", "nowhere", "127.0.0.1"] {
        assert!(!text.contains(word), "{word} is in {text}");
    }
    for answer in [&text, &ask(metrics, "/nowhere")] {
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("\r\nx-content-type-options: nosniff\r\n"), "{head}");
        assert!(head.contains("frame-ancestors 'none'") && head.contains("\r\ncache-control: no-store\r\n"), "{head}");
    }
    // The numbers are on their own listener only.
    assert!(ask(served.address, "/metrics").starts_with("HTTP/1.1 404"));
    assert!(ask(metrics, "/v1/instance").starts_with("HTTP/1.1 404"));
}

/// A story that is known, and the numbers it leaves.
#[tokio::test]
async fn what_happens_is_counted_once() {
    let home = Home::new();
    let mut served = home.serve(&[("LATCHKEY_SERVER__METRICS", "127.0.0.1:0")]);
    let metrics = with_metrics(&mut served);
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&nobody, sign_in()).await.unwrap().token.expose());
    let wrong = || SignIn { password: Secret::new("a wrong guess"), ..sign_in() };
    for _ in 0..2 {
        client.sign_in(&nobody, wrong()).await.unwrap_err();
    }
    // Five at once are let through; the one that was right had forgiven itself.
    for _ in 0..4 {
        client.sign_in(&nobody, wrong()).await.unwrap_err();
    }
    for _ in 0..7 {
        client.get_profile(&me).await.unwrap();
    }
    let mut stream = client.events(&me).await.unwrap();
    let open = number(metrics, "latchkey_event_streams_open");
    client.close_session(&me, SessionPath { id: "current".into() }).await.unwrap();
    while stream.next().await.is_some() {}
    // Its connection ends a moment later.
    let ended = async || (number(metrics, "latchkey_event_streams_open") == 0).then_some(());
    tools::eventually(Duration::from_secs(30), ended).await;

    let text = ask(metrics, "/metrics");
    let sessions = |status| requests("sign_in", "POST", "/v1/sessions", status);
    for (name, expected) in [
        (requests("create_account", "POST", "/v1/accounts", "2xx"), 1),
        (sessions("2xx"), 1),
        (sessions("4xx"), 6),
        (sessions("5xx"), 0),
        (requests("get_profile", "GET", "/v1/me", "2xx"), 7),
        (requests("stream_events", "GET", "/v1/me/events/stream", "2xx"), 1),
        (requests("close_session", "DELETE", "/v1/me/sessions/{id}", "2xx"), 1),
        (r#"latchkey_request_duration_seconds_count{operation="get_profile"}"#.into(), 7),
        (r#"latchkey_request_duration_seconds_bucket{operation="get_profile",le="+Inf"}"#.into(), 7),
        (r#"latchkey_sign_ins_total{step="password",outcome="signed_in"}"#.into(), 1),
        (r#"latchkey_sign_ins_total{step="password",outcome="invalid_credentials"}"#.into(), 5),
        (r#"latchkey_sign_ins_total{step="password",outcome="too_many_requests"}"#.into(), 1),
        (r#"latchkey_sign_ins_total{step="second_factor",outcome="signed_in"}"#.into(), 0),
        (r#"latchkey_throttled_total{limit="sign-in pair"}"#.into(), 1),
        (r#"latchkey_throttled_total{limit="sign-in address"}"#.into(), 0),
        ("latchkey_rate_limited_api_keys_total".into(), 0),
        ("latchkey_rate_limited_sessions_total".into(), 0),
        // The account's, which was also rated, the right one and five wrong ones; the throttled one was not looked at.
        ("latchkey_hash_duration_seconds_count".into(), 8),
        ("latchkey_hashes_running".into(), 0),
        ("latchkey_hashes_waiting".into(), 0),
        ("latchkey_hashes_refused_total".into(), 0),
        ("latchkey_requests_in_flight".into(), 0),
        ("latchkey_event_streams_open".into(), 0),
        ("latchkey_database_retries_total".into(), 0),
        ("latchkey_database_connections_limit".into(), 5),
        (r#"latchkey_mail_waiting{kind="codes"}"#.into(), 0),
        (r#"latchkey_mails_total{outcome="sent"}"#.into(), 0),
        (r#"latchkey_outbound_calls_total{called="github",outcome="ok"}"#.into(), 0),
        (concat!(r#"latchkey_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#"",database="sqlite"}"#).into(), 1),
    ] {
        let sample = format!("{name} {expected}");
        assert!(samples(&text).any(|line| line == sample), "{sample} is not in {text}");
    }
    assert_eq!(open, 1);
    // Every write was committed with others or alone, and each is in one group.
    let commits = number(metrics, r#"latchkey_database_commit_size_bucket{le="+Inf"}"#);
    assert!((1..=number(metrics, "latchkey_database_writes_total")).contains(&commits));
    assert!(number(metrics, "process_resident_memory_bytes") > 1_000_000);
    assert!(number(metrics, "process_start_time_seconds") > 1_700_000_000);
    assert!(number(metrics, "latchkey_upkeep_last_run_timestamp_seconds") > 1_700_000_000);
    for word in ["ada", "Ada", "example.org"] {
        assert!(!text.contains(word), "{word} is in {text}");
    }
}

/// Prometheus' own tool reads the text, and has nothing to say against names and helps.
#[test]
fn prometheus_reads_it() {
    let (home, authority) = (Home::new(), Authority::new());
    authority.put();
    let tls = authority.environment();
    let mut environment: Vec<_> = tls.iter().map(|(name, value)| (*name, value.as_str())).collect();
    environment.push(("LATCHKEY_SERVER__METRICS", "127.0.0.1:0"));
    let mut served = home.serve(&environment);
    let metrics = with_metrics(&mut served);
    let instance = format!("https://{}/v1/instance", served.address);
    tools::well(tools::system("curl").args(["-sSk", &instance]));
    let url = format!("http://{metrics}/metrics");
    let checked = |accept: &str| {
        let text = tools::well(tools::system("curl").args(["-sS", "-H", accept, &url]));
        (ended(tools::system("promtool").args(["check", "metrics"]), &text), text)
    };
    let (said, text) = checked("Accept: text/plain");
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""), "{text}");
    let (_, open) = checked("Accept: application/openmetrics-text; version=1.0.0");
    assert!(open.ends_with("# EOF\n"), "{open}");
    assert!(open.contains("# TYPE latchkey_requests counter\n") && open.contains("latchkey_requests_total{"));

    // And the rules and the scrape configuration that administrators are given.
    let folder = home.file("rules.yml", &tools::snippet("ADMINISTRATION.md", "latchkey-alerts.yml"));
    tools::well(tools::system("promtool").args(["check", "rules"]).arg(&folder));
    let scrape = tools::snippet("ADMINISTRATION.md", "prometheus.yml")
        .replace("/etc/prometheus/latchkey-alerts.yml", "rules.yml");
    let file = home.file("prometheus.yml", &scrape);
    tools::well(tools::system("promtool").args(["check", "config"]).arg(&file));
    for name in metric_names(&std::fs::read_to_string(folder).unwrap()) {
        assert!(text.contains(&format!("\n{name}")), "{name} of the rules is not in {text}");
    }
}

fn metric_names(rules: &str) -> Vec<&str> {
    let words = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("latchkey_") || word.starts_with("process_")).collect()
}

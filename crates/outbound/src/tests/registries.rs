//! Signing in at container registries, and at what is none.

use latchkey_api::container_registries::RegistryFailure;
use latchkey_service::{RegistryCheck, RegistryCredentials, RegistryRefusal};

use super::local::{Certificate, Local, Reply, Seen, json, knowing, outbound, secret};
use crate::Outbound;

pub(super) const VERSION: &str = "Docker-Distribution-Api-Version: registry/2.0\r\n";
pub(super) const UNAUTHORIZED: &str =
    r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}"#;
/// `ada:s3cret`
pub(super) const BASIC: &str = "Basic YWRhOnMzY3JldA==";

pub(super) async fn check_with(outbound: &Outbound, host: &str, username: &str) -> Result<(), RegistryRefusal> {
    let password = secret("s3cret");
    let checked = outbound.check(&RegistryCredentials { host, username, password: &password }).await;
    if let Err(refusal) = &checked {
        let RegistryRefusal { detail, .. } = refusal;
        assert!(detail.contains(host.split(':').next().unwrap()) && detail.ends_with('.'), "{detail}");
        assert!(!detail.contains("s3cret"), "{detail}");
    }
    checked
}

pub(super) async fn check(server: &Local) -> Result<(), RegistryRefusal> {
    check_with(&outbound(), &server.address.to_string(), "ada").await
}

pub(super) async fn failure(server: &Local) -> RegistryFailure {
    check(server).await.unwrap_err().failure
}

pub(super) fn challenge(text: &str) -> String {
    format!("{VERSION}WWW-Authenticate: {text}\r\n")
}

fn basic(seen: &Seen, accepted: &str) -> Reply {
    match seen.header("authorization") {
        Some(authorization) if authorization == accepted => json(200, VERSION, "{}"),
        _ => json(401, &challenge(r#"Basic realm="private""#), UNAUTHORIZED),
    }
}

#[tokio::test]
async fn basic_credentials_are_taken_or_not() {
    let server = Local::http(|seen| basic(seen, BASIC)).await;
    assert_eq!(check(&server).await, Ok(()));
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|seen| seen.line == "GET /v2/"));
    assert_eq!(seen[0].header("authorization"), None, "nothing is sent before it is asked for");

    let server = Local::http(|seen| basic(seen, "Basic other")).await;
    let refusal = check(&server).await.unwrap_err();
    assert_eq!(refusal.failure, RegistryFailure::CredentialsRefused);
    assert!(refusal.detail.starts_with(&format!("{} refused these credentials.", server.address)));
    assert_eq!(
        check_with(&outbound(), &server.address.to_string(), "a:b").await.unwrap_err().failure,
        RegistryFailure::CredentialsRefused
    );
}

#[tokio::test]
async fn a_registry_that_lets_everybody_in_is_one() {
    for (headers, body) in [(VERSION, ""), ("", "{}"), (VERSION, "{}")] {
        let server = Local::http(move |_| json(200, headers, body)).await;
        assert_eq!(check(&server).await, Ok(()));
        assert!(server.seen().iter().all(|seen| seen.header("authorization").is_none()));
    }
}

#[tokio::test]
async fn what_is_no_registry_is_sent_no_credentials() {
    let basic = "WWW-Authenticate: Basic realm=\"router\"\r\n";
    let replies: [(u16, &'static str, &'static str); 11] = [
        (200, "", "<html>Welcome</html>"),
        (200, "", "[]"),
        (200, "", r#"{"a":1}"#),
        (404, "", ""),
        (403, "", ""),
        (301, "Location: https://www.example.org/\r\n", ""),
        (401, "", ""),
        (401, basic, "<html>"),
        (401, basic, r#"{"errors":[]}"#),
        (401, "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n", "{}"),
        (401, "WWW-Authenticate: =,\"\\\r\n", "{}"),
    ];
    for (status, headers, body) in replies {
        let server = Local::http(move |_| json(status, headers, body)).await;
        assert_eq!(failure(&server).await, RegistryFailure::NotARegistry, "{status} {headers} {body}");
        assert!(server.seen().iter().all(|seen| seen.header("authorization").is_none()));
    }
    let server = Local::http(|_| json(401, &challenge("Negotiate"), UNAUTHORIZED)).await;
    assert_eq!(failure(&server).await, RegistryFailure::NotARegistry);
}

#[tokio::test]
async fn what_is_no_registry_has_no_realm_that_is_asked() {
    for body in ["<html>", "{}", r#"{"errors":[]}"#, r#"{"message":"Sign in"}"#] {
        let server = Local::http(move |seen| {
            let host = seen.header("host").unwrap();
            json(401, &format!("WWW-Authenticate: Bearer realm=\"http://{host}/token\"\r\n"), body)
        })
        .await;
        assert_eq!(failure(&server).await, RegistryFailure::NotARegistry, "{body}");
        let seen = server.seen();
        assert!(seen.iter().all(|seen| seen.line == "GET /v2/" && seen.header("authorization").is_none()), "{seen:?}");
    }
}

#[tokio::test]
async fn a_registry_with_trouble_is_not_blamed_on_the_credentials() {
    for status in [429, 500, 502, 503] {
        let server = Local::http(move |_| json(status, VERSION, "")).await;
        assert_eq!(failure(&server).await, RegistryFailure::Unavailable);
        let server = Local::http(move |seen| match seen.header("authorization") {
            Some(_) => json(status, VERSION, ""),
            None => json(401, &challenge("Basic realm=x"), UNAUTHORIZED),
        })
        .await;
        assert_eq!(failure(&server).await, RegistryFailure::Unavailable);
    }
}

#[tokio::test]
async fn hostile_answers_end_in_one_sentence() {
    let long = "x".repeat(100_000);
    let replies: Vec<(Reply, RegistryFailure)> = vec![
        (Reply::Endless(b"HTTP/1.1 401 X\r\n\r\n".to_vec(), vec![b'x'; 4096]), RegistryFailure::NotARegistry),
        (Reply::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), RegistryFailure::NotARegistry),
        (
            json(401, &challenge(&format!("Bearer realm=\"https://{long}/\"")), UNAUTHORIZED),
            RegistryFailure::NotARegistry,
        ),
    ];
    for (reply, expected) in replies {
        // The first connection tries TLS, and is answered by the server of the tests itself.
        let reply = std::sync::Mutex::new(Some(reply));
        let server = Local::http(move |_| reply.lock().unwrap().take().expect("one request")).await;
        assert_eq!(failure(&server).await, expected);
    }
}

#[tokio::test]
async fn tls_is_demanded_and_looked_at() {
    let certificate = Certificate::of(&["registry.example.org", "registry-1.docker.io", "auth.docker.io", "127.0.0.1"]);
    let server = Local::https(&certificate, |seen| basic(seen, BASIC)).await;
    let names = vec![("registry.example.org", server.address), ("wrong.example.org", server.address)];
    let trusting = knowing(names.clone(), &certificate);
    assert_eq!(check_with(&trusting, "registry.example.org", "ada").await, Ok(()));
    assert_eq!(check_with(&trusting, &server.address.to_string(), "ada").await, Ok(()));
    let failure = async |outbound: &Outbound, host: &str| check_with(outbound, host, "ada").await.unwrap_err().failure;
    assert_eq!(failure(&trusting, "wrong.example.org").await, RegistryFailure::CertificateInvalid);
    let other = knowing(names, &Certificate::of(&["registry.example.org"]));
    assert_eq!(failure(&other, "registry.example.org").await, RegistryFailure::CertificateInvalid);
    // On this computer a certificate that is not trusted does not lead to HTTP.
    assert_eq!(failure(&other, &server.address.to_string()).await, RegistryFailure::CertificateInvalid);

    let plain = Local::http(|seen| basic(seen, BASIC)).await;
    let outbound = knowing(vec![("plain.example.org", plain.address)], &certificate);
    assert_eq!(failure(&outbound, "plain.example.org").await, RegistryFailure::NotEncrypted);
    assert!(plain.seen().is_empty());
}

#[tokio::test]
async fn docker_hub_is_asked_where_it_is() {
    let certificate = Certificate::of(&["registry-1.docker.io", "auth.docker.io"]);
    let server = Local::https(&certificate, |seen| {
        match (seen.header("host").unwrap(), seen.line.as_str(), seen.header("authorization")) {
            ("auth.docker.io", "GET /token?service=registry.docker.io", Some(BASIC)) => {
                json(200, "", r#"{"token":"t0ken"}"#)
            }
            ("registry-1.docker.io", "GET /v2/", Some("Bearer t0ken")) => json(200, VERSION, "{}"),
            ("registry-1.docker.io", "GET /v2/", None) => {
                let realm = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io""#;
                json(401, &challenge(realm), UNAUTHORIZED)
            }
            _ => json(404, "", ""),
        }
    })
    .await;
    let names = vec![("registry-1.docker.io", server.address), ("auth.docker.io", server.address)];
    assert_eq!(check_with(&knowing(names, &certificate), "docker.io", "ada").await, Ok(()));
}

#[tokio::test]
async fn hosts_that_cannot_be_reached_say_why() {
    let certificate = Certificate::of(&["x.example.org"]);
    let outbound = knowing(vec![("linklocal.example.org", "169.254.1.1:443".parse().unwrap())], &certificate);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for (host, expected, word) in [
        ("unknown.example.org", RegistryFailure::Unreachable, "was not found"),
        ("linklocal.example.org", RegistryFailure::AddressRefused, "does not connect"),
        ("169.254.169.254", RegistryFailure::AddressRefused, "does not connect"),
        (nobody.as_str(), RegistryFailure::Unreachable, "Nothing answers"),
        ("u:p@example.org", RegistryFailure::NotARegistry, "Check the host"),
        ("example.org/x", RegistryFailure::NotARegistry, "Check the host"),
    ] {
        let password = secret("s3cret");
        let refusal = outbound.check(&RegistryCredentials { host, username: "ada", password: &password }).await;
        let refusal = refusal.unwrap_err();
        assert_eq!(refusal.failure, expected, "{host}");
        assert!(refusal.detail.contains(word), "{}", refusal.detail);
    }
}

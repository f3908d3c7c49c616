//! Container registries whose tokens are got at a realm (CNCF distribution, token authentication).

use latchkey_api::container_registries::RegistryFailure;
use latchkey_service::{RegistryCheck, RegistryCredentials};

use super::{
    local::{Certificate, Local, json, knowing, outbound, secret},
    registries::{BASIC, UNAUTHORIZED, VERSION, challenge, check, check_with, failure},
};

/// A registry whose tokens come from the same server, under `/token`.
async fn bearer(token: &'static str, status: u16) -> Local {
    Local::http(move |seen| {
        let host = seen.header("host").unwrap();
        if seen.line.starts_with("GET /token?") {
            assert_eq!(seen.line, "GET /token?account=x&service=registry.test");
            assert_eq!(seen.header("authorization"), Some(BASIC));
            return json(status, "", token);
        }
        if seen.header("authorization") == Some("Bearer t0ken") {
            return json(200, VERSION, "{}");
        }
        let realm = format!(r#"Bearer realm="http://{host}/token?account=x",service="registry.test""#);
        json(401, &challenge(&realm), UNAUTHORIZED)
    })
    .await
}

#[tokio::test]
async fn a_token_is_got_with_the_credentials() {
    for token in [
        r#"{"token":"t0ken","access_token":"t0ken","expires_in":300}"#,
        r#"{"token":"t0ken"}"#,
        r#"{"access_token":"t0ken"}"#,
    ] {
        let server = bearer(token, 200).await;
        assert_eq!(check(&server).await, Ok(()));
        assert_eq!(server.seen().len(), 3);
    }
}

#[tokio::test]
async fn a_token_that_is_not_given_or_not_taken_says_why() {
    for (status, token, expected) in [
        (401, UNAUTHORIZED, RegistryFailure::CredentialsRefused),
        (403, r#"{"errors":[{"code":"DENIED"}]}"#, RegistryFailure::CredentialsRefused),
        (200, r#"{"token":"other"}"#, RegistryFailure::CredentialsRefused),
        (429, "", RegistryFailure::Unavailable),
        (503, "", RegistryFailure::Unavailable),
        (404, "", RegistryFailure::NotARegistry),
        (302, "", RegistryFailure::NotARegistry),
        (200, "<html>", RegistryFailure::NotARegistry),
        (200, "{}", RegistryFailure::NotARegistry),
        (200, r#"{"token":"two words"}"#, RegistryFailure::NotARegistry),
        (200, r#"{"token":"a\r\nHost: b"}"#, RegistryFailure::NotARegistry),
    ] {
        assert_eq!(failure(&bearer(token, status).await).await, expected, "{status} {token}");
    }
}

#[tokio::test]
async fn credentials_are_sent_nowhere_else_without_tls() {
    let listening = Local::http(|_| json(200, "", r#"{"token":"t0ken"}"#)).await;
    // A registry on this computer may have its tokens on this computer, and nowhere else in clear.
    let server =
        Local::http(|_| json(401, &challenge(r#"Bearer realm="http://auth.example.org/token""#), UNAUTHORIZED)).await;
    assert_eq!(failure(&server).await, RegistryFailure::NotEncrypted);

    let certificate = Certificate::of(&["registry.example.org"]);
    let realm = challenge(&format!(r#"Bearer realm="{}/token",service="x""#, listening.url()));
    let server = Local::https(&certificate, move |_| json(401, &realm, UNAUTHORIZED)).await;
    let outbound = knowing(vec![("registry.example.org", server.address)], &certificate);
    let refusal = check_with(&outbound, "registry.example.org", "ada").await.unwrap_err();
    assert_eq!(refusal.failure, RegistryFailure::NotEncrypted);
    assert!(listening.seen().is_empty());
    assert!(server.seen().iter().all(|seen| seen.header("authorization").is_none()));
}

#[tokio::test]
async fn realms_that_cannot_be_asked_are_named() {
    let answer = |realm: &'static str| {
        Local::http(move |_| json(401, &challenge(&format!(r#"Bearer realm="{realm}""#)), UNAUTHORIZED))
    };
    let outbound = outbound();
    for (realm, expected, named) in [
        ("https://169.254.169.254/token", RegistryFailure::AddressRefused, "169.254.169.254"),
        ("https://[fe80::1]/token", RegistryFailure::AddressRefused, "[fe80::1]"),
        ("https://127.0.0.1:1/token", RegistryFailure::Unreachable, "127.0.0.1:1"),
    ] {
        let server = answer(realm).await;
        let password = secret("s3cret");
        let host = server.address.to_string();
        let refusal = outbound.check(&RegistryCredentials { host: &host, username: "ada", password: &password }).await;
        let refusal = refusal.unwrap_err();
        assert_eq!(refusal.failure, expected, "{realm}");
        assert!(refusal.detail.contains(named), "{}", refusal.detail);
    }
    for realm in ["", "/token", "file:///etc/passwd", "https://u:p@auth.example.org/", "javascript:1"] {
        assert_eq!(failure(&answer(realm).await).await, RegistryFailure::NotARegistry, "{realm}");
    }
}

#[tokio::test]
async fn the_challenge_of_tokens_is_taken_before_that_of_passwords() {
    let server = Local::http(|seen| {
        let host = seen.header("host").unwrap();
        match (seen.line.as_str(), seen.header("authorization")) {
            ("GET /token", Some(BASIC)) => json(200, "", r#"{"token":"t0ken"}"#),
            ("GET /v2/", Some("Bearer t0ken")) => json(200, VERSION, "{}"),
            _ => {
                let both = format!(r#"Basic realm="x", BEARER Realm="http://{host}/token""#);
                json(401, &challenge(&both), UNAUTHORIZED)
            }
        }
    })
    .await;
    assert_eq!(check(&server).await, Ok(()));
}

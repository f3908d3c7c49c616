//! Tokens are revoked where they can be.

use latchkey_api::instance::Provider;
use latchkey_service::{ProviderError, SourceCodeProviders};

use super::local::{Certificate, Local, json, knowing, outbound, provider, secret};

#[tokio::test]
async fn github_forgets_a_token_when_its_application_says_so() {
    for (status, told) in [
        (204, Ok(true)),
        (404, Ok(true)),
        (401, Err(ProviderError::Refused("status 401".into()))),
        (422, Err(ProviderError::Refused("status 422".into()))),
        (500, Err(ProviderError::Unreachable("status 500".into()))),
    ] {
        let server = Local::http(move |_| json(status, "", "")).await;
        let mut at = provider(Provider::Github, server.url());
        at.client_id = "Iv1.a/b".into();
        at.client_secret = Some(secret("s"));
        assert_eq!(outbound().revoke(&at, &secret("gho_a"), Some(&secret("ghr_b"))).await, told);
        let seen = &server.seen()[0];
        assert_eq!(seen.line, "DELETE /api/v3/applications/Iv1.a%2Fb/token");
        assert_eq!(seen.header("authorization"), Some("Basic SXYxLmEvYjpz"));
        assert_eq!(seen.body, r#"{"access_token":"gho_a"}"#);
    }
}

#[tokio::test]
async fn github_is_not_asked_without_a_secret() {
    let certificate = Certificate::of(&["api.github.com"]);
    let cloud = Local::https(&certificate, |_| json(202, "", "{}")).await;
    let enterprise = Local::http(|_| json(202, "", "{}")).await;
    let outbound = knowing(vec![("api.github.com", cloud.address)], &certificate);
    for url in ["https://github.com".to_owned(), enterprise.url()] {
        let at = provider(Provider::Github, url);
        assert_eq!(outbound.revoke(&at, &secret("gho_a"), Some(&secret("ghr_b"))).await, Ok(false));
    }
    // What anybody may send to github.com tells the person that their token has leaked.
    assert!(cloud.seen().is_empty() && enterprise.seen().is_empty());
}

#[tokio::test]
async fn gitlab_forgets_both_tokens() {
    let server = Local::http(|_| json(200, "", "{}")).await;
    let at = provider(Provider::Gitlab, server.url());
    assert_eq!(outbound().revoke(&at, &secret("a"), Some(&secret("r"))).await, Ok(true));
    let seen = server.seen();
    let told: Vec<(&str, &str)> = seen.iter().map(|seen| (seen.line.as_str(), seen.body.as_str())).collect();
    assert_eq!(
        told,
        [
            ("POST /oauth/revoke", "client_id=client&token=r&token_type_hint=refresh_token"),
            ("POST /oauth/revoke", "client_id=client&token=a&token_type_hint=access_token"),
        ]
    );
}

#[tokio::test]
async fn gitlab_says_where_it_did_not() {
    for (status, body, told) in [
        (404, "", Ok(false)),
        (400, r#"{"error":"unsupported_token_type"}"#, Ok(false)),
        (403, r#"{"error":"unauthorized_client"}"#, Err(ProviderError::Refused("unauthorized_client".into()))),
        (503, "", Err(ProviderError::Unreachable("status 503".into()))),
    ] {
        let server = Local::http(move |_| json(status, "", body)).await;
        let at = provider(Provider::Gitlab, server.url());
        assert_eq!(outbound().revoke(&at, &secret("a"), None).await, told);
    }
}

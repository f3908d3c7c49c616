//! Device authorisation, codes, and fresh tokens.

use latchkey_api::instance::Provider;
use latchkey_service::{
    AuthorizationRequest, DeviceAnswer, ProviderError, ProviderSettings, SourceCodeProviders, Tokens,
};

use super::{
    errors::Errors,
    local::{Local, Reply, json, outbound, provider, secret},
};

const TOKENS: &str = r#"{"access_token":"gho_a","token_type":"bearer","scope":"one,two"}"#;

async fn github(answer: impl Fn() -> Reply + Send + Sync + 'static) -> (Local, ProviderSettings) {
    let server = Local::http(move |_| answer()).await;
    let at = provider(Provider::Github, server.url());
    (server, at)
}

#[tokio::test]
async fn a_device_authorisation_begins() {
    let server = Local::http(|seen| {
        let host = seen.header("host").unwrap();
        json(
            200,
            "",
            &format!(
                r#"{{"device_code":"d3v","user_code":"WDJB-MJHT","verification_uri":"http://{host}/login/device",
                    "expires_in":899,"interval":5}}"#
            ),
        )
    })
    .await;
    let at = provider(Provider::Github, server.url());
    let grant = outbound().start_device(&at).await.unwrap();
    assert_eq!(grant.device_code.expose(), "d3v");
    assert_eq!((grant.user_code.as_str(), grant.expires_in, grant.interval), ("WDJB-MJHT", 899, 5));
    assert_eq!(grant.verification_uri, format!("{}/login/device", server.url()));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /login/device/code");
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.header("user-agent"), Some("latchkey-test/1"));
    assert_eq!(seen.body, "client_id=client&scope=one+two");
}

#[tokio::test]
async fn gitlab_is_asked_below_its_path_and_with_the_secret_of_its_client() {
    let server = Local::http(|_| json(401, "", r#"{"error":"invalid_client","error_description":"<b>no</b>"}"#)).await;
    let mut at = provider(Provider::Gitlab, format!("{}/code", server.url()));
    at.client_secret = Some(secret("s3 cret&"));
    let said = outbound().start_device(&at).await.unwrap_err();
    assert_eq!(said, ProviderError::Refused("invalid_client".into()));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /code/oauth/authorize_device");
    assert_eq!(seen.field("client_secret").as_deref(), Some("s3 cret&"));
}

async fn polled(status: u16, body: &'static str) -> Result<DeviceAnswer, ProviderError> {
    let (_server, at) = github(move || json(status, "", body)).await;
    outbound().poll_device(&at, &secret("d3v")).await
}

#[tokio::test]
async fn a_device_authorisation_is_asked_about() {
    // GitHub says errors with status 200, everybody else with 400.
    for status in [200, 400] {
        let told = |body| polled(status, body);
        assert!(matches!(told(r#"{"error":"authorization_pending"}"#).await, Ok(DeviceAnswer::Pending)));
        assert!(matches!(told(r#"{"error":"slow_down","interval":10}"#).await, Ok(DeviceAnswer::SlowDown)));
        assert!(matches!(told(r#"{"error":"access_denied"}"#).await, Ok(DeviceAnswer::Denied)));
        for code in ["expired_token", "invalid_grant", "incorrect_device_code"] {
            let body: &'static str = format!(r#"{{"error":"{code}"}}"#).leak();
            assert!(matches!(told(body).await, Ok(DeviceAnswer::Expired)), "{code}");
        }
        let said = told(r#"{"error":"device_flow_disabled","error_description":"x"}"#).await.unwrap_err();
        assert_eq!(said, ProviderError::Refused("device_flow_disabled".into()));
    }
    let Ok(DeviceAnswer::Granted(tokens)) = polled(200, TOKENS).await else { panic!("tokens") };
    assert_eq!(tokens.access_token.expose(), "gho_a");
    assert_eq!(tokens.scopes.unwrap(), ["one", "two"]);
}

#[tokio::test]
async fn each_question_is_asked_once() {
    let (server, at) = github(|| json(200, "", r#"{"error":"authorization_pending"}"#)).await;
    outbound().poll_device(&at, &secret("d3v")).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line, "POST /login/oauth/access_token");
    assert_eq!(seen[0].field("grant_type").as_deref(), Some("urn:ietf:params:oauth:grant-type:device_code"));
    assert_eq!(seen[0].field("device_code").as_deref(), Some("d3v"));
    assert_eq!(seen[0].field("client_secret"), None);
}

#[tokio::test]
async fn a_code_is_exchanged_and_tokens_are_refreshed() {
    let server = Local::http(|_| {
        json(
            200,
            "",
            r#"{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":7200,"scope":"one two"}"#,
        )
    })
    .await;
    let at = provider(Provider::Gitlab, server.url());
    let (outbound, redirect) = (outbound(), "http://127.0.0.1:4711/callback");
    let tokens = outbound.exchange_code(&at, &secret("c0de"), &secret("verifier"), redirect).await.unwrap();
    assert_eq!((tokens.expires_in, tokens.scopes.unwrap().len()), (Some(7200), 2));
    let Tokens { refresh_token, .. } = outbound.refresh(&at, &tokens.refresh_token.unwrap()).await.unwrap();
    assert_eq!(refresh_token.unwrap().expose(), "r");
    let [code, refresh] = &server.seen()[..] else { panic!("two requests") };
    assert_eq!((code.line.as_str(), refresh.line.as_str()), ("POST /oauth/token", "POST /oauth/token"));
    for (field, value) in [
        ("grant_type", "authorization_code"),
        ("code", "c0de"),
        ("code_verifier", "verifier"),
        ("redirect_uri", redirect),
        ("client_id", "client"),
    ] {
        assert_eq!(code.field(field).as_deref(), Some(value), "{field}");
    }
    assert_eq!(refresh.body, "client_id=client&grant_type=refresh_token&refresh_token=r");
}

#[tokio::test]
async fn a_grant_that_is_not_good_any_more_is_told_from_other_refusals() {
    for (status, code, revoked) in [
        (400, "invalid_grant", true),
        (200, "bad_refresh_token", true),
        (200, "bad_verification_code", true),
        (400, "unsupported_grant_type", false),
        (400, "invalid_scope", false),
    ] {
        let (_server, at) = github(move || json(status, "", &format!(r#"{{"error":"{code}"}}"#))).await;
        let said = outbound().refresh(&at, &secret("r")).await.unwrap_err();
        let expected = if revoked { ProviderError::Revoked(code.into()) } else { ProviderError::Refused(code.into()) };
        assert_eq!(said, expected);
    }
}

#[tokio::test]
async fn a_client_that_is_not_taken_is_the_administrators_to_mend() {
    for (status, code) in [(401, "invalid_client"), (400, "unauthorized_client"), (200, "incorrect_client_credentials")]
    {
        let (_server, mut at) = github(move || json(status, "", &format!(r#"{{"error":"{code}"}}"#))).await;
        at.client_secret = Some(secret("s3cret"));
        let (outbound, logged) = (outbound(), Errors::default());
        let _listening = tracing::subscriber::set_default(logged.clone());
        let said = [
            outbound.refresh(&at, &secret("r")).await.unwrap_err(),
            outbound.exchange_code(&at, &secret("c"), &secret("v"), "http://127.0.0.1:1/callback").await.unwrap_err(),
            outbound.poll_device(&at, &secret("d")).await.unwrap_err(),
        ];
        // Nothing is wrong with what the person granted: it is kept as where nobody answers.
        assert_eq!(said, [(); 3].map(|()| ProviderError::Unreachable(code.into())));
        let lines = logged.0.lock().unwrap();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines.iter().all(|line| line.contains(code) && line.contains(&at.url)), "{lines:?}");
        assert!(lines.iter().all(|line| line.contains("client_secret") && !line.contains("s3cret")), "{lines:?}");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_a_provider_keeps_what_there_is() {
    let replies: [(u16, &str, &str); 9] = [
        (200, "", "<html>Sign in to the guest network</html>"),
        (200, "", r#"{"access_token":"gho_hidden","token_type":"mac"}"#),
        (200, "", r#"{"access_token":["gho_hidden"],"token_type":"bearer"}"#),
        (200, "", "[]"),
        (302, "Location: /elsewhere\r\n", ""),
        (500, "", r#"{"error":"invalid_grant"}"#),
        (502, "", "gho_hidden"),
        (503, "", r#"{"error":"temporarily_unavailable"}"#),
        (400, "", r#"{"error":"temporarily_unavailable"}"#),
    ];
    for (status, headers, body) in replies {
        let (server, at) = github(move || json(status, headers, body)).await;
        let said = outbound().refresh(&at, &secret("r3fresh")).await.unwrap_err();
        assert!(matches!(said, ProviderError::Unreachable(_)), "{status} {body}: {said:?}");
        assert!(!said.to_string().contains("gho_hidden") && !said.to_string().contains("r3fresh"), "{said}");
        assert_eq!(server.seen().len(), 1, "no redirection is followed");
    }
    for (status, body) in [(404, r#"{"error":"Not Found"}"#), (401, ""), (418, "{}")] {
        let (_server, at) = github(move || json(status, "", body)).await;
        let said = outbound().refresh(&at, &secret("r")).await.unwrap_err();
        assert_eq!(said, ProviderError::Refused(format!("status {status}")));
    }
    let (_server, at) = github(|| json(429, "Retry-After: 7\r\n", "")).await;
    let said = outbound().refresh(&at, &secret("r")).await.unwrap_err();
    assert_eq!(said, ProviderError::TooOften { retry_after: Some(7) });
}

#[test]
fn the_browser_is_sent_with_all_that_was_asked_for() {
    let request = AuthorizationRequest {
        redirect_uri: "http://127.0.0.1:4711/callback",
        state: "st&te",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    };
    let url =
        outbound().authorization_url(&provider(Provider::Gitlab, "https://git.example.org/code".into()), &request);
    assert_eq!(
        url,
        "https://git.example.org/code/oauth/authorize?response_type=code&client_id=client\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&scope=one+two&state=st%26te\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
}

//! Tokens for the container registry, as its clients ask for them over HTTP.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use chrono::Duration;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use latchkey_api::{
    api_keys::{ApiKeyPath, CreateApiKey, NewApiKey, Scope},
    instance::{RegistryInfo, TwoFactorPolicy},
    wire::Secret,
};
use latchkey_service::{Policy, RegistrySettings, Service, Settings};
use latchkey_testkit::{Person, Wiring, World};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::registry_forms::post;

/// How the public half of a P-256 key begins (`SubjectPublicKeyInfo`, DER); 65 bytes follow.
const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

pub(crate) fn with_registry(settings: &mut Settings) {
    let info = RegistryInfo { service: "registry.test".into(), host: "localhost:5000".into() };
    settings.registry = Some(RegistrySettings { info, issuer: "latchkey".into() });
}

pub(crate) async fn world() -> World {
    World::with(Wiring::Direct).settings(with_registry).build().await
}

pub(crate) async fn key(world: &World, person: &Person, scopes: &[Scope]) -> NewApiKey {
    let body = CreateApiKey { name: "docker".into(), scopes: scopes.to_vec(), expires_at: None };
    world.api.create_api_key(&person.caller, body).await.unwrap()
}

pub(crate) async fn send(service: &Service, request: Request<Bytes>) -> Response<Bytes> {
    let router = latchkey_server::router(std::sync::Arc::new(service.clone()));
    let response = latchkey_server::in_process(router).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

pub(crate) fn basic(username: &str, key: &Secret) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{}", key.expose())))
}

pub(crate) async fn get(service: &Service, query: &str, authorization: Option<&str>) -> Response<Bytes> {
    let mut request = Request::get(format!("/registry/token{query}"));
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    send(service, request.body(Bytes::new()).unwrap()).await
}

pub(crate) fn body(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// Status and code of a refusal.
pub(crate) fn refusal(response: &Response<Bytes>) -> (u16, String) {
    (response.status().as_u16(), body(response)["code"].as_str().unwrap().to_owned())
}

pub(crate) fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// What distribution does with a token: its certificate is in the bundle, and its signature holds. Answers header and
/// claims.
pub(crate) fn read(token: &str, bundle: &str) -> Option<(Value, Value)> {
    let parts: Vec<_> = token.split('.').collect();
    let [header, claims, signature] = parts.try_into().unwrap();
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let parsed = |text: &str| serde_json::from_slice::<Value>(&decoded(text)).unwrap();
    let head = parsed(header);
    let [certificate] = head["x5c"].as_array().unwrap().as_slice() else { panic!("{head}") };
    let der = STANDARD.decode(certificate.as_str().unwrap()).unwrap();
    let der = certificates(bundle).into_iter().find(|trusted| *trusted == der)?;
    let at = der.windows(SPKI.len()).position(|window| window == SPKI).unwrap() + SPKI.len();
    let text = format!("{header}.{claims}");
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &der[at..at + 65])
        .verify(text.as_bytes(), &decoded(signature))
        .unwrap();
    Some((head, parsed(claims)))
}

/// The certificates in a bundle, in DER.
pub(crate) fn certificates(bundle: &str) -> Vec<Vec<u8>> {
    let pems = bundle.split("-----END CERTIFICATE-----").filter(|pem| !pem.trim().is_empty());
    pems.map(|pem| {
        let text: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        STANDARD.decode(text).unwrap()
    })
    .collect()
}

/// What a token allows, as `name actions`.
pub(crate) fn access(claims: &Value) -> Vec<String> {
    let entry = |entry: &Value| {
        let actions: Vec<_> = entry["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        format!("{} {}", entry["name"].as_str().unwrap(), actions.join(","))
    };
    claims["access"].as_array().unwrap().iter().map(entry).collect()
}

#[tokio::test]
async fn a_token_says_who_may_do_what() {
    let world = world().await;
    let ada = Person::joins(&*world.api, "Ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    let query = "?service=registry.test&account=ada&client_id=docker&scope=repository:ada/hello:pull,push\
        &scope=repository:bob/hello:pull%20repository:ada/other:pull,delete&scope=registry:catalog:*";
    let response = get(&world.service, query, Some(&basic("ada", &key.token))).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let answer = body(&response);
    assert_eq!(answer["token"], answer["access_token"]);
    assert_eq!((&answer["expires_in"], &answer["issued_at"]), (&json!(300), &json!("2026-01-12T12:00:00Z")));

    let bundle = world.service.registry_certificates().await.unwrap();
    let (head, mut claims) = read(answer["token"].as_str().unwrap(), &bundle).unwrap();
    assert_eq!((&head["alg"], &head["typ"], head.get("kid")), (&json!("ES256"), &json!("JWT"), None));
    assert!(claims["jti"].as_str().is_some_and(|id| !id.is_empty()));
    claims["jti"] = json!("-");
    let now = 1_768_219_200;
    let expected = json!({
        "iss": "latchkey", "sub": "Ada", "aud": "registry.test", "jti": "-",
        "iat": now, "nbf": now - 60, "exp": now + 300,
        "access": [
            {"type": "repository", "name": "ada/hello", "actions": ["pull", "push"]},
            {"type": "repository", "name": "ada/other", "actions": ["pull"]},
        ],
    });
    assert_eq!(claims, expected);

    // Who only signs in asks for nothing, and gets a token for that.
    let response = get(&world.service, "", Some(&basic("ADA", &key.token))).await;
    let (_, claims) = read(body(&response)["token"].as_str().unwrap(), &bundle).unwrap();
    assert_eq!(claims["access"], json!([]));
    // As containerd asks.
    let form = format!(
        "grant_type=password&service=registry.test&client_id=c&username=ada&password={}\
        &scope=repository%3Aada%2Fx%3Apull+repository%3Aada%2Fy%3Apush",
        key.token.expose()
    );
    let response = post(&world.service, &form, None).await;
    let (_, claims) = read(body(&response)["token"].as_str().unwrap(), &bundle).unwrap();
    assert_eq!(access(&claims), ["ada/x pull", "ada/y push"]);
}

#[tokio::test]
async fn who_has_no_key_for_it_is_refused() {
    let world = world().await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    let good = key(&world, &ada, &[Scope::Api, Scope::Registry]).await;
    let api_only = key(&world, &ada, &[Scope::Api]).await;
    let deleted = key(&world, &ada, &[Scope::Registry]).await;
    let personal = world.api.generate_api_key(&ada.caller).await.unwrap().api_key;
    world.api.delete_api_key(&ada.caller, ApiKeyPath { id: deleted.id }).await.unwrap();
    let bobs = key(&world, &bob, &[Scope::Registry]).await;
    let session = Secret::new(ada.caller.credential.clone().unwrap().expose());
    let mut tampered = good.token.expose().to_owned();
    tampered.replace_range(10..11, if &tampered[10..11] == "a" { "b" } else { "a" });
    let refused = [
        None,
        Some(format!("Bearer {}", good.token.expose())),
        Some("Basic !".to_owned()),
        Some(basic("ada", &Secret::new(""))),
        Some(basic("ada", &api_only.token)),
        Some(basic("ada", &deleted.token)),
        Some(basic("ada", &personal)),
        Some(basic("ada", &session)),
        Some(basic("ada", &bobs.token)),
        Some(basic("bob", &good.token)),
        Some(basic("ada@example.com", &good.token)),
        Some(basic("", &good.token)),
        Some(basic("ada", &Secret::new(tampered))),
    ];
    let mut details = std::collections::BTreeSet::new();
    for authorization in refused {
        let response = get(&world.service, "?service=registry.test", authorization.as_deref()).await;
        assert_eq!(refusal(&response), is(401, "unauthenticated"), "{authorization:?}");
        details.insert(body(&response)["detail"].as_str().unwrap().to_owned());
        assert!(response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic realm=\""));
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
    assert_eq!(details.len(), 1, "what of it is wrong is not told: {details:?}");
    let with_good = async || get(&world.service, "", Some(&basic("ada", &good.token))).await;
    assert_eq!(with_good().await.status(), StatusCode::OK);
    world.service.disable_user("ada").await.unwrap();
    assert_eq!(refusal(&with_good().await), is(403, "account_disabled"));
    world.service.enable_user("ada").await.unwrap();
    world.service.set_policy(Policy::TwoFactor(TwoFactorPolicy::Required)).await.unwrap();
    assert_eq!(refusal(&with_good().await), is(403, "two_factor_setup_required"));
    world.service.set_policy(Policy::TwoFactor(TwoFactorPolicy::Optional)).await.unwrap();
    world.clock.advance(Duration::days(90));
    let response = with_good().await;
    assert_eq!(refusal(&response), is(401, "api_key_expired"));
    assert!(response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic realm=\""));
}

#[tokio::test]
async fn what_ended_since_ended_here_too() {
    let world = world().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    let ask = async || get(&world.service, "", Some(&basic("ada", &key.token))).await;
    world.clock.advance(Duration::days(10));
    assert_eq!(ask().await.status(), StatusCode::OK);
    world.service.set_policy(Policy::ApiKeyMaxDays(Some(10))).await.unwrap();
    assert_eq!(refusal(&ask().await), is(401, "api_key_expired"));
    world.service.set_policy(Policy::ApiKeyMaxDays(None)).await.unwrap();
    assert_eq!(ask().await.status(), StatusCode::OK);
    let farewell = crate::deletion::farewell("ada", latchkey_testkit::PASSWORD);
    world.api.delete_account(&ada.caller, farewell).await.unwrap();
    assert_eq!(refusal(&ask().await), is(401, "unauthenticated"));
    let token = key.token.expose();
    let tampered = format!("{}{}", &token[..token.len() - 1], if token.ends_with('0') { '1' } else { '0' });
    let before = world.service.statistics();
    let refused = get(&world.service, "", Some(&basic("ada", &Secret::new(tampered)))).await;
    assert_eq!(refusal(&refused), is(401, "unauthenticated"));
    assert_eq!(world.service.statistics(), before, "a wrong checksum costs no look at the database");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let world = world().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    let basic = basic("ada", &key.token);
    let many = format!("?{}", vec!["scope=repository:ada/x:pull"; 33].join("&"));
    let empty = format!("?{}", vec!["scope="; 33].join("&"));
    for query in ["?service=elsewhere", "?service=a&service=registry.test", "?account=a&account=b", &many, &empty] {
        let response = get(&world.service, query, Some(&basic)).await;
        assert_eq!(refusal(&response), is(400, "invalid_parameter"), "{query}");
    }
    let long = format!("repository:ada/{}:pull", "x".repeat(600));
    for scope in ["", "x", ":::", "repository:::", "%ff%00", "repository:ada/x", "repository:ada/x:pull:push", &long] {
        let response = get(&world.service, &format!("?scope={scope}"), Some(&basic)).await;
        assert_eq!(response.status(), StatusCode::OK, "{scope}");
        let bundle = world.service.registry_certificates().await.unwrap();
        let (_, claims) = read(body(&response)["token"].as_str().unwrap(), &bundle).unwrap();
        assert_eq!(access(&claims), [""; 0], "{scope}");
    }
    let response = send(&world.service, Request::put("/registry/token").body(Bytes::new()).unwrap()).await;
    assert_eq!(refusal(&response), is(405, "method_not_allowed"));
}

#[tokio::test]
async fn without_a_registry_there_is_nothing() {
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    for authorization in [None, Some(basic("ada", &key.token))] {
        let response = get(&world.service, "?service=a&service=b", authorization.as_deref()).await;
        assert_eq!(refusal(&response), is(404, "not_found"));
    }
    assert_eq!(refusal(&post(&world.service, "x", None).await), is(404, "not_found"));
}

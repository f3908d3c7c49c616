//! `POST /registry/token`: what a form may say. The key may come by HTTP Basic, and counts for what it counts there with
//! `GET`.

use bytes::Bytes;
use chrono::Duration;
use http::{Request, Response, StatusCode, header};
use latchkey_api::{api_keys::Scope, common::PageQuery, wire::Secret};
use latchkey_service::{Service, Settings};
use latchkey_testkit::{Person, Wiring, World};

use crate::registry::{access, basic, body, get, is, key, read, refusal, send, with_registry, world};

pub(crate) async fn post(service: &Service, form: &str, authorization: Option<&str>) -> Response<Bytes> {
    let mut request = Request::post("/registry/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    send(service, request.body(form.to_owned().into()).unwrap()).await
}

#[tokio::test]
async fn a_key_comes_by_basic_where_the_form_has_none() {
    let world = world().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    let bundle = world.service.registry_certificates().await.unwrap();
    let by_basic = basic("ada", &key.token);
    for grant in ["grant_type=password&", "grant_type=client_credentials&", ""] {
        let form =
            format!("{grant}service=registry.test&scope=repository%3Aada%2Fx%3Apull+repository%3Abob%2Fy%3Apull");
        let response = post(&world.service, &form, Some(&by_basic)).await;
        assert_eq!(response.status(), StatusCode::OK, "{form}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let (_, claims) = read(body(&response)["token"].as_str().unwrap(), &bundle).unwrap();
        assert_eq!((claims["sub"].as_str(), access(&claims)), (Some("ada"), vec!["ada/x pull".to_owned()]), "{form}");
    }
    // The one in the form counts, whatever else is said.
    let form = format!("grant_type=password&username=ada&password={}", key.token.expose());
    let wrong = basic("ada", &Secret::new("x"));
    assert_eq!(post(&world.service, &form, Some(&wrong)).await.status(), StatusCode::OK);
    let form = "grant_type=password&username=ada&password=x";
    assert_eq!(refusal(&post(&world.service, form, Some(&by_basic)).await), is(401, "unauthenticated"));
    // Half a one is none, whatever else is said.
    for form in ["username=ada".to_owned(), format!("password={}", key.token.expose())] {
        let refused = post(&world.service, &form, Some(&by_basic)).await;
        assert_eq!(refusal(&refused), is(401, "unauthenticated"), "{form}");
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_meant_is_refused() {
    let world = world().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    let token = key.token.expose();
    let by_basic = basic("ada", &key.token);
    for form in [
        "grant_type=refresh_token&refresh_token=x".to_owned(),
        format!("grant_type=refresh_token&username=ada&password={token}"),
        format!("grant_type=password&username=ada&username=bob&password={token}"),
    ] {
        for authorization in [None, Some(by_basic.as_str())] {
            let refused = post(&world.service, &form, authorization).await;
            assert_eq!(refusal(&refused), is(400, "invalid_body"), "{form}");
        }
    }
    let form = format!("grant_type=password&username=ada&password={token}&service=elsewhere");
    assert_eq!(refusal(&post(&world.service, &form, None).await), is(400, "invalid_parameter"));
    assert_eq!(refusal(&post(&world.service, &"x".repeat(70_000), None).await), is(413, "body_too_large"));
    let request = Request::post("/registry/token").header(header::CONTENT_TYPE, "application/json");
    let response = send(&world.service, request.body(Bytes::from_static(b"{}")).unwrap()).await;
    assert_eq!(refusal(&response), is(415, "unsupported_media_type"));
}

#[tokio::test]
async fn a_wrong_one_is_refused_as_with_get() {
    let world = world().await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    let good = key(&world, &ada, &[Scope::Registry]).await;
    let api_only = key(&world, &ada, &[Scope::Api]).await;
    let bobs = key(&world, &bob, &[Scope::Registry]).await;
    let (unknown, empty) = (Secret::new("lkt_x"), Secret::new(""));
    let said = |response: &Response<Bytes>| {
        let challenge = response.headers()[header::WWW_AUTHENTICATE].clone();
        (refusal(response), body(response)["detail"].clone(), challenge)
    };
    for authorization in [
        None,
        Some("Basic !".to_owned()),
        Some(format!("Bearer {}", good.token.expose())),
        Some(basic("ada", &unknown)),
        Some(basic("ada", &empty)),
        Some(basic("ada", &api_only.token)),
        Some(basic("ada", &bobs.token)),
        Some(basic("bob", &good.token)),
    ] {
        let with_get = said(&get(&world.service, "", authorization.as_deref()).await);
        assert_eq!(with_get.0, is(401, "unauthenticated"));
        for form in ["grant_type=password", ""] {
            let with_post = said(&post(&world.service, form, authorization.as_deref()).await);
            assert_eq!(with_post, with_get, "{authorization:?}");
        }
    }
    world.clock.advance(Duration::days(91));
    let by_basic = basic("ada", &good.token);
    assert_eq!(refusal(&post(&world.service, "", Some(&by_basic)).await), is(401, "api_key_expired"));
}

#[tokio::test]
async fn its_use_is_marked_and_limited_as_with_get() {
    let limited = |settings: &mut Settings| {
        with_registry(settings);
        settings.throttles = true;
        settings.api_key_rate = 2;
    };
    let world = World::with(Wiring::Direct).settings(limited).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = key(&world, &ada, &[Scope::Registry]).await;
    let by_basic = basic("ada", &key.token);
    let ask = async || post(&world.service, "grant_type=password", Some(&by_basic)).await;
    let first = ask().await;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(first.headers()["ratelimit"].to_str().unwrap().split(';').nth(1), Some("r=1"));
    assert_eq!(get(&world.service, "", Some(&by_basic)).await.status(), StatusCode::OK);
    let third = ask().await;
    assert_eq!(refusal(&third), is(429, "too_many_requests"));
    assert!(third.headers().contains_key(header::RETRY_AFTER));
    world.service.upkeep(false).await;
    let keys = world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert!(keys[0].last_used_at.is_some());
}

/// Where there is no registry its form is not read, but heard, so that the answer arrives.
#[tokio::test]
async fn a_form_for_no_registry_is_let_go_of() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let world = World::new(Wiring::Socket).await;
    let address = world.origin.as_deref().and_then(|origin| origin.strip_prefix("http://")).unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000";
    let head = format!("POST /registry/token HTTP/1.1\r\nHost: x\r\n{form}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 404");
    for _ in 0..20 {
        stream.write_all(&[b'x'; 10_000]).await.unwrap();
    }
}

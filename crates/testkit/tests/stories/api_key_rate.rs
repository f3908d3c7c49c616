//! How often an API key may be used.

use bytes::Bytes;
use chrono::Duration;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use latchkey_api::{
    activity::STREAM_EVENTS,
    api_keys::Scope,
    common::{PageQuery, RateLimit},
    problem::ErrorCode,
};
use latchkey_service::Settings;
use latchkey_testkit::{Person, Wiring, World};

use crate::{
    api_keys::{asks_for, creates, with},
    code,
    registry::{basic, get, is, refusal, send, with_registry},
    stories,
};

stories! {
    a_key_that_is_used_too_often_waits;
}

async fn a_key_that_is_used_too_often_waits(wiring: Wiring) {
    let change = |settings: &mut latchkey_service::Settings| {
        settings.throttles = true;
        settings.api_key_rate = 3;
    };
    let world = World::with(wiring).settings(change).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (key, other) = (
        with(&creates(&world, &ada, asks_for("x", &[Scope::Api])).await.token),
        with(&creates(&world, &ada, asks_for("y", &[Scope::Registry])).await.token),
    );
    for _ in 0..3 {
        world.api.get_profile(&key).await.unwrap();
    }
    let refused = world.api.get_profile(&key).await.unwrap_err();
    let members = &refused.body().members;
    assert_eq!((refused.code(), members.retry_after), (ErrorCode::TooManyRequests, Some(20)));
    assert_eq!(members.rate_limit, Some(RateLimit { quota: 3, window: 60, remaining: 0, reset: 20 }));
    // The person in the session is not held up, and neither is another key; being refused counts as use.
    world.api.get_profile(&ada.caller).await.unwrap();
    for _ in 0..3 {
        assert_eq!(code(world.api.get_profile(&other).await), ErrorCode::InsufficientScope);
    }
    assert_eq!(code(world.api.get_profile(&other).await), ErrorCode::TooManyRequests);
    world.clock.advance(Duration::seconds(20));
    world.api.get_profile(&key).await.unwrap();
    assert_eq!(code(world.api.get_profile(&key).await), ErrorCode::TooManyRequests);
    world.clock.advance(Duration::minutes(1));
    for _ in 0..3 {
        world.api.get_profile(&key).await.unwrap();
    }
}

fn limited(settings: &mut Settings) {
    with_registry(settings);
    (settings.throttles, settings.api_key_rate) = (true, 9);
}

/// What a key has left, by the header.
fn left(response: &Response<Bytes>) -> u32 {
    let limit = response.headers()["ratelimit"].to_str().unwrap();
    limit.split(';').find_map(|part| part.strip_prefix("r=")).unwrap().parse().unwrap()
}

/// Each request is charged once, whatever its method and answer, and at every door.
#[tokio::test]
async fn a_key_has_one_quota_everywhere() {
    let world = World::with(Wiring::Direct).settings(limited).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = creates(&world, &ada, asks_for("x", &[Scope::Api, Scope::Registry])).await;
    let profile = async |method: Method, etag: Option<&HeaderValue>| {
        let mut request = Request::builder().method(method).uri("/v1/me");
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", key.token.expose()));
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        send(&world.service, request.body(Bytes::new()).unwrap()).await
    };
    let read = profile(Method::GET, None).await;
    assert_eq!((read.status(), left(&read)), (StatusCode::OK, 8));
    let etag = &read.headers()[header::ETAG];
    let head = profile(Method::HEAD, None).await;
    assert_eq!((head.status(), left(&head), head.body().len()), (StatusCode::OK, 7, 0));
    let known = profile(Method::GET, Some(etag)).await;
    assert_eq!((known.status(), left(&known)), (StatusCode::NOT_MODIFIED, 6));
    for response in [&read, &head, &known] {
        assert_eq!(response.headers()["ratelimit-policy"], "\"key\";q=9;w=60");
    }
    let registry = async || get(&world.service, "", Some(&basic("ada", &key.token))).await;
    assert_eq!(left(&registry().await), 5);
    assert_eq!(left(&profile(Method::GET, None).await), 4);
    // Who does not know the user name uses up nothing.
    let guessed = get(&world.service, "", Some(&basic("bob", &key.token))).await;
    assert_eq!((guessed.status(), guessed.headers().get("ratelimit")), (StatusCode::UNAUTHORIZED, None));
    assert_eq!(left(&registry().await), 3);
    for _ in 0..3 {
        profile(Method::GET, None).await;
    }
    assert_eq!(refusal(&registry().await), is(429, "too_many_requests"));
    assert_eq!(refusal(&profile(Method::GET, None).await), is(429, "too_many_requests"));
}

/// The stream is for apps in a session.
#[tokio::test]
async fn a_key_hears_no_events() {
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let personal = world.api.generate_api_key(&ada.caller).await.unwrap().api_key;
    let named = creates(&world, &ada, asks_for("x", &[Scope::Api])).await.token;
    for key in [personal, named] {
        let request = Request::get(STREAM_EVENTS.meta.path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", key.expose()));
        let response = send(&world.service, request.body(Bytes::new()).unwrap()).await;
        assert_eq!(refusal(&response), is(403, "session_required"));
    }
}

#[tokio::test]
async fn a_key_used_at_the_registry_is_marked_and_limited_as_anywhere() {
    let limited = |settings: &mut Settings| {
        limited(settings);
        settings.api_key_rate = 2;
    };
    let world = World::with(Wiring::Direct).settings(limited).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = creates(&world, &ada, asks_for("x", &[Scope::Registry])).await;
    let ask = async |query| get(&world.service, query, Some(&basic("ada", &key.token))).await;
    let first = ask("").await;
    assert_eq!(first.headers()["ratelimit-policy"], "\"key\";q=2;w=60");
    assert_eq!(first.headers()["ratelimit"].to_str().unwrap().split(';').nth(1), Some("r=1"));
    let second = ask("?service=elsewhere").await;
    assert_eq!(second.headers()["ratelimit"].to_str().unwrap().split(';').nth(1), Some("r=0"));
    let third = ask("").await;
    assert_eq!(refusal(&third), is(429, "too_many_requests"));
    assert!(third.headers().contains_key(header::RETRY_AFTER) && third.headers().contains_key("ratelimit"));
    world.service.upkeep(false).await;
    let keys = world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert!(keys[0].last_used_at.is_some());
}

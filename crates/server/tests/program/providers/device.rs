//! Device authorisation (RFC 8628).

use std::time::Duration;

use latchkey_api::{
    accounts::AccountsApi,
    common::Caller,
    integrations::{AttemptPath, AttemptStatus, ConnectMethod, ProviderPath},
};
use serde_json::json;

use super::{
    at_both,
    there::{LOGIN, another_session, by, connected, words},
    *,
};
use crate::{program::Home, serving::ada, tools::eventually};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

at_both! { an_account_is_connected_by_a_code it_is_not_where_the_person_says_no a_code_expires a_provider_slows_it_down }

async fn an_account_is_connected_by_a_code(kind: Kind) {
    let there = There::described(kind, json!({})).await;
    let offered = there.listed().await;
    assert!(!offered.connected && offered.id.is_none() && offered.login.is_none(), "{offered:?}");
    assert_eq!((offered.provider, offered.host.as_str()), (kind, there.provider.host()));

    let attempt = there.begins_device().await;
    let (code, page) = (attempt.user_code.as_deref().unwrap(), attempt.verification_uri.as_deref().unwrap());
    assert!(code.len() == 9 && page.starts_with(there.provider.url()), "{attempt:?}");
    assert_eq!((attempt.interval, attempt.authorization_url.as_deref()), (1, None));
    assert_eq!(there.polls(&attempt).await.unwrap().status, AttemptStatus::Pending);
    assert!(!there.listed().await.connected);

    assert!(there.provider.decides_device(&attempt, LOGIN, true).contains("connected"));
    let made = connected(there.waits(&attempt).await);
    assert!(made.connected && made.refreshable && made.expires_at.is_some() && made.id.is_some(), "{made:?}");
    assert_eq!((made.login.as_deref(), made.healthy), (Some(LOGIN), Some(true)));
    let asked = match kind {
        Kind::Github => vec!["repo"],
        Kind::Gitlab => vec!["read_api", "read_repository"],
    };
    assert_eq!((made.scopes.clone(), made.missing_scopes.len()), (asked.into_iter().map(str::to_owned).collect(), 0));
    assert_eq!(there.listed().await, made);
    assert_eq!(there.polls(&attempt).await.unwrap_err().code(), ErrorCode::NotFound, "it has ended and was told");
    there.keeps_to_the_description();
}

async fn it_is_not_where_the_person_says_no(kind: Kind) {
    let there = There::at(kind).await;
    let attempt = there.begins_device().await;
    there.provider.decides_device(&attempt, LOGIN, false);
    let state = there.waits(&attempt).await;
    words(&state, AttemptStatus::Denied);
    assert_eq!(there.polls(&attempt).await.unwrap_err().code(), ErrorCode::NotFound);
    assert!(!there.listed().await.connected);
}

async fn a_code_expires(kind: Kind) {
    let there = There::with(kind, None, json!({"device_code_ttl": 2})).await;
    let attempt = there.begins_device().await;
    words(&there.waits(&attempt).await, AttemptStatus::Expired);
    assert!(!there.listed().await.connected);
}

/// `slow_down` makes the time between two questions five seconds longer, and until then nobody is asked.
async fn a_provider_slows_it_down(kind: Kind) {
    let there = There::at(kind).await;
    there.provider.set(&json!({"slow_down": 1}));
    let attempt = there.begins_device().await;
    // Whoever asks before the first interval is over is told to wait, without a question to the provider.
    let slowed = eventually(Duration::from_secs(10), async || {
        let state = there.polls(&attempt).await.unwrap();
        (state.interval > attempt.interval).then_some(state)
    });
    let slowed = slowed.await;
    assert_eq!((slowed.status, slowed.interval), (AttemptStatus::Pending, attempt.interval + 5));
    let asked = || there.provider.seen("/refused").as_array().unwrap().len();
    let before = asked();
    assert!(there.provider.seen("/refused").as_array().unwrap().iter().all(|one| one["grant"] == DEVICE));
    for _ in 0..5 {
        assert_eq!(there.polls(&attempt).await.unwrap().status, AttemptStatus::Pending);
    }
    assert_eq!(asked(), before, "nobody is asked before it is time");

    there.provider.decides_device(&attempt, LOGIN, true);
    connected(there.waits(&attempt).await);
}

#[tokio::test]
async fn an_attempt_is_given_up_and_is_nobody_elses() {
    let there = There::at(Kind::Gitlab).await;
    let attempt = there.begins_device().await;
    let path = || AttemptPath { id: attempt.id };
    let other = another_session(&there.client).await;
    assert_eq!(there.client.poll_connection(&other, path()).await.unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(there.client.cancel_connection(&other, path()).await.unwrap_err().code(), ErrorCode::NotFound);
    there.client.cancel_connection(&there.me, path()).await.unwrap();
    there.provider.decides_device(&attempt, LOGIN, true);
    assert_eq!(there.polls(&attempt).await.unwrap_err().code(), ErrorCode::NotFound);
    assert!(!there.listed().await.connected);
    assert_eq!(there.provider.seen("/grants"), json!({}), "no token was asked for");
}

#[tokio::test]
async fn several_accounts_are_connected_and_the_same_one_is_connected_once() {
    let there = There::at(Kind::Gitlab).await;
    let (first, second) = (there.connects("maren").await, there.connects("ada").await);
    assert_ne!(first.id, second.id);
    let again = there.connects("maren").await;
    assert_eq!((again.id, again.connected_at), (first.id, first.connected_at));
    let listed = there.client.list_integrations(&there.me).await.unwrap().items;
    let logins: Vec<_> = listed.iter().filter_map(|one| one.login.as_deref()).collect();
    assert_eq!((listed.len(), logins.contains(&"maren"), logins.contains(&"ada")), (2, true, true));
    let which = there.client.check_integration(&there.me, there.one()).await.unwrap_err();
    assert_eq!(which.code(), ErrorCode::Conflict, "there are two, and none was named");
}

/// What was not granted is said.
#[tokio::test]
async fn less_is_granted_than_was_asked() {
    let there = There::at(Kind::Gitlab).await;
    there.provider.set(&json!({"withheld": ["read_repository"]}));
    let made = there.connects(LOGIN).await;
    assert_eq!((made.scopes, made.missing_scopes), (vec!["read_api".into()], vec!["read_repository".into()]));
}

#[tokio::test]
async fn a_provider_nobody_configured_is_not_there() {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = another_session(&client).await;
    assert_eq!(client.list_integrations(&me).await.unwrap().items, []);
    let path = ProviderPath { provider: Kind::Github };
    let refused = client.connect_integration(&me, path, by(ConnectMethod::Device)).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::NotFound);
}

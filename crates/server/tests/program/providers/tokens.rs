//! Tokens: refreshed before they end, revoked here and there.

use std::time::Duration;

use latchkey_api::{
    activity::{ActivityApi, ActivityKind, ActivityQuery},
    deletion::{DeleteAccount, DeletionApi},
    integrations::{AttemptStatus, Connect, ConnectMethod, IntegrationFailure},
};
use serde_json::json;

use super::{
    at_both,
    there::{LOGIN, SECRET, by, connected, serve, words},
    *,
};
use crate::{serving::ada, tools::eventually};

at_both! {
    many_at_once_refresh_once
    a_token_that_was_revoked_there_is_a_dead_link_that_can_be_mended
    a_refusal_to_refresh_is_a_dead_link
    disconnecting_revokes
    a_provider_that_cannot_be_told_keeps_nobody_from_disconnecting
    an_account_that_is_deleted_is_disconnected
}

/// On two nodes. oidc-provider ends everything where a refresh token comes twice, so a second refresh would show.
async fn many_at_once_refresh_once(kind: Kind) {
    let there = There::with(kind, Some(SECRET), json!({"access_token_ttl": 240})).await;
    let first = there.connects(LOGIN).await;
    there.provider.set(&json!({"access_token_ttl": 7200}));
    let other = serve(&there.home, &there.provider, Some(SECRET));
    let clients = [there.client.clone(), other.client()];
    let asked = (0..12).map(|at| {
        let (client, me, query) = (clients[at % 2].clone(), there.me.clone(), there.all());
        tokio::spawn(async move { client.list_repositories(&me, query).await })
    });
    let asked: Vec<_> = asked.collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap().unwrap().items.len(), 4);
    }
    assert_eq!(there.provider.seen("/grants/refresh_token"), json!(1));
    let now = there.listed().await;
    assert!(now.expires_at > first.expires_at.map(|end| end + Duration::from_mins(30)), "{now:?}");
    assert_eq!(now.healthy, Some(true));
    // And the new refresh token was kept: it is good for the next time.
    there.provider.set(&json!({"access_token_ttl": 240}));
    assert!(there.provider.takes(&there.token().await));
}

async fn a_token_that_was_revoked_there_is_a_dead_link_that_can_be_mended(kind: Kind) {
    let there = There::at(kind).await;
    let first = there.connects(LOGIN).await;
    there.provider.revokes(LOGIN);
    let checked = there.checks().await;
    assert_eq!((checked.healthy, checked.failure), (Some(false), Some(IntegrationFailure::Revoked)));
    assert_eq!((checked.id, checked.connected), (first.id, true));
    let said = checked.detail.unwrap();
    assert!(said.ends_with('.') && said.to_lowercase().contains("connect"), "{said}");
    let broken = there.client.list_repositories(&there.me, there.all()).await.unwrap_err();
    assert_eq!(broken.code(), ErrorCode::ConnectionBroken);
    let events = there.client.list_events(&there.me, ActivityQuery::default()).await.unwrap().items;
    let failed: Vec<_> = events.iter().filter(|event| event.kind == ActivityKind::IntegrationFailed).collect();
    assert_eq!(failed.len(), 1, "{events:?}");

    // By somebody else, it does not become theirs.
    let again = || Connect { reconnect: first.id, ..by(ConnectMethod::Device) };
    let attempt = there.begins(again()).await.unwrap();
    there.provider.decides_device(&attempt, "ada", true);
    words(&there.waits(&attempt).await, AttemptStatus::Failed);
    assert_eq!(there.listed().await.healthy, Some(false));

    let attempt = there.begins(again()).await.unwrap();
    there.provider.decides_device(&attempt, LOGIN, true);
    let mended = connected(there.waits(&attempt).await);
    assert_eq!((mended.id, mended.connected_at, mended.healthy), (first.id, first.connected_at, Some(true)));
    assert_eq!((mended.failure, mended.detail), (None, None));
    assert_eq!(there.client.list_repositories(&there.me, there.all()).await.unwrap().items.len(), 4);
}

async fn a_refusal_to_refresh_is_a_dead_link(kind: Kind) {
    let there = There::with(kind, None, json!({"access_token_ttl": 240})).await;
    there.connects(LOGIN).await;
    there.provider.revokes(LOGIN);
    let broken = there.client.list_repositories(&there.me, there.all()).await.unwrap_err();
    assert_eq!(broken.code(), ErrorCode::ConnectionBroken);
    let listed = there.listed().await;
    assert_eq!((listed.healthy, listed.failure), (Some(false), Some(IntegrationFailure::Revoked)));
}

async fn disconnecting_revokes(kind: Kind) {
    let there = There::described(kind, json!({})).await;
    there.connects(LOGIN).await;
    let token = there.token().await;
    assert!(there.provider.takes(&token));
    let gone = there.client.disconnect_integration(&there.me, there.one()).await.unwrap();
    assert!(gone.revoked, "{gone:?}");
    assert!(!there.provider.takes(&token));
    assert!(!there.listed().await.connected);
    assert_eq!(there.credential().await.unwrap_err().code(), ErrorCode::NotFound);
    let twice = there.client.disconnect_integration(&there.me, there.one()).await.unwrap_err();
    assert_eq!(twice.code(), ErrorCode::NotFound);
    there.keeps_to_the_description();
}

async fn a_provider_that_cannot_be_told_keeps_nobody_from_disconnecting(kind: Kind) {
    let there = There::at(kind).await;
    there.connects(LOGIN).await;
    there.provider.set(&json!({"behaviour": "drop"}));
    let gone = there.client.disconnect_integration(&there.me, there.one()).await.unwrap();
    assert!(!gone.revoked && gone.manage_url.is_some(), "{gone:?}");
    assert!(!there.listed().await.connected);
}

async fn an_account_that_is_deleted_is_disconnected(kind: Kind) {
    let there = There::at(kind).await;
    there.connects(LOGIN).await;
    let token = there.token().await;
    let body = DeleteAccount { username: "ada".into(), password: ada().password, code: None };
    there.client.delete_account(&there.me, body).await.unwrap();
    eventually(Duration::from_secs(30), async || (!there.provider.takes(&token)).then_some(())).await;
}

/// GitHub is told by who has the secret of the client.
#[tokio::test]
async fn without_a_client_secret_github_cannot_be_told() {
    let there = There::with(Kind::Github, None, json!({})).await;
    there.connects(LOGIN).await;
    let gone = there.client.disconnect_integration(&there.me, there.one()).await.unwrap();
    assert!(!gone.revoked);
    assert!(gone.manage_url.unwrap().starts_with(there.provider.url()));
}

/// As an OAuth app of GitHub's is given them.
#[tokio::test]
async fn a_token_may_never_end() {
    let there = There::with(Kind::Github, None, json!({"access_token_ttl": null, "refresh": false})).await;
    let made = there.connects(LOGIN).await;
    assert_eq!((made.expires_at, made.refreshable, made.healthy), (None, false, Some(true)));
    assert_eq!(there.client.list_repositories(&there.me, there.all()).await.unwrap().items.len(), 4);
}

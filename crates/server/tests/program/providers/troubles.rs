//! Providers that do not work: words within bounds, and nothing is lost.

use std::time::{Duration, Instant};

use latchkey_api::integrations::{ConnectMethod, IntegrationFailure};
use serde_json::json;

use super::{
    at_both,
    there::{LOGIN, by},
    *,
};

/// How long it may take to say that somebody does not answer.
const BOUND: Duration = Duration::from_secs(45);

at_both! {
    a_provider_that_does_not_work_is_said_to_be
    one_that_is_asked_too_often_is_left_alone
    one_that_refuses_an_account_is_said_to
}

async fn a_provider_that_does_not_work_is_said_to_be(kind: Kind) {
    let there = There::at(kind).await;
    let first = there.connects(LOGIN).await;
    for behaviour in ["drop", "hang", "busy", "page", "elsewhere", "endless"] {
        there.provider.set(&json!({"behaviour": behaviour}));
        let begun = Instant::now();
        let refused = there.begins(by(ConnectMethod::Device)).await.unwrap_err();
        assert!(begun.elapsed() < BOUND, "{behaviour} took {:?}", begun.elapsed());
        assert_eq!(refused.code(), ErrorCode::ProviderUnavailable, "{behaviour}: {refused}");
        assert!(refused.body().detail.as_deref().is_some_and(|words| words.ends_with('.')), "{behaviour}: {refused}");

        let begun = Instant::now();
        let checked = there.checks().await;
        assert!(begun.elapsed() < BOUND, "{behaviour} took {:?}", begun.elapsed());
        let found = (checked.id, checked.healthy, checked.failure);
        assert_eq!(found, (first.id, Some(false), Some(IntegrationFailure::Unreachable)), "{behaviour}");
        let refused = there.client.list_repositories(&there.me, there.all()).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ProviderUnavailable, "{behaviour}: {refused}");
        there.provider.set(&json!({"behaviour": "well"}));
        let checked = there.checks().await;
        assert_eq!((checked.healthy, checked.failure), (Some(true), None), "{behaviour}");
    }
    // Nobody listens there any more.
    let There { provider, client, me, .. } = &there;
    provider.stop();
    let checked = client.check_integration(me, there.one()).await.unwrap();
    assert_eq!(checked.failure, Some(IntegrationFailure::Unreachable));
    assert!(checked.connected);
}

/// Nothing is known of the connection then.
async fn one_that_is_asked_too_often_is_left_alone(kind: Kind) {
    let there = There::at(kind).await;
    let first = there.connects(LOGIN).await;
    there.provider.set(&json!({"behaviour": "often"}));
    for refused in [
        there.begins(by(ConnectMethod::Device)).await.unwrap_err(),
        there.client.check_integration(&there.me, there.one()).await.unwrap_err(),
        there.client.list_repositories(&there.me, there.all()).await.unwrap_err(),
    ] {
        assert_eq!(refused.code(), ErrorCode::TooManyRequests, "{refused}");
        assert_eq!(refused.body().members.retry_after, Some(90), "as it said");
    }
    assert_eq!(there.listed().await, first);
}

async fn one_that_refuses_an_account_is_said_to(kind: Kind) {
    let there = There::at(kind).await;
    there.connects(LOGIN).await;
    there.provider.set(&json!({"suspended": true}));
    let checked = there.checks().await;
    assert_eq!((checked.healthy, checked.failure), (Some(false), Some(IntegrationFailure::Refused)));
    there.provider.set(&json!({"suspended": false}));
    assert_eq!(there.checks().await.healthy, Some(true));
}

/// While it is lost, what was begun goes on afterwards.
#[tokio::test]
async fn an_attempt_outlives_a_provider_that_is_away() {
    let there = There::at(Kind::Gitlab).await;
    let attempt = there.begins_device().await;
    there.provider.set(&json!({"behaviour": "drop"}));
    let lost = crate::tools::eventually(Duration::from_secs(10), async || there.polls(&attempt).await.err()).await;
    assert_eq!(lost.code(), ErrorCode::ProviderUnavailable);
    there.provider.set(&json!({"behaviour": "well"}));
    there.provider.decides_device(&attempt, LOGIN, true);
    super::there::connected(there.waits(&attempt).await);
}

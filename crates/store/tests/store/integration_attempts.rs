//! Attempts to connect an account at a provider: few, of one session, and asked about by one at a time.
use latchkey_store::*;

use crate::world::*;

fn after(seconds: u32) -> Micros {
    NOW.saturating_add(seconds * SECOND)
}

pub(crate) fn attempt() -> IntegrationAttempt {
    IntegrationAttempt {
        attempt_id: id(),
        provider: "gitlab".into(),
        host: "git.example.com".into(),
        method: "device".into(),
        sealed: b"sealed".to_vec(),
        reconnect: None,
        poll_seconds: 5,
        next_poll_at: after(5),
        expires_at: after(900),
    }
}

async fn begin(store: &Store, account: AccountId, by: SessionId) -> Uuid {
    let new = attempt();
    let id = new.attempt_id;
    assert!(store.begin_attempt(account, by, new, NOW, 20).await.unwrap());
    id
}

#[tokio::test]
async fn five_are_open_at_most_and_the_oldest_goes() {
    let world = World::new().await;
    let (store, ada) = (&world.store, world.with_account("ada").await.account_id);
    let bob = world.with_account("bob").await.account_id;
    let (here, _) = world.with_session(ada, NOW).await;
    let (of_bob, _) = world.with_session(bob, NOW).await;
    let first = begin(store, bob, of_bob.session_id).await;
    let mut begun = Vec::new();
    for _ in 0..7 {
        begun.push(begin(store, ada, here.session_id).await);
    }
    for (n, id) in begun.iter().enumerate() {
        assert_eq!(store.attempt(ada, here.session_id, *id).await.unwrap().is_some(), n >= 2, "{n}");
    }
    assert!(store.attempt(bob, of_bob.session_id, first).await.unwrap().is_some());
    let closed = store.begin_attempt(ada, SessionId(id()), attempt(), NOW, 20).await;
    assert!(matches!(closed, Err(Error::Raced)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_at_a_time_asks_and_only_in_its_session() {
    let world = World::new().await;
    let (store, ada) = (&world.store, world.with_account("ada").await.account_id);
    let (here, _) = world.with_session(ada, NOW).await;
    let (elsewhere, _) = world.with_session(ada, NOW).await;
    let [here, elsewhere] = [here, elsewhere].map(|session| session.session_id);
    let id = begin(store, ada, here).await;
    let take = async |by, now, until| store.take_attempt(ada, by, id, now, until).await.unwrap().is_some();
    assert!(!take(here, after(4), after(60)).await, "too early");
    assert!(!take(elsewhere, after(5), after(60)).await);
    let taken = at_once(32, |_| {
        let store = world.store.clone();
        async move { store.take_attempt(ada, here, id, after(5), after(60)).await.unwrap().is_some() }
    })
    .await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
    // Somebody whose time is over gives nothing back.
    store.give_attempt_back(ada, id, after(59), after(6), 9).await.unwrap();
    assert!(!take(here, after(10), after(70)).await);
    store.give_attempt_back(ada, id, after(60), after(15), 10).await.unwrap();
    let kept = store.attempt(ada, here, id).await.unwrap().unwrap();
    assert_eq!((kept.next_poll_at, kept.poll_seconds), (after(15), 10));

    assert!(store.keep_attempt(ada, id, b"tokens".to_vec()).await.unwrap());
    assert!(store.attempt(ada, elsewhere, id).await.unwrap().is_none());
    assert!(store.end_attempt(ada, elsewhere, id).await.unwrap().is_none());
    assert_eq!(store.end_attempt(ada, here, id).await.unwrap().unwrap().sealed, b"tokens");
    assert!(store.end_attempt(ada, here, id).await.unwrap().is_none());
    assert!(!store.keep_attempt(ada, id, b"late".to_vec()).await.unwrap(), "it was given up");
}

#[tokio::test]
async fn what_was_left_is_swept_an_hour_later() {
    let world = World::new().await;
    let (store, ada) = (&world.store, world.with_account("ada").await.account_id);
    let (here, _) = world.with_session(ada, NOW).await;
    begin(store, ada, here.session_id).await;
    assert_eq!(store.sweep(after(900 + 3600), DAY).await.unwrap(), Swept::default());
    let swept = store.sweep(after(900 + 3601), DAY).await.unwrap();
    assert_eq!(swept, Swept { integration_attempts: 1, ..Swept::default() });
}

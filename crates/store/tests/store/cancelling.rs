use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use latchkey_store::*;
use tokio::time::timeout;

use crate::world::*;

/// Signs up, begins a session and checks it, for each of 400 people at once, each as long as they have
/// patience; the ids of those who were told that all of it was done.
async fn sign_ups(store: &Store, prefix: &'static str, patience: impl Fn(u32) -> Duration) -> BTreeSet<AccountId> {
    let answers = at_once(400, |i| {
        let store = store.clone();
        let patience = patience(u32::try_from(i).unwrap());
        async move {
            let new = person(&format!("{prefix}{i}"));
            let id = new.account_id;
            let work = async {
                store.sign_up(new).await.unwrap();
                store.add_session(session_of(id, NOW), PHC, event("signed_in", NOW)).await.unwrap().unwrap();
                store.check_session(id, &[1; 32]).await.unwrap();
            };
            timeout(patience, work).await.is_ok().then_some(id)
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}

/// Requests are dropped when their client goes away, at any moment: what they did is there as a whole or
/// not at all, and everybody else goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_400_calls_dropped_at_any_moment_each_is_whole_or_not_there() {
    let world = World::new().await;
    // How long all of them take with patience: the others' patience is spread over more than that, so that
    // some are served even where the second time is slower.
    let begun = Instant::now();
    assert_eq!(sign_ups(&world.store, "calm", |_| Duration::MAX).await.len(), 400);
    let span = begun.elapsed();
    let acknowledged = sign_ups(&world.store, "p", |i| 4 * span * (i % 89) / 89).await;
    assert!(!acknowledged.is_empty() && acknowledged.len() < 400, "{} of 400", acknowledged.len());

    // One last call is behind all others in the line, so everything has come to its end.
    world.store.ping().await.unwrap();
    let there: BTreeSet<_> =
        world.store.list_accounts(None, 1000).await.unwrap().iter().map(|a| a.account_id).collect();
    assert!(acknowledged.is_subset(&there));
    for i in 0..400 {
        let by_name = world.store.find_login(LoginKind::Username, &format!("p{i}")).await.unwrap();
        let by_email = world.store.find_login(LoginKind::Email, &format!("p{i}@example.org")).await.unwrap();
        assert_eq!(by_name, by_email);
        if let Some(id) = by_name {
            assert!(there.contains(&id) && world.store.credentials(id).await.unwrap().is_some());
        }
    }
    for id in &acknowledged {
        assert_eq!(world.store.list_sessions(*id, NOW, None, 10).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_dropped_half_way_take_no_connection_with_them() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    at_once(2000, |i| {
        let (store, id) = (world.store.clone(), ada.account_id);
        let patience = Duration::from_micros(u64::try_from(i % 53).unwrap() * 20);
        async move { timeout(patience, store.account(id)).await.is_ok() }
    })
    .await;
    let answers = at_once(64, |_| {
        let (store, id) = (world.store.clone(), ada.account_id);
        async move { store.account(id).await }
    })
    .await;
    assert!(answers.into_iter().all(|a| a.unwrap() == Some(ada.clone())));
}

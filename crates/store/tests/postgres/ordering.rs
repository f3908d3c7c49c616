//! Writers of one account one after the other, whichever node they are on.
use latchkey_store::*;
use sqlx::{Connection, Executor};

use crate::world::*;

fn key(by: SessionId) -> NewApiKey {
    let key_id = id();
    let mut token_hash = [3; 32];
    token_hash[..16].copy_from_slice(key_id.as_bytes());
    assert_ne!(key_id, by.0);
    NewApiKey {
        key_id: ApiKeyId(key_id),
        token_hash,
        name: "backup".into(),
        scope_api: true,
        scope_registry: false,
        last_four: "abcd".into(),
        created_at: NOW,
        expires_at: None,
        next_reminder_at: None,
    }
}

/// What a session does is done before it is closed, or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_added_by_a_session_that_is_closed_at_the_same_time() {
    let world = World::new().await;
    let other = world.home.open().await;
    for round in 0..20 {
        let account = world.with_account(&format!("p{round}")).await.account_id;
        let (session, _) = world.with_session(account, NOW).await;
        let by = session.session_id;
        let added: usize = at_once(16, |i| {
            let store = if i % 2 == 0 { world.store.clone() } else { other.clone() };
            async move {
                if i == 9 {
                    let event = event("session_closed", NOW);
                    let closing = store.close_session(account, None, by, CloseReason::ClosedByOwner, NOW, event);
                    assert!(closing.await.unwrap());
                    return 0;
                }
                match store.add_api_key(account, by, key(by), 100, event("api_key_created", NOW), None).await {
                    Ok(true) => 1,
                    Err(Error::Raced) => 0,
                    other => panic!("{other:?}"),
                }
            }
        })
        .await
        .into_iter()
        .sum();
        let events = world.store.list_events(account, None, None, 100).await.unwrap();
        assert_eq!(events[0].kind, "session_closed", "the last that happens");
        assert_eq!(events.iter().filter(|event| event.kind == "api_key_created").count(), added);
        assert_eq!(world.store.list_api_keys(account, None, 100).await.unwrap().len(), added);
    }
}

/// A limit counts what others add at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_40_who_add_a_key_on_two_nodes_as_many_succeed_as_there_may_be() {
    let world = World::new().await;
    let other = world.home.open().await;
    let account = world.with_account("ada").await.account_id;
    let (session, _) = world.with_session(account, NOW).await;
    let by = session.session_id;
    let added = at_once(40, |i| {
        let store = if i % 2 == 0 { world.store.clone() } else { other.clone() };
        async move { store.add_api_key(account, by, key(by), 7, event("api_key_created", NOW), None).await.unwrap() }
    })
    .await;
    assert_eq!(added.into_iter().filter(|added| *added).count(), 7);
    assert_eq!(world.store.list_api_keys(account, None, 100).await.unwrap().len(), 7);
    assert_eq!(world.store.verify_events(account).await.unwrap(), Chain::Whole { events: 9 });
}

/// Two who want each other's address wait for each other: the server ends one of them, and it is run again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_wait_for_each_other_are_told_nothing_of_it() {
    let world = World::new().await;
    let other = world.home.open().await;
    let people = [world.with_account("ada").await, world.with_account("bob").await];
    let rounds = 30_i64;
    let changed = at_once(2, |i| {
        let (store, me, them) =
            (if i == 0 { world.store.clone() } else { other.clone() }, people[i].clone(), people[1 - i].clone());
        async move {
            let (mut version, mut taken) = (1, 0);
            for _ in 0..rounds {
                for email in [&them.email, &me.email] {
                    let change =
                        ProfileChange { email: email.clone(), email_key: email.to_lowercase(), ..profile(&me) };
                    match store.update_profile(me.account_id, version, change, NOW).await {
                        Ok(ProfileUpdate::Updated(account)) => version = account.version,
                        Err(Error::Taken(_)) => taken += 1,
                        other => panic!("{other:?}"),
                    }
                }
            }
            (version - 1) + taken
        }
    })
    .await;
    assert_eq!(changed, [2 * rounds, 2 * rounds]);
    for person in people {
        let now = world.store.account(person.account_id).await.unwrap().unwrap();
        let owner = world.store.find_login(LoginKind::Email, &now.email.to_lowercase()).await.unwrap();
        assert_eq!(owner, Some(person.account_id));
    }
}

/// Somebody who keeps an account locked keeps its writers waiting for a while, and nobody else.
#[tokio::test]
async fn a_lock_that_is_kept_is_busy_for_its_account_alone() {
    let world = World::new().await;
    let url = format!("{}&options=-c%20lock_timeout%3D200ms", world.home.url());
    let store = Store::open(url.parse::<Database>().unwrap()).await.unwrap();
    let (ada, bob) = (world.with_account("ada").await.account_id, world.with_account("bob").await.account_id);
    let mut c = world.look().await;
    let mut held = c.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM accounts WHERE account_id = $1 FOR UPDATE").bind(ada).execute(&mut *held).await.unwrap();
    assert!(matches!(store.add_event(ada, event("signed_in", NOW)).await, Err(Error::Busy)));
    assert!(store.add_event(bob, event("signed_in", NOW)).await.unwrap());
    assert!(store.account(ada).await.unwrap().is_some(), "reading goes on");
    held.rollback().await.unwrap();
    assert!(store.add_event(ada, event("signed_in", NOW)).await.unwrap());
}

/// Whoever is gone leaves neither lock nor open transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_is_gone_keeps_nothing_locked() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    let mut c = world.look().await;
    let mut held = c.begin().await.unwrap();
    held.execute("LOCK TABLE event_heads").await.unwrap();
    let patience = std::time::Duration::from_millis(200);
    let gone = tokio::time::timeout(patience, world.store.add_event(ada, event("signed_in", NOW))).await;
    assert!(gone.is_err(), "still waiting for the table");
    held.rollback().await.unwrap();
    assert!(world.store.add_event(ada, event("signed_in", NOW)).await.unwrap());
    let events = world.store.list_events(ada, None, None, 10).await.unwrap();
    assert_eq!(events.len(), 2, "the first and the last, and nothing of who was gone");
    let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(sqlx::query_scalar::<_, i64>(open).fetch_one(&mut c).await.unwrap(), 0);
}

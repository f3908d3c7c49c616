use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use latchkey_store::*;

use crate::world::*;

/// 64 people work at once, in every way there is, while others only read: nobody is ever told that the
/// database is busy, and every one of them finds what they did.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_64_writers_and_8_readers_nothing_fails() {
    let world = World::new().await;
    let reader = world.with_account("reader").await;
    let (token, _) = world.with_session(reader.account_id, NOW).await;
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (store, done) = (world.store.clone(), done.clone());
            tokio::spawn(async move {
                let mut reads = 0_u64;
                while !done.load(Ordering::Relaxed) {
                    assert!(store.check_session(reader.account_id, &token.token_hash).await.unwrap().is_some());
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    at_once(64, |i| {
        let store = world.store.clone();
        async move {
            let account = store.sign_up(person(&format!("p{i}"))).await.unwrap();
            let id = account.account_id;
            for round in 1..=10_i64 {
                let now = Micros(NOW.0 + round);
                let new = session_of(id, now);
                store.add_session(new.clone(), PHC, event("signed_in", NOW)).await.unwrap().unwrap();
                let change = ProfileChange { bio: Some(round.to_string()), ..profile(&account) };
                let update = store.update_profile(id, round, change, now).await.unwrap();
                assert!(matches!(update, ProfileUpdate::Updated(a) if a.version == round + 1));
                store.charge(&format!("p{i}"), Duration::from_micros(1), 100, now).await.unwrap();
                let at = Micros(now.0 + 1);
                let used = SessionUse { account: id, session: new.session_id, at, expires_at: new.expires_at };
                assert_eq!(store.touch_sessions(&[used]).await.unwrap(), 1);
                if round % 2 == 0 {
                    assert!(
                        store
                            .close_session(
                                id,
                                None,
                                new.session_id,
                                CloseReason::SignedOut,
                                at,
                                event("session_closed", NOW)
                            )
                            .await
                            .unwrap()
                    );
                }
            }
            assert_eq!(store.list_sessions(id, NOW, None, 100).await.unwrap().len(), 5);
            assert_eq!(store.account(id).await.unwrap().unwrap().bio.as_deref(), Some("10"));
        }
    })
    .await;
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

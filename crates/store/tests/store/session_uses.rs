//! When sessions were used last.
use std::collections::{BTreeMap, BTreeSet};

use latchkey_store::*;

use crate::{
    sessions::{after, pages},
    world::*,
};

#[tokio::test]
async fn uses_are_recorded_for_any_number_of_sessions_and_only_move_forward() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await, world.with_account("bob").await);
    let mut sessions = Vec::new();
    for i in 0..150 {
        let owner = if i % 3 == 0 { &bob } else { &ada };
        sessions.push((owner.account_id, world.with_session(owner.account_id, NOW).await.1));
    }
    // Every way of splitting a number into batches, each seen twice, in no order.
    for (round, count) in (1_u32..).zip([0, 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 128, 149, 150]) {
        let at = after(10 * round);
        let mut uses: Vec<_> = sessions[..count]
            .iter()
            .flat_map(|(account, session)| {
                [at, Micros(at.0 - 1)].map(|at| SessionUse {
                    account: *account,
                    session: session.session_id,
                    at,
                    expires_at: at.saturating_add(30 * DAY),
                })
            })
            .collect();
        uses.rotate_left(count / 2);
        assert_eq!(world.store.touch_sessions(&uses).await.unwrap(), count as u64);
        assert_eq!(world.store.touch_sessions(&uses).await.unwrap(), 0, "a second time moves nothing");
        for (i, (account, session)) in sessions.iter_mut().enumerate() {
            if i < count {
                session.last_modified_at = at;
                session.expires_at = at.saturating_add(30 * DAY);
            }
            let stored = world.store.get_session(*account, session.session_id).await.unwrap();
            assert_eq!(stored.as_ref(), Some(&*session));
        }
    }
}

#[tokio::test]
async fn a_use_neither_shortens_nor_revives() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let (_, open) = world.with_session(ada.account_id, NOW).await;
    let brief = NewSession { expires_at: after(10), ..session_of(ada.account_id, NOW) };
    let expired = world.store.add_session(brief, PHC, event("signed_in", NOW)).await.unwrap().unwrap();
    let (_, closed) = world.with_session(ada.account_id, NOW).await;
    assert!(world.signs_out(ada.account_id, closed.session_id, after(1)).await);
    let uses = [&open, &expired, &closed].map(|s| SessionUse {
        account: ada.account_id,
        session: s.session_id,
        at: after(10),
        expires_at: after(20),
    });
    assert_eq!(world.store.touch_sessions(&uses).await.unwrap(), 1);
    let get = async |s: &Session| world.store.get_session(ada.account_id, s.session_id).await.unwrap().unwrap();
    assert_eq!(get(&open).await, Session { last_modified_at: after(10), ..open.clone() });
    assert_eq!(get(&expired).await, expired);
    assert_eq!(get(&closed).await.last_modified_at, NOW);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_uses_that_cross_leave_the_newest() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(world.with_session(ada.account_id, NOW).await.0.session_id);
    }
    at_once(32, |i| {
        let at = after(u32::try_from(i).unwrap() + 1);
        let uses: Vec<_> = ids
            .iter()
            .map(|s| SessionUse { account: ada.account_id, session: *s, at, expires_at: at.saturating_add(DAY) })
            .collect();
        let store = world.store.clone();
        async move { store.touch_sessions(&uses).await.unwrap() }
    })
    .await;
    let seen: BTreeMap<_, _> = pages(&world.store, ada.account_id, NOW, 100)
        .await
        .into_iter()
        .map(|s| (s.session_id, s.last_modified_at))
        .collect();
    assert_eq!(seen.len(), 20);
    assert_eq!(seen.into_values().collect::<BTreeSet<_>>(), BTreeSet::from([after(32)]));
}

use latchkey_store::*;

use crate::world::*;

#[tokio::test]
async fn a_sweep_removes_what_ended_long_ago_and_nothing_else() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let now = NOW.saturating_add(100 * DAY);
    let ago = |days: u32| now.saturating_sub(days * DAY);
    let begin = async |expires_at, closed_at: Option<Micros>| {
        let new = NewSession { expires_at, ..session_of(ada.account_id, NOW) };
        world.store.add_session(new.clone(), PHC, event("signed_in", NOW)).await.unwrap().unwrap();
        if let Some(at) = closed_at {
            let closed = world
                .store
                .close_session(
                    ada.account_id,
                    None,
                    new.session_id,
                    CloseReason::SignedOut,
                    at,
                    event("session_closed", NOW),
                )
                .await;
            assert!(closed.unwrap());
        }
        new.session_id
    };
    // More than two batches of each kind.
    for _ in 0..450 {
        begin(ago(8), None).await;
        begin(now.saturating_add(DAY), Some(ago(8))).await;
    }
    let kept = [
        begin(now.saturating_add(DAY), None).await,
        begin(ago(6), None).await,
        begin(ago(6), Some(ago(7))).await,
        // Closed lately, though it would have expired long before.
        begin(now.saturating_add(DAY), Some(ago(1))).await,
    ];
    for i in 0..250 {
        world.store.charge(&format!("passed:{i}"), SECOND, 5, ago(1)).await.unwrap();
    }
    world.store.charge("pending", DAY, 1, now).await.unwrap();

    let swept = world.store.sweep(now, 7 * DAY).await.unwrap();
    assert_eq!(swept, Swept { sessions: 900, throttles: 250, ..Swept::default() });
    assert_eq!(world.store.sweep(now, 7 * DAY).await.unwrap(), Swept::default());
    for id in kept {
        assert!(world.store.get_session(ada.account_id, id).await.unwrap().is_some());
    }
    assert!(matches!(world.store.charge("pending", DAY, 1, now).await.unwrap(), Charge::Refused { .. }));
}

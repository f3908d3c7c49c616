use latchkey_store::*;
use sqlx::Executor;

use crate::world::*;

async fn with_events(world: &World, n: usize) -> AccountId {
    let account = world.with_account("ada").await.account_id;
    for number in 0..n {
        let kind = if number % 2 == 0 { "signed_in" } else { "profile_updated" };
        assert!(world.store.add_event(account, event(kind, NOW.saturating_add(SECOND))).await.unwrap());
    }
    account
}

#[tokio::test]
async fn events_are_listed_newest_first_in_pages() {
    let world = World::new().await;
    let account = with_events(&world, 6).await;
    let first = world.store.list_events(account, None, None, 4).await.unwrap();
    assert_eq!(first.iter().map(|event| event.seq).collect::<Vec<_>>(), [7, 6, 5, 4]);
    let second = world.store.list_events(account, None, Some(4), 4).await.unwrap();
    assert_eq!(second.iter().map(|event| event.seq).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(second[2].kind, "account_created");
    assert_eq!(world.store.list_events(account, Some("account"), None, 9).await.unwrap().len(), 7);
    assert_eq!(world.store.list_events(account, Some("profile"), None, 9).await.unwrap(), []);
    assert_eq!(world.store.count_events(account).await.unwrap(), 7);
}

#[tokio::test]
async fn a_chain_grows_whole_for_many_at_once() {
    let world = World::new().await;
    let account = world.with_account("ada").await.account_id;
    let store = world.store.clone();
    at_once(40, |_| {
        let store = store.clone();
        async move { store.add_event(account, event("signed_in", NOW)).await.unwrap() }
    })
    .await;
    assert_eq!(world.store.verify_events(account).await.unwrap(), Chain::Whole { events: 41 });
}

/// Whatever is done to the rows, the place is named.
#[tokio::test]
async fn a_row_that_was_changed_or_taken_out_is_found() {
    for (tampering, place) in [
        ("UPDATE events SET kind = 'signed_out' WHERE seq = 3", 3),
        ("UPDATE events SET at = at + 1 WHERE seq = 7", 7),
        ("UPDATE events SET ip_address = NULL WHERE seq = 1", 1),
        ("UPDATE events SET device = ip_address, ip_address = device WHERE seq = 4", 4),
        ("DELETE FROM events WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq = 4", 4),
        ("DELETE FROM events WHERE seq = 7", 7),
        ("DELETE FROM events", 1),
        ("DELETE FROM event_heads", 1),
        ("UPDATE event_heads SET hash = (SELECT hash FROM events WHERE seq = 1)", 7),
        ("UPDATE event_heads SET seq = 6, hash = (SELECT hash FROM events WHERE seq = 6)", 7),
        ("UPDATE event_heads SET seq = 8", 8),
        ("UPDATE events SET seq = 0 WHERE seq = 1", 0),
        (
            "INSERT INTO events SELECT account_id, -5, event_id, kind, category, at, session_id, device, ip_address, \
          details, hash FROM events WHERE seq = 2",
            -5,
        ),
        (
            "INSERT INTO events SELECT account_id, 9, event_id, kind, category, at, session_id, device, ip_address, \
          details, hash FROM events WHERE seq = 2",
            8,
        ),
    ] {
        let world = World::new().await;
        let account = with_events(&world, 6).await;
        assert_eq!(world.store.verify_events(account).await.unwrap(), Chain::Whole { events: 7 });
        world.look().await.execute(tampering).await.unwrap();
        let found = world.store.verify_events(account).await.unwrap();
        assert_eq!(found, Chain::Broken { seq: place }, "{tampering}");
    }
}

#[tokio::test]
async fn an_event_of_nobody_is_refused() {
    let world = World::new().await;
    assert!(!world.store.add_event(AccountId(id()), event("signed_in", NOW)).await.unwrap());
}

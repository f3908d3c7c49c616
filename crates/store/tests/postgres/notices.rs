//! What processes on one database tell each other.
use std::time::Duration;

use latchkey_store::*;
use tokio::time::timeout;

use crate::{home::Home, world::*};

#[tokio::test]
async fn whoever_listens_hears_what_is_told_from_then_on_in_its_order() {
    let world = World::new().await;
    let other = world.home.open().await;
    assert!(world.store.has_notices());
    world.store.notify(&["before".into()]).await.unwrap();
    let mut listeners = [world.store.listen().await.unwrap().unwrap(), other.listen().await.unwrap().unwrap()];
    let long = "x".repeat(NOTICE_BYTES);
    other.notify(&["1".into(), "2".into(), long.clone()]).await.unwrap();
    for listener in &mut listeners {
        for expected in ["1", "2", &long] {
            let heard = timeout(10 * SECOND, listener.next()).await.unwrap().unwrap();
            assert!(heard == expected, "{heard}");
        }
        assert!(timeout(Duration::from_millis(50), listener.next()).await.is_err(), "and then it waits");
    }
    other.notify(&["3".into()]).await.unwrap();
    assert_eq!(listeners[0].next().await.unwrap(), "3", "a wait that was given up has lost nothing");
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_who_was_cut_off_is_told() {
    let world = World::new().await;
    assert!(world.store.notify(&["x".repeat(8_000)]).await.is_err());
    let mut listener = world.store.listen().await.unwrap().unwrap();
    let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND query LIKE 'LISTEN %'";
    assert_eq!(world.home.sql(cut), "1");
    assert!(matches!(timeout(10 * SECOND, listener.next()).await.unwrap(), Err(Error::Unreachable(_))));
    let mut again = world.store.listen().await.unwrap().unwrap();
    world.store.notify(&["again".into()]).await.unwrap();
    assert_eq!(again.next().await.unwrap(), "again");
}

/// Listening holds a connection of its own, beside the pool's.
#[tokio::test]
async fn a_store_closes_while_somebody_listens() {
    let home = Home::new().await;
    let store = home.open().await;
    let listener = store.listen().await.unwrap().unwrap();
    timeout(10 * SECOND, store.close()).await.unwrap();
    assert!(matches!(store.notify(&["late".into()]).await, Err(Error::Closed)));
    drop(listener);
}

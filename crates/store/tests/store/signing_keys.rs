//! Keys that registry tokens are signed with: one first, and followers.
use latchkey_store::*;

use crate::world::*;

fn key(name: &str, signs_after: u32) -> SigningKey {
    SigningKey {
        key_id: name.into(),
        sealed: vec![1, 2, 3],
        certificate: format!("certificate of {name}"),
        created_at: NOW,
        signs_from: NOW.saturating_add(signs_after * SECOND),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_start_at_once_one_makes_the_first_key() {
    let world = World::new().await;
    let answers = at_once(32, |n| {
        let store = world.store.clone();
        async move { store.add_first_signing_key(key(&format!("key {n}"), 0)).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|added| **added).count(), 1);
    assert_eq!(world.store.signing_keys().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_goes_once_another_one_has_followed_it() {
    let world = World::new().await;
    let names = async || world.store.signing_keys().await.unwrap().into_iter().map(|k| k.key_id).collect::<Vec<_>>();
    assert!(world.store.add_first_signing_key(key("b", 0)).await.unwrap());
    let added = world.store.add_signing_key(key("a", 60)).await.unwrap();
    assert_eq!((added.created_at.0, added.signs_from), (NOW.0 + 1, key("a", 60).signs_from), "newer than the other");
    assert!(matches!(
        world.store.add_signing_key(key("a", 9)).await.map(drop),
        Err(Error::Conflict(Unique::SigningKey))
    ));
    assert_eq!(names().await, ["b", "a"], "the oldest first");
    let remove = async |seconds: u32| {
        world.store.remove_followed_signing_keys(NOW.saturating_add(seconds * SECOND)).await.unwrap()
    };
    assert_eq!(remove(60).await, 0);
    assert_eq!(remove(61).await, 1);
    assert_eq!(names().await, ["a"]);
    assert_eq!(remove(1_000_000).await, 0, "the last one stays");
    // One that signs from its first moment is known to nobody yet.
    let hasty = SigningKey { created_at: NOW.saturating_add(2_000 * SECOND), ..key("c", 0) };
    world.store.add_signing_key(hasty).await.unwrap();
    assert_eq!((remove(2_000).await, remove(2_001).await), (0, 1));
    assert_eq!(names().await, ["c"]);
    assert!(world.store.remove_signing_key("c").await.unwrap());
    assert!(!world.store.remove_signing_key("c").await.unwrap());
}

#[tokio::test]
async fn without_others_a_key_that_follows_signs_at_once() {
    let world = World::new().await;
    assert!(world.store.add_signing_key(key("a", 60)).await.unwrap() == key("a", 0));
    // A clock that was set back makes no key older than the ones before.
    let earlier = SigningKey { created_at: Micros(NOW.0 - 1_000_000), ..key("b", 9) };
    assert_eq!(world.store.add_signing_key(earlier).await.unwrap().created_at, Micros(NOW.0 + 1));
}

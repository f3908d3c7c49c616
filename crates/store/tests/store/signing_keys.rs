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
    world.store.add_signing_key(key("a", 60)).await.unwrap();
    assert!(matches!(world.store.add_signing_key(key("a", 9)).await, Err(Error::Conflict(Unique::SigningKey))));
    assert_eq!(names().await, ["b", "a"], "in the order in which they sign");
    let remove = async |seconds: u32| {
        world.store.remove_followed_signing_keys(NOW.saturating_add(seconds * SECOND)).await.unwrap()
    };
    assert_eq!(remove(60).await, 0);
    assert_eq!(remove(61).await, 1);
    assert_eq!(names().await, ["a"]);
    assert_eq!(remove(1_000_000).await, 0, "the last one stays");
}

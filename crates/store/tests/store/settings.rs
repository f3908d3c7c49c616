use std::collections::BTreeSet;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn of_64_first_values_all_callers_get_the_same() {
    let world = World::new().await;
    assert_eq!(world.store.get_setting("instance_id").await.unwrap(), None);
    let answers: BTreeSet<_> = at_once(64, |i| {
        let store = world.store.clone();
        async move { store.put_setting_if_absent("instance_id", &i.to_string()).await.unwrap() }
    })
    .await
    .into_iter()
    .collect();
    let stored = world.store.get_setting("instance_id").await.unwrap().unwrap();
    assert_eq!(answers, BTreeSet::from([stored]));
    assert_eq!(world.store.get_setting("other").await.unwrap(), None);
}

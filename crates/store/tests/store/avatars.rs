use latchkey_store::*;

use crate::world::*;

const LATER: Micros = Micros(NOW.0 + 5);

fn picture(sizes: &[i64], fill: u8) -> Vec<AvatarImage> {
    let image = |size: &i64| AvatarImage {
        size: *size,
        media_type: "image/webp".into(),
        bytes: vec![fill; usize::try_from(*size * 100).unwrap()],
    };
    sizes.iter().map(image).collect()
}

#[tokio::test]
async fn a_picture_is_served_in_its_sizes_with_the_tag_of_the_account() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    assert!(matches!(world.store.avatar("ada", 64).await.unwrap(), Some((a, None)) if a == ada));
    assert!(world.store.avatar("nobody", 64).await.unwrap().is_none());

    let put = world
        .store
        .put_avatar(ada.account_id, None, picture(&[64, 128, 512], 1), "tag-1", LATER, event("avatar_changed", NOW))
        .await
        .unwrap();
    let expected = Account { avatar_etag: Some("tag-1".into()), version: 2, updated_at: LATER, ..ada.clone() };
    assert_eq!(put, Some(expected.clone()));
    for size in [64, 128, 512] {
        let (account, avatar) = world.store.avatar("ada", size).await.unwrap().unwrap();
        let avatar = avatar.unwrap();
        assert_eq!(account, expected);
        assert_eq!((avatar.media_type.as_str(), avatar.etag.as_str()), ("image/webp", "tag-1"));
        assert_eq!(avatar.bytes, vec![1; usize::try_from(size * 100).unwrap()]);
    }
    assert!(matches!(world.store.avatar("ada", 32).await.unwrap(), Some((_, None))));
}

#[tokio::test]
async fn a_new_picture_replaces_every_size_and_removing_leaves_none() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await, world.with_account("bob").await);
    for (account, fill) in [(&ada, 1), (&bob, 9)] {
        world
            .store
            .put_avatar(account.account_id, None, picture(&[64, 128], fill), "tag", NOW, event("avatar_changed", NOW))
            .await
            .unwrap();
    }
    world
        .store
        .put_avatar(ada.account_id, None, picture(&[64], 2), "tag-2", LATER, event("avatar_changed", NOW))
        .await
        .unwrap();
    let get = async |name, size| world.store.avatar(name, size).await.unwrap().unwrap().1.map(|a| a.bytes[0]);
    assert_eq!((get("ada", 64).await, get("ada", 128).await), (Some(2), None));

    let bare =
        world.store.delete_avatar(ada.account_id, None, LATER, event("avatar_removed", NOW)).await.unwrap().unwrap();
    assert_eq!((bare.avatar_etag, bare.version), (None, 4));
    assert_eq!((get("ada", 64).await, get("bob", 64).await), (None, Some(9)));
    let again =
        world.store.delete_avatar(ada.account_id, None, LATER, event("avatar_removed", NOW)).await.unwrap().unwrap();
    assert_eq!(again.version, 4, "nothing to remove is no change");
    let events = world.store.list_events(ada.account_id, None, None, 9).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["avatar_removed", "avatar_changed", "avatar_changed", "account_created"]);
}

#[tokio::test]
async fn pictures_need_an_account() {
    let world = World::new().await;
    let nobody = AccountId(id());
    assert_eq!(
        world
            .store
            .put_avatar(nobody, None, picture(&[64], 1), "tag", NOW, event("avatar_changed", NOW))
            .await
            .unwrap(),
        None
    );
    assert_eq!(world.store.delete_avatar(nobody, None, NOW, event("avatar_removed", NOW)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_never_sees_half_of_a_replacement() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    world
        .store
        .put_avatar(ada.account_id, None, picture(&[64, 128], 0), "0", NOW, event("avatar_changed", NOW))
        .await
        .unwrap();
    let (store, id) = (world.store.clone(), ada.account_id);
    let writing = tokio::spawn(async move {
        for fill in 1..=60_u8 {
            store
                .put_avatar(id, None, picture(&[64, 128], fill), &fill.to_string(), NOW, event("avatar_changed", NOW))
                .await
                .unwrap();
        }
    });
    let mut seen = std::collections::BTreeSet::new();
    while !writing.is_finished() {
        let avatar = world.store.avatar("ada", 128).await.unwrap().unwrap().1.expect("a picture at every moment");
        assert!(avatar.bytes.iter().all(|b| b.to_string() == avatar.etag));
        seen.insert(avatar.etag);
    }
    writing.await.unwrap();
    assert!(seen.len() > 1);
}

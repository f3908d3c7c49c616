//! SSH keys: each once in an account, and no more than allowed, however many are added at once.
use latchkey_store::*;

use crate::world::*;

fn key(n: u8) -> SshKey {
    SshKey {
        key_id: id(),
        fingerprint: vec![n; 32],
        name: format!("key {n}"),
        algorithm: "ssh-ed25519".into(),
        bits: 256,
        public_key: format!("ssh-ed25519 AAAA{n}"),
        added_at: NOW.saturating_add(u32::from(n) * SECOND),
        last_used_at: None,
    }
}

async fn add(store: &Store, account: AccountId, key: SshKey, most: u32) -> Result<Option<SshKey>> {
    store.add_ssh_key(account, None, key, most, event("ssh_key_added", NOW), None).await
}

#[tokio::test]
async fn keys_are_listed_in_pages_the_newest_first() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await.account_id, world.with_account("bob").await.account_id);
    let mut added = Vec::new();
    for n in 0..7 {
        // Two of each moment, so that a page ends between them.
        let key = SshKey { added_at: NOW.saturating_add(u32::from(n / 2) * SECOND), ..key(n) };
        assert_eq!(add(&world.store, ada, key.clone(), 100).await.unwrap(), Some(key.clone()));
        added.insert(0, key);
    }
    add(&world.store, bob, key(0), 100).await.unwrap().unwrap();
    for limit in [1, 2, 3, 100] {
        let (mut seen, mut behind) = (Vec::new(), None);
        loop {
            let page = world.store.list_ssh_keys(ada, behind, limit).await.unwrap();
            let Some(last) = page.last() else { break };
            behind = Some((last.added_at, last.key_id));
            seen.extend(page);
        }
        added.sort_by_key(|key| std::cmp::Reverse((key.added_at, key.key_id)));
        assert_eq!(seen, added, "pages of {limit}");
    }
    let one = &added[3];
    assert_eq!(world.store.get_ssh_key(ada, one.key_id).await.unwrap().as_ref(), Some(one));
    assert_eq!(world.store.get_ssh_key(bob, one.key_id).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_has_each_key_once_and_no_more_than_it_may() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await.account_id, world.with_account("bob").await.account_id);
    add(&world.store, ada, key(1), 3).await.unwrap().unwrap();
    let events = world.store.count_events(ada).await.unwrap();
    let again = add(&world.store, ada, key(1), 3).await;
    assert!(matches!(again, Err(Error::Conflict(Unique::SshKeyFingerprint))), "{again:?}");
    add(&world.store, bob, key(1), 3).await.unwrap().expect("another account may have the same key");
    add(&world.store, ada, key(2), 3).await.unwrap().unwrap();
    add(&world.store, ada, key(3), 3).await.unwrap().unwrap();
    assert_eq!(add(&world.store, ada, key(4), 3).await.unwrap(), None);
    assert_eq!(world.store.count_events(ada).await.unwrap(), events + 2, "what was refused is no event");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_add_at_once_as_many_succeed_as_there_is_room_for() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    let answers = at_once(32, |n| {
        let (store, key) = (world.store.clone(), key(u8::try_from(n).unwrap()));
        async move { add(&store, ada, key, 10).await.unwrap().is_some() }
    })
    .await;
    assert_eq!(answers.iter().filter(|added| **added).count(), 10);
    assert_eq!(world.store.list_ssh_keys(ada, None, 100).await.unwrap().len(), 10);
}

#[tokio::test]
async fn a_key_is_removed_once_and_only_in_an_open_session() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await.account_id, world.with_account("bob").await.account_id);
    let first = add(&world.store, ada, key(1), 9).await.unwrap().unwrap();
    let (open, _) = world.with_session(ada, NOW).await;
    let remove = |account, by| {
        let store = world.store.clone();
        async move { store.remove_ssh_key(account, by, first.key_id, event("ssh_key_removed", NOW)).await }
    };
    assert!(!remove(bob, None).await.unwrap());
    let closed = Some(SessionId(id()));
    assert!(matches!(remove(ada, closed).await, Err(Error::Raced)));
    let refused = world.store.add_ssh_key(ada, closed, key(2), 9, event("ssh_key_added", NOW), None).await;
    assert!(matches!(refused, Err(Error::Raced)));
    assert!(remove(ada, Some(open.session_id)).await.unwrap());
    assert!(!remove(ada, Some(open.session_id)).await.unwrap());
    assert_eq!(world.store.list_ssh_keys(ada, None, 9).await.unwrap(), []);
}

#[tokio::test]
async fn sshd_finds_all_keys_of_a_name_or_the_one() {
    let world = World::new().await;
    let account = world.with_account("ada").await;
    let ada = account.account_id;
    assert_eq!(world.store.authorized_keys("ada", None).await.unwrap(), None);
    let (one, two) = (key(1), key(2));
    add(&world.store, ada, one.clone(), 9).await.unwrap();
    add(&world.store, ada, two.clone(), 9).await.unwrap();
    let found = world.store.authorized_keys("ada", None).await.unwrap();
    assert_eq!(found, Some((account.clone(), vec![one, two.clone()])));
    let found = world.store.authorized_keys("ada", Some([2; 32])).await.unwrap();
    assert_eq!(found, Some((account, vec![two])));
    assert_eq!(world.store.authorized_keys("ada", Some([3; 32])).await.unwrap(), None);
    assert_eq!(world.store.authorized_keys("bob", None).await.unwrap(), None);
}

#[tokio::test]
async fn marks_of_use_move_forward_only() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await.account_id, world.with_account("bob").await.account_id);
    let mut keys = Vec::new();
    for n in 0..100 {
        keys.push(add(&world.store, ada, key(n), 200).await.unwrap().unwrap().key_id);
    }
    let used = |account, key, seconds: u32| SshKeyUse { account, key, at: NOW.saturating_add(seconds * SECOND) };
    assert_eq!(world.store.touch_ssh_keys(&[]).await.unwrap(), 0);
    let mut marks: Vec<_> = keys.iter().map(|key| used(ada, *key, 10)).collect();
    marks.extend([used(ada, keys[0], 30), used(ada, keys[0], 20), used(bob, keys[1], 99), used(ada, id(), 10)]);
    assert_eq!(world.store.touch_ssh_keys(&marks).await.unwrap(), 100);
    assert_eq!(world.store.touch_ssh_keys(&[used(ada, keys[0], 29)]).await.unwrap(), 0);
    let at = async |n: usize| world.store.get_ssh_key(ada, keys[n]).await.unwrap().unwrap().last_used_at.unwrap();
    assert_eq!(at(0).await, NOW.saturating_add(30 * SECOND));
    assert_eq!(at(1).await, NOW.saturating_add(10 * SECOND));
    assert_eq!(at(99).await, NOW.saturating_add(10 * SECOND));
}

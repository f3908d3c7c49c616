//! Container registries: one of each host, and results of checks for the credentials that were checked alone.
use latchkey_store::*;

use crate::world::*;

fn registry(host: &str) -> ContainerRegistry {
    ContainerRegistry {
        registry_id: id(),
        host: host.into(),
        username: "ada".into(),
        sealed: vec![7; 60],
        generation: 1,
        created_at: NOW,
        checked_at: NOW,
        failure: None,
        detail: None,
        next_check_at: NOW.saturating_add(DAY),
    }
}

fn outcome(failure: Option<&str>, at: Micros) -> RegistryOutcome {
    RegistryOutcome {
        checked_at: at,
        failure: failure.map(Into::into),
        detail: failure.map(|failure| format!("It is {failure}.")),
        next_check_at: at.saturating_add(DAY),
    }
}

fn tried(registry: &ContainerRegistry) -> TriedRegistry {
    let (registry_id, generation) = (registry.registry_id, registry.generation);
    TriedRegistry { registry_id, generation, was: registry.failure.clone() }
}

struct Ada {
    store: Store,
    account: AccountId,
    session: SessionId,
}

impl Ada {
    async fn joins(world: &World, name: &str) -> Self {
        let account = world.with_account(name).await.account_id;
        let session = world.with_session(account, NOW).await.0.session_id;
        Self { store: world.store.clone(), account, session }
    }

    async fn add(&self, new: ContainerRegistry, most: u32) -> Result<Option<ContainerRegistry>> {
        let event = event("registry_authorised", NOW);
        self.store.add_container_registry(self.account, self.session, new, most, event).await
    }

    async fn update(&self, of: Uuid, username: &str, failure: Option<&str>) -> Result<Option<ContainerRegistry>> {
        let outcome = outcome(failure, NOW.saturating_add(SECOND));
        let new = NewRegistryCredentials { username: username.into(), sealed: vec![8; 60], outcome };
        let event = event("registry_updated", NOW);
        self.store.update_container_registry(self.account, self.session, of, new, event).await
    }

    async fn was_tried(&self, tried: TriedRegistry, failure: Option<&str>, news: bool) -> Option<ContainerRegistry> {
        let news = news.then(|| RegistryNews { event: event("registry_failed", NOW), mail: None });
        let outcome = outcome(failure, NOW.saturating_add(2 * SECOND));
        self.store.container_registry_was_tried(self.account, None, tried, outcome, news).await.unwrap()
    }

    async fn events(&self) -> i64 {
        self.store.count_events(self.account).await.unwrap()
    }
}

#[tokio::test]
async fn registries_are_listed_in_pages_and_found_by_host() {
    let world = World::new().await;
    let (ada, bob) = (Ada::joins(&world, "ada").await, Ada::joins(&world, "bob").await);
    let mut added = Vec::new();
    for n in 0..5 {
        let new = registry(&format!("r{n}.example"));
        assert_eq!(ada.add(new.clone(), 50).await.unwrap(), Some(new.clone()));
        added.insert(0, new);
    }
    bob.add(registry("r0.example"), 50).await.unwrap().expect("another account may have the same host");
    for limit in [1, 2, 5, 100] {
        let (mut seen, mut behind) = (Vec::new(), None);
        loop {
            let page = world.store.list_container_registries(ada.account, behind, limit).await.unwrap();
            let Some(last) = page.last() else { break };
            behind = Some(last.registry_id);
            seen.extend(page);
        }
        assert_eq!(seen, added, "pages of {limit}");
    }
    let one = &added[2];
    let found = async |account, host: &str| world.store.find_container_registry(account, host).await.unwrap();
    assert_eq!(found(ada.account, "r2.example").await.as_ref(), Some(one));
    assert_eq!(found(bob.account, "r2.example").await, None);
    assert_eq!(found(ada.account, "R2.example").await, None);
    assert_eq!(world.store.container_registry(ada.account, one.registry_id).await.unwrap().as_ref(), Some(one));
    assert_eq!(world.store.container_registry(bob.account, one.registry_id).await.unwrap(), None);
    assert_eq!(world.store.count_container_registries(ada.account).await.unwrap(), 5);
}

#[tokio::test]
async fn an_account_has_each_host_once_and_no_more_than_it_may() {
    let world = World::new().await;
    let ada = Ada::joins(&world, "ada").await;
    ada.add(registry("a.example"), 2).await.unwrap().unwrap();
    let events = ada.events().await;
    let again = ada.add(registry("a.example"), 2).await;
    assert!(matches!(again, Err(Error::Conflict(Unique::ContainerRegistryHost))), "{again:?}");
    ada.add(registry("b.example"), 2).await.unwrap().unwrap();
    assert_eq!(ada.add(registry("c.example"), 2).await.unwrap(), None);
    assert_eq!(ada.events().await, events + 1, "what was refused is no event");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_add_at_once_one_gets_the_host_and_as_many_as_there_is_room_for_get_in() {
    let world = World::new().await;
    let ada = std::sync::Arc::new(Ada::joins(&world, "ada").await);
    let answers = at_once(16, |_| {
        let ada = ada.clone();
        async move { ada.add(registry("same.example"), 10).await.is_ok() }
    });
    assert_eq!(answers.await.into_iter().filter(|added| *added).count(), 1);
    let answers = at_once(32, |n| {
        let ada = ada.clone();
        async move { ada.add(registry(&format!("{n}.example")), 10).await.unwrap().is_some() }
    });
    assert_eq!(answers.await.into_iter().filter(|added| *added).count(), 9);
}

#[tokio::test]
async fn new_credentials_are_another_generation() {
    let world = World::new().await;
    let (ada, bob) = (Ada::joins(&world, "ada").await, Ada::joins(&world, "bob").await);
    let old = ada.add(registry("a.example"), 9).await.unwrap().unwrap();
    assert_eq!(bob.update(old.registry_id, "eve", None).await.unwrap(), None);
    let new = ada.update(old.registry_id, "grace", Some("refused")).await.unwrap().unwrap();
    assert_eq!((new.generation, new.username.as_str(), &new.sealed), (2, "grace", &vec![8; 60]));
    assert_eq!((new.failure.as_deref(), new.created_at), (Some("refused"), old.created_at));
    // Whoever tried the old ones is told, and changes nothing.
    assert_eq!(ada.was_tried(tried(&old), None, false).await, None);
    assert_eq!(ada.was_tried(tried(&old), Some("unreachable"), true).await, None);
    assert_eq!(world.store.container_registry(ada.account, old.registry_id).await.unwrap(), Some(new));
    let known: Vec<_> = world.store.list_events(ada.account, None, None, 9).await.unwrap();
    assert_eq!(known[0].kind, "registry_updated");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_find_the_same_one_records_it() {
    let world = World::new().await;
    let ada = std::sync::Arc::new(Ada::joins(&world, "ada").await);
    let one = ada.add(registry("a.example"), 9).await.unwrap().unwrap();
    let events = ada.events().await;
    let answers = at_once(12, |_| {
        let (ada, tried) = (ada.clone(), tried(&one));
        async move { ada.was_tried(tried, Some("refused"), true).await.unwrap().failure }
    });
    assert!(answers.await.into_iter().all(|failure| failure.as_deref() == Some("refused")));
    assert_eq!(ada.events().await, events + 1);
    let now = ada.was_tried(tried(&one), None, false).await.unwrap();
    assert_eq!((now.failure, now.detail, now.generation), (None, None, 1));
    assert_eq!(now.next_check_at, NOW.saturating_add(2 * SECOND).saturating_add(DAY));
    assert_eq!(ada.events().await, events + 1);
}

#[tokio::test]
async fn what_is_done_in_a_closed_session_is_not_done() {
    let world = World::new().await;
    let ada = Ada::joins(&world, "ada").await;
    let one = ada.add(registry("a.example"), 9).await.unwrap().unwrap();
    let events = ada.events().await;
    let closed = Ada { session: SessionId(id()), store: world.store.clone(), account: ada.account };
    assert!(matches!(closed.add(registry("b.example"), 9).await, Err(Error::Raced)));
    assert!(matches!(closed.update(one.registry_id, "x", None).await, Err(Error::Raced)));
    let (by, event_of) = (Some(closed.session), || event("registry_failed", NOW));
    let outcome = outcome(Some("refused"), NOW);
    let news = Some(RegistryNews { event: event_of(), mail: None });
    let written = world.store.container_registry_was_tried(ada.account, by, tried(&one), outcome, news);
    assert!(matches!(written.await, Err(Error::Raced)));
    let remove = async |by| world.store.remove_container_registry(ada.account, by, one.registry_id, event_of()).await;
    assert!(matches!(remove(closed.session).await, Err(Error::Raced)));
    assert_eq!(world.store.container_registry(ada.account, one.registry_id).await.unwrap().as_ref(), Some(&one));
    assert_eq!(ada.events().await, events);
    assert!(remove(ada.session).await.unwrap());
    assert!(!remove(ada.session).await.unwrap(), "once");
    assert_eq!(ada.events().await, events + 1);
    assert_eq!(ada.was_tried(tried(&one), Some("refused"), true).await, None, "nothing comes back");
    assert_eq!(ada.events().await, events + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_taken_by_one() {
    let world = World::new().await;
    let ada = Ada::joins(&world, "ada").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let next_check_at = NOW.saturating_add((4 - n) * SECOND);
        let new = ContainerRegistry { next_check_at, ..registry(&format!("{n}.example")) };
        ids.insert(0, ada.add(new, 9).await.unwrap().unwrap().registry_id);
    }
    let due = async |seconds: u32, limit| {
        let due = world.store.due_container_registries(NOW.saturating_add(seconds * SECOND), limit).await.unwrap();
        due.into_iter().map(|due| due.registry_id).collect::<Vec<_>>()
    };
    assert_eq!(due(0, 9).await, Vec::<Uuid>::new());
    assert_eq!(due(3, 9).await, ids[..3]);
    assert_eq!(due(3, 2).await, ids[..2], "the longest waiting first");
    let first = world.store.due_container_registries(NOW.saturating_add(SECOND), 1).await.unwrap()[0];
    let next = NOW.saturating_add(DAY);
    let answers = at_once(16, |_| {
        let store = world.store.clone();
        async move { store.take_due_container_registry(first, next).await.unwrap() }
    });
    let taken: Vec<_> = answers.await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].registry_id, taken[0].next_check_at), (ids[0], next));
    assert_eq!(due(3, 9).await, ids[1..3]);
}

//! Connections with providers of source code: what an attempt comes to, whose tokens are kept, what a look finds.
use latchkey_store::*;

use crate::{integration_attempts::attempt, world::*};

const MOST: u32 = 3;

fn after(seconds: u32) -> Micros {
    NOW.saturating_add(seconds * SECOND)
}

pub(crate) fn new(subject: &str) -> NewIntegration {
    NewIntegration {
        integration_id: id(),
        provider: "gitlab".into(),
        host: "git.example.com".into(),
        subject: subject.into(),
        login: format!("login of {subject}"),
        scopes: "read_api".into(),
        sealed: format!("sealed {subject}").into_bytes(),
        refreshable: true,
        expires_at: Some(after(3600)),
        now: NOW,
        next_check_at: NOW.saturating_add(DAY),
    }
}

fn connecting(by: SessionId, attempt: Uuid, new: NewIntegration) -> Connecting {
    Connecting {
        by,
        attempt,
        reconnect: None,
        new,
        most: MOST,
        connected: event("integration_connected", NOW),
        reconnected: event("integration_reconnected", NOW),
        mail: None,
    }
}

struct Ada {
    world: World,
    account: AccountId,
    session: SessionId,
}

impl Ada {
    async fn new() -> Self {
        let world = World::new().await;
        let account = world.with_account("ada").await.account_id;
        let (session, _) = world.with_session(account, NOW).await;
        Self { world, account, session: session.session_id }
    }

    async fn begins(&self) -> Uuid {
        let new = attempt();
        assert!(self.world.store.begin_attempt(self.account, self.session, new.clone(), NOW, MOST).await.unwrap());
        new.attempt_id
    }

    async fn comes_to(&self, change: impl FnOnce(&mut Connecting), new: NewIntegration) -> Result<Connected> {
        let mut connecting = connecting(self.session, self.begins().await, new);
        change(&mut connecting);
        self.world.store.connect_integration(self.account, connecting).await
    }

    async fn connects(&self, subject: &str) -> Integration {
        match self.comes_to(|_| {}, new(subject)).await.unwrap() {
            Connected::New(integration) => integration,
            other => panic!("{other:?}"),
        }
    }

    async fn all(&self) -> Vec<Integration> {
        self.world.store.list_integrations(self.account).await.unwrap()
    }

    async fn events(&self) -> i64 {
        self.world.store.count_events(self.account).await.unwrap()
    }
}

#[tokio::test]
async fn an_attempt_comes_to_a_connection_once() {
    let ada = Ada::new().await;
    let store = &ada.world.store;
    let attempt = ada.begins().await;
    let events = ada.events().await;
    let one = connecting(ada.session, attempt, new("42"));
    let made = match store.connect_integration(ada.account, one.clone()).await.unwrap() {
        Connected::New(made) => made,
        other => panic!("{other:?}"),
    };
    assert_eq!((made.generation, made.connected_at, made.checked_at), (1, NOW, NOW));
    assert_eq!((&made.failure, made.refresh_until, made.refreshable), (&None, None, true));
    assert_eq!(store.connect_integration(ada.account, one).await.unwrap(), Connected::NoAttempt);
    assert_eq!((ada.all().await, ada.events().await), (vec![made.clone()], events + 1));

    // The same account there again keeps its place.
    let newer = NewIntegration { sealed: b"newer".to_vec(), login: "renamed".into(), now: after(60), ..new("42") };
    let again = ada.comes_to(|_| {}, newer).await.unwrap();
    let Connected::Renewed { integration, replaced } = again else { panic!("{again:?}") };
    assert_eq!(replaced, made.sealed);
    let expected = Integration {
        sealed: b"newer".to_vec(),
        login: "renamed".into(),
        generation: 2,
        checked_at: after(60),
        ..made.clone()
    };
    assert_eq!((ada.all().await, integration.clone()), (vec![expected.clone()], expected));
    let to = |id| move |connecting: &mut Connecting| connecting.reconnect = Some(id);
    // One that is to work again is of the same account.
    let other = ada.comes_to(to(made.integration_id), new("7")).await.unwrap();
    assert_eq!(other, Connected::OtherAccount("renamed".into()));
    assert_eq!(ada.comes_to(to(id()), new("42")).await.unwrap(), Connected::Removed);
    assert_eq!((ada.all().await, ada.events().await), (vec![integration], events + 2), "nothing came of these");
    assert!(matches!(
        ada.comes_to(to(made.integration_id), new("42")).await.unwrap(),
        Connected::Renewed { integration, .. } if integration.generation == 3
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_more_than_there_may_be() {
    let ada = std::sync::Arc::new(Ada::new().await);
    let mut begun = Vec::new();
    for n in 0..5 {
        begun.push((ada.begins().await, n.to_string()));
    }
    let answers = at_once(5, |n| {
        let (ada, (attempt, subject)) = (ada.clone(), begun[n].clone());
        async move {
            let one = connecting(ada.session, attempt, new(&subject));
            ada.world.store.connect_integration(ada.account, one).await.unwrap()
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Connected::New(_))).count(), 3);
    assert_eq!(answers.iter().filter(|answer| **answer == Connected::Full).count(), 2);
    let store = &ada.world.store;
    assert!(!store.begin_attempt(ada.account, ada.session, attempt(), NOW, MOST).await.unwrap());
    let again = IntegrationAttempt { reconnect: Some(ada.all().await[0].integration_id), ..attempt() };
    assert!(store.begin_attempt(ada.account, ada.session, again, NOW, MOST).await.unwrap(), "that takes no room");
}

#[tokio::test]
async fn only_an_open_session_connects_and_removes() {
    let ada = Ada::new().await;
    let store = &ada.world.store;
    let made = ada.connects("42").await;
    let bob = ada.world.with_account("bob").await.account_id;
    let (of_bob, _) = ada.world.with_session(bob, NOW).await;
    let closed = SessionId(id());
    let remove = async |account, by| {
        store.remove_integration(account, by, made.integration_id, event("integration_disconnected", NOW)).await
    };
    assert!(matches!(remove(ada.account, closed).await, Err(Error::Raced)));
    assert_eq!(remove(bob, of_bob.session_id).await.unwrap(), None);
    assert_eq!(store.get_integration(bob, made.integration_id).await.unwrap(), None);
    assert!(matches!(ada.comes_to(|connecting| connecting.by = closed, new("7")).await, Err(Error::Raced)));
    let events = ada.events().await;
    assert_eq!(remove(ada.account, ada.session).await.unwrap(), Some(made.clone()), "with the last tokens");
    assert_eq!(remove(ada.account, ada.session).await.unwrap(), None);
    assert_eq!((ada.all().await, ada.events().await), (vec![], events + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_one_gets_the_new_tokens() {
    let ada = std::sync::Arc::new(Ada::new().await);
    let made = ada.connects("42").await;
    let (store, of, id) = (&ada.world.store, ada.account, made.integration_id);
    let lease = async |generation, now, until| store.lease_tokens(of, id, generation, now, until).await.unwrap();
    let leases = at_once(32, |_| {
        let ada = ada.clone();
        async move { ada.world.store.lease_tokens(ada.account, id, 1, NOW, after(30)).await.unwrap() }
    })
    .await;
    assert_eq!(leases.iter().filter(|leased| **leased).count(), 1);
    assert!(!lease(1, after(29), after(59)).await);
    assert!(lease(1, after(30), after(60)).await, "its time is over");
    // Of somebody else: nothing is given back.
    store.release_tokens(of, id, 1, after(30)).await.unwrap();
    assert!(!lease(1, after(31), after(61)).await);
    store.release_tokens(of, id, 1, after(60)).await.unwrap();
    assert!(lease(1, after(31), after(61)).await);

    let tokens = |scopes: Option<&str>| NewTokens {
        sealed: b"second".to_vec(),
        refreshable: false,
        expires_at: None,
        scopes: scopes.map(str::to_owned),
    };
    let second = store.replace_tokens(of, id, 1, tokens(None)).await.unwrap().unwrap();
    let expected = Integration {
        sealed: b"second".to_vec(),
        generation: 2,
        refreshable: false,
        expires_at: None,
        refresh_until: None,
        ..made
    };
    assert_eq!(second, expected);
    assert_eq!(store.replace_tokens(of, id, 1, tokens(None)).await.unwrap(), None, "these are not the ones any more");
    assert!(!lease(1, after(500), after(530)).await);
    let third = store.replace_tokens(of, id, 2, tokens(Some("api"))).await.unwrap().unwrap();
    assert_eq!((third.generation, &*third.scopes), (3, "api"));
}

#[tokio::test]
async fn one_that_is_due_is_taken_by_one() {
    let ada = Ada::new().await;
    let store = &ada.world.store;
    for (subject, seconds) in [("late", 20), ("early", 10), ("tomorrow", 86_400)] {
        ada.comes_to(|connecting| connecting.new.next_check_at = after(seconds), new(subject)).await.unwrap();
    }
    let due = async |seconds, limit| store.due_integrations(after(seconds), limit).await.unwrap();
    assert_eq!(due(9, 9).await, []);
    let found = due(20, 9).await;
    assert_eq!(found.iter().map(|(_, _, at)| *at).collect::<Vec<_>>(), [after(10), after(20)]);
    assert_eq!(due(20, 1).await, found[..1]);
    let (account, id, was) = found[0];
    let taken = store.take_integration_check(account, id, was, after(99)).await.unwrap().unwrap();
    assert_eq!((&*taken.subject, taken.next_check_at), ("early", after(99)));
    assert_eq!(store.take_integration_check(account, id, was, after(99)).await.unwrap(), None);
    assert_eq!(due(20, 9).await, found[1..]);
}

#[tokio::test]
async fn what_is_found_is_of_the_tokens_that_were_looked_at() {
    let ada = Ada::new().await;
    let id = ada.connects("42").await.integration_id;
    let events = ada.events().await;
    let look = async |generation, seconds, found| {
        let check = Check { generation, at: after(seconds), next_check_at: after(seconds + 1), found };
        let breaks = ada.world.store.record_integration_check(ada.account, id, check).await.unwrap();
        let row = ada.all().await.remove(0);
        assert!(row.checked_at == NOW || row.next_check_at == row.checked_at.saturating_add(SECOND));
        (breaks, row.failure, row.detail)
    };
    let works = || Found::Works { login: "renamed".into(), scopes: None };
    let doubt = || Found::InDoubt { detail: "away".into() };
    let broken = |failure: &'static str| Found::Broken {
        failure,
        detail: format!("is {failure}"),
        event: event("integration_failed", NOW),
    };
    let known = |failure: &str| (Some(failure.to_owned()), Some(format!("is {failure}")));
    let away = || (Some("unreachable".to_owned()), Some("away".to_owned()));
    let is = |breaks, (failure, detail)| (breaks, failure, detail);
    for found in [works(), doubt(), broken("revoked")] {
        assert_eq!(look(2, 5, found).await, (false, None, None), "of other tokens");
    }
    assert_eq!(ada.all().await[0].checked_at, NOW);
    assert_eq!(look(1, 10, doubt()).await, is(false, away()));
    assert_eq!(ada.events().await, events);
    assert_eq!(look(1, 20, broken("refused")).await, is(true, known("refused")), "from doubt to certainty");
    assert_eq!(look(1, 30, broken("revoked")).await, is(false, known("revoked")), "told once");
    assert_eq!(look(1, 40, doubt()).await, is(false, known("revoked")), "what is known stays known");
    assert_eq!(ada.all().await[0].checked_at, after(40));
    assert_eq!(ada.events().await, events + 1);
    assert_eq!(look(1, 50, works()).await, (false, None, None));
    assert_eq!(look(1, 60, broken("revoked")).await, is(true, known("revoked")));
    assert_eq!(ada.events().await, events + 2);
    let row = ada.all().await.remove(0);
    assert_eq!((&*row.login, &*row.scopes), ("renamed", "read_api"), "what is not said stays");
}

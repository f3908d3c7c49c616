use latchkey_store::*;

use crate::world::*;

const WEEK: u32 = 7;

fn named(name: &str, at: Micros) -> NewApiKey {
    let key = id();
    let mut token_hash = [9; 32];
    token_hash[..16].copy_from_slice(key.as_bytes());
    NewApiKey {
        key_id: ApiKeyId(key),
        token_hash,
        name: name.into(),
        scope_api: true,
        scope_registry: false,
        last_four: "3f9a".into(),
        created_at: at,
        expires_at: Some(at.saturating_add(WEEK * DAY)),
        next_reminder_at: Some(at.saturating_add(6 * DAY)),
    }
}

fn personal(fill: u8) -> NewPersonalApiKey {
    NewPersonalApiKey {
        key_id: ApiKeyId(id()),
        token_hash: [fill; 32],
        sealed: vec![fill; 40],
        last_four: "3f9a".into(),
        created_at: NOW,
    }
}

fn mail() -> NewMail {
    let expires_at = NOW.saturating_add(30 * DAY);
    NewMail { mail_id: id(), has_code: false, sealed: vec![1], next_attempt_at: NOW, expires_at }
}

/// Somebody with an open session and one that was closed.
async fn ada(world: &World) -> (Account, SessionId, SessionId) {
    let ada = world.with_account("ada").await;
    let [open, closed] = [world.with_session(ada.account_id, NOW).await, world.with_session(ada.account_id, NOW).await]
        .map(|(new, _)| new.session_id);
    let reason = CloseReason::SignedOut;
    world.store.close_session(ada.account_id, None, closed, reason, NOW, event("signed_out", NOW)).await.unwrap();
    (ada, open, closed)
}

async fn add(world: &World, account: AccountId, by: SessionId, new: &NewApiKey) -> Result<bool> {
    let created = event("api_key_created", NOW);
    world.store.add_api_key(account, by, new.clone(), 100, created, None).await
}

#[tokio::test]
async fn a_key_is_found_by_its_token_inside_its_account_only_by_one_read() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let bob = world.with_account("bob").await;
    let new = NewApiKey { scope_registry: true, ..named("Nightly", NOW) };
    assert!(add(&world, ada.account_id, open, &new).await.unwrap());
    let expected = ApiKey {
        key_id: new.key_id,
        name: "Nightly".into(),
        scope_api: true,
        scope_registry: true,
        last_four: "3f9a".into(),
        created_at: NOW,
        expires_at: new.expires_at,
        last_used_at: None,
        last_used_ip: None,
    };
    let before = world.store.statistics();
    let found = world.store.check_api_key(ada.account_id, &new.token_hash).await.unwrap();
    assert_eq!(world.store.statistics(), Statistics { reads: before.reads + 1, ..before });
    assert_eq!(found, Some((expected.clone(), ada.clone())));
    assert_eq!(world.store.check_api_key(bob.account_id, &new.token_hash).await.unwrap(), None);
    assert_eq!(world.store.check_api_key(ada.account_id, &[1; 32]).await.unwrap(), None);
    assert_eq!(world.store.api_key(ada.account_id, new.key_id).await.unwrap(), Some(expected));
    assert_eq!(world.store.api_key(bob.account_id, new.key_id).await.unwrap(), None);

    let new = personal(5);
    let generated = event("api_key_generated", NOW);
    world.store.replace_personal_api_key(ada.account_id, open, new.clone(), generated, None).await.unwrap();
    let before = world.store.statistics();
    let (key, account) = world.store.check_personal_api_key(ada.account_id, &[5; 32]).await.unwrap().unwrap();
    assert_eq!(world.store.statistics(), Statistics { reads: before.reads + 1, ..before });
    assert_eq!((key.key_id, key.sealed.clone(), account), (new.key_id, new.sealed, ada.clone()));
    assert_eq!(world.store.check_personal_api_key(ada.account_id, &[6; 32]).await.unwrap(), None);
    assert_eq!(world.store.check_personal_api_key(bob.account_id, &[5; 32]).await.unwrap(), None);
    assert_eq!(world.store.personal_api_key(ada.account_id).await.unwrap(), Some(key));
    assert_eq!(world.store.personal_api_key(bob.account_id).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_that_was_closed_does_nothing_with_keys() {
    let world = World::new().await;
    let (ada, open, closed) = ada(&world).await;
    let (id, store) = (ada.account_id, &world.store);
    let new = named("Nightly", NOW);
    add(&world, id, open, &new).await.unwrap();
    let events = store.count_events(id).await.unwrap();
    let raced = |result: Result<()>| assert!(matches!(result, Err(Error::Raced)));
    raced(add(&world, id, closed, &named("Thief's", NOW)).await.map(drop));
    let generated = event("api_key_generated", NOW);
    raced(store.replace_personal_api_key(id, closed, personal(1), generated, Some(mail())).await);
    raced(store.delete_api_key(id, closed, new.key_id, event("api_key_deleted", NOW)).await.map(drop));
    assert_eq!(store.list_api_keys(id, None, 10).await.unwrap().len(), 1);
    assert_eq!(store.personal_api_key(id).await.unwrap(), None);
    assert_eq!(store.count_events(id).await.unwrap(), events);
    assert_eq!(store.due_mail(false, NOW, 9).await.unwrap(), []);
}

#[tokio::test]
async fn no_number_of_callers_at_once_gets_more_keys_than_there_may_be() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let answers = at_once(24, |n| {
        let (store, id) = (world.store.clone(), ada.account_id);
        let (new, created) = (named(&format!("Key {n}"), NOW), event("api_key_created", NOW));
        async move { store.add_api_key(id, open, new, 10, created, Some(mail())).await.unwrap() }
    })
    .await;
    assert_eq!(answers.into_iter().filter(|added| *added).count(), 10);
    let events = world.store.list_events(ada.account_id, None, None, 100).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == "api_key_created").count(), 10);
    assert_eq!(world.store.due_mail(false, NOW, 99).await.unwrap().len(), 10);
}

#[tokio::test]
async fn of_two_who_delete_a_key_one_does() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let new = named("Nightly", NOW);
    add(&world, ada.account_id, open, &new).await.unwrap();
    let answers = at_once(8, |_| {
        let (store, id, key) = (world.store.clone(), ada.account_id, new.key_id);
        async move { store.delete_api_key(id, open, key, event("api_key_deleted", NOW)).await.unwrap() }
    })
    .await;
    assert_eq!(answers.into_iter().filter(|deleted| *deleted).count(), 1);
    assert_eq!(world.store.check_api_key(ada.account_id, &new.token_hash).await.unwrap(), None);
}

#[tokio::test]
async fn of_many_replacements_one_key_is_left() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    at_once(32, |n| {
        let (store, id) = (world.store.clone(), ada.account_id);
        let new = personal(u8::try_from(n).unwrap());
        async move {
            store.replace_personal_api_key(id, open, new, event("api_key_generated", NOW), None).await.unwrap();
        }
    })
    .await;
    let mut works = 0;
    for n in 0..32 {
        works += usize::from(world.store.check_personal_api_key(ada.account_id, &[n; 32]).await.unwrap().is_some());
    }
    assert_eq!(works, 1);
}

#[tokio::test]
async fn the_list_has_the_newest_first_and_pages_lose_none() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let mut expected = Vec::new();
    for n in 0..7 {
        let new = named(&format!("Key {n}"), NOW);
        add(&world, ada.account_id, open, &new).await.unwrap();
        expected.insert(0, new.key_id);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.list_api_keys(ada.account_id, after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key_id);
        seen.extend(page.into_iter().map(|key| key.key_id));
    }
    assert_eq!(seen, expected);
}

/// Whoever was let in with a key writes only while it is there, has not ended, and its account is not disabled.
#[tokio::test]
async fn what_is_done_with_a_key_is_held_by_it() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let (id, store) = (ada.account_id, &world.store);
    let (new, for_ever) = (named("Nightly", NOW), NewApiKey { expires_at: None, ..named("For ever", NOW) });
    for key in [&new, &for_ever] {
        add(&world, id, open, key).await.unwrap();
    }
    let mine = personal(1);
    store.replace_personal_api_key(id, open, mine.clone(), event("api_key_generated", NOW), None).await.unwrap();
    let acts = async |actor: Actor, now: Micros| {
        let done = store.delete_avatar(id, Some(actor), now, event("avatar_removed", now)).await;
        !matches!(done, Err(Error::Raced))
    };
    let (end, later) = (new.expires_at.unwrap(), NOW.saturating_add(365 * DAY));
    assert!(acts(Actor::ApiKey(new.key_id), NOW).await);
    assert!(!acts(Actor::ApiKey(new.key_id), end).await, "it has ended");
    assert!(!acts(Actor::PersonalApiKey(new.key_id), NOW).await, "another kind of key");
    assert!(acts(Actor::ApiKey(for_ever.key_id), later).await);
    assert!(acts(Actor::PersonalApiKey(mine.key_id), later).await);
    store.disable_account(id, NOW, event("account_disabled", NOW)).await.unwrap();
    for actor in [Actor::ApiKey(for_ever.key_id), Actor::PersonalApiKey(mine.key_id)] {
        assert!(!acts(actor, NOW).await, "the account is disabled");
    }
    store.enable_account(id, event("account_enabled", NOW)).await.unwrap();
    let (again, _) = world.with_session(id, NOW).await;
    let by = again.session_id;
    store.delete_api_key(id, by, for_ever.key_id, event("api_key_deleted", NOW)).await.unwrap();
    store.replace_personal_api_key(id, by, personal(2), event("api_key_generated", NOW), None).await.unwrap();
    for actor in [Actor::ApiKey(for_ever.key_id), Actor::PersonalApiKey(mine.key_id)] {
        assert!(!acts(actor, NOW).await, "it is gone");
    }
}

#[tokio::test]
async fn marks_of_use_only_move_forward_and_touch_no_other_key() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let id = ada.account_id;
    let mut keys = Vec::new();
    for n in 0..90 {
        let new = named(&format!("Key {n}"), NOW);
        add(&world, id, open, &new).await.unwrap();
        keys.push(new.key_id);
    }
    let mine = personal(1);
    world.store.replace_personal_api_key(id, open, mine.clone(), event("x", NOW), None).await.unwrap();
    let used = |key, personal, seconds: u32, ip: &str| ApiKeyUse {
        account: id,
        key,
        personal,
        at: NOW.saturating_add(seconds * SECOND),
        ip_address: Some(ip.into()),
    };
    let mut marks: Vec<_> = keys[..85].iter().map(|key| used(*key, false, 60, "192.0.2.1")).collect();
    marks.push(used(keys[0], false, 90, "192.0.2.9"));
    marks.push(used(keys[0], false, 30, "192.0.2.3"));
    marks.push(used(mine.key_id, true, 60, "2001:db8::7"));
    assert_eq!(world.store.touch_api_keys(&marks).await.unwrap(), 86);
    let late = [used(keys[0], false, 80, "192.0.2.4"), used(mine.key_id, false, 99, "192.0.2.4")];
    assert_eq!(world.store.touch_api_keys(&late).await.unwrap(), 0);
    let mark = async |key| {
        let found = world.store.api_key(id, key).await.unwrap().unwrap();
        (found.last_used_at.map(|at| (at.0 - NOW.0) / 1_000_000), found.last_used_ip)
    };
    assert_eq!(mark(keys[0]).await, (Some(90), Some("192.0.2.9".into())));
    assert_eq!(mark(keys[84]).await, (Some(60), Some("192.0.2.1".into())));
    assert_eq!(mark(keys[85]).await, (None, None));
    let found = world.store.personal_api_key(id).await.unwrap().unwrap();
    assert_eq!(found.last_used_ip.as_deref(), Some("2001:db8::7"));
    // A new key was not used.
    world.store.replace_personal_api_key(id, open, personal(2), event("x", NOW), None).await.unwrap();
    let found = world.store.personal_api_key(id).await.unwrap().unwrap();
    assert_eq!((found.last_used_at, found.last_used_ip), (None, None));
    assert_eq!(world.store.touch_api_keys(&[]).await.unwrap(), 0);
}

#[tokio::test]
async fn of_many_nodes_that_find_a_reminder_due_one_sends_it() {
    let world = World::new().await;
    let (ada, open, _) = ada(&world).await;
    let new = named("Nightly", NOW);
    add(&world, ada.account_id, open, &new).await.unwrap();
    let silent = NewApiKey { expires_at: None, next_reminder_at: None, ..named("For ever", NOW) };
    add(&world, ada.account_id, open, &silent).await.unwrap();
    let at = new.next_reminder_at.unwrap();
    let other = NewApiKey { next_reminder_at: Some(at.saturating_add(DAY)), ..named("Weekly", NOW) };
    add(&world, ada.account_id, open, &other).await.unwrap();
    let (store, id) = (&world.store, ada.account_id);
    assert_eq!(store.accounts_to_remind(Micros(at.0 - 1), 9).await.unwrap(), []);
    assert_eq!(store.accounts_to_remind(at.saturating_add(DAY), 9).await.unwrap(), [id], "once, with two keys");
    let due = store.api_key_reminders(id, Micros(at.0 + 1)).await.unwrap();
    assert_eq!(due.iter().map(|due| (due.key.key_id, due.next_reminder_at)).collect::<Vec<_>>(), [(new.key_id, at)]);
    let again = at.saturating_add(DAY);
    let taken = |key_id, was, next| TakenReminder { key_id, was, next };
    let answers = at_once(8, |_| {
        let store = store.clone();
        let taken = vec![taken(new.key_id, at, Some(again))];
        async move { store.take_api_key_reminders(id, taken, Some(mail())).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(Error::Raced))));
    assert_eq!(store.due_mail(false, NOW, 9).await.unwrap().len(), 1);
    // All or nothing.
    let both = vec![taken(other.key_id, again, None), taken(new.key_id, at, None)];
    assert!(matches!(store.take_api_key_reminders(id, both, Some(mail())).await, Err(Error::Raced)));
    let both = vec![taken(other.key_id, again, None), taken(new.key_id, again, None)];
    store.take_api_key_reminders(id, both, None).await.unwrap();
    assert_eq!(store.due_mail(false, NOW, 9).await.unwrap().len(), 1);
    assert_eq!(store.accounts_to_remind(Micros(i64::MAX), 9).await.unwrap(), []);
}

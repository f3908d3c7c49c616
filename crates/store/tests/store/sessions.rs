use latchkey_store::*;

use crate::world::*;

pub(crate) fn after(seconds: u32) -> Micros {
    NOW.saturating_add(seconds * SECOND)
}

pub(crate) async fn pages(store: &Store, account: AccountId, now: Micros, limit: i64) -> Vec<Session> {
    let (mut seen, mut behind) = (Vec::new(), None);
    loop {
        let page = store.list_sessions(account, now, behind, limit).await.unwrap();
        assert!(page.len() <= usize::try_from(limit).unwrap());
        let Some(last) = page.last() else { return seen };
        behind = Some((last.last_modified_at, last.session_id));
        seen.extend(page);
    }
}

#[tokio::test]
async fn a_session_is_found_by_its_token_inside_its_account_only() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await, world.with_account("bob").await);
    let (new, session) = world.with_session(ada.account_id, NOW).await;
    let expected = Session {
        session_id: new.session_id,
        device: new.device.clone(),
        created_at: NOW,
        last_authentication_at: NOW,
        last_second_factor_at: None,
        last_modified_at: NOW,
        expires_at: new.expires_at,
        closed_at: None,
        close_reason: None,
    };
    assert_eq!(session, expected);
    let checked = world.store.check_session(ada.account_id, &new.token_hash).await.unwrap();
    assert_eq!(checked, Some((expected.clone(), ada.clone())));
    assert_eq!(world.store.check_session(bob.account_id, &new.token_hash).await.unwrap(), None);
    assert_eq!(world.store.check_session(ada.account_id, &[9; 32]).await.unwrap(), None);
    assert_eq!(world.store.get_session(ada.account_id, new.session_id).await.unwrap(), Some(expected));
    assert_eq!(world.store.get_session(bob.account_id, new.session_id).await.unwrap(), None);
}

#[tokio::test]
async fn every_field_of_a_device_comes_back_where_it_belongs() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let device = Device {
        browser: Some("Firefox".into()),
        browser_version: Some("150.0".into()),
        operating_system: Some("Debian 13".into()),
        model: Some("ThinkPad X1".into()),
        ip_address: Some("2001:db8::7".into()),
        engine: Some("Gecko 150".into()),
        cpu_architecture: Some("x86_64".into()),
    };
    let new = NewSession { device: device.clone(), ..session_of(ada.account_id, NOW) };
    assert_eq!(
        world.store.add_session(new.clone(), PHC, event("signed_in", NOW)).await.unwrap().unwrap().device,
        device
    );
    let (checked, _) = world.store.check_session(ada.account_id, &new.token_hash).await.unwrap().unwrap();
    assert_eq!(checked.device, device);
}

#[tokio::test]
async fn only_an_enabled_account_gets_a_session() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    world.store.disable_account(ada.account_id, NOW, event("account_disabled", NOW)).await.unwrap();
    assert_eq!(
        world.store.add_session(session_of(ada.account_id, NOW), PHC, event("signed_in", NOW)).await.unwrap(),
        None
    );
    assert_eq!(
        world.store.add_session(session_of(AccountId(id()), NOW), PHC, event("signed_in", NOW)).await.unwrap(),
        None
    );
    assert_eq!(world.store.list_sessions(ada.account_id, NOW, None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn ids_and_tokens_of_sessions_are_unique() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let (first, _) = world.with_session(ada.account_id, NOW).await;
    let same_id = NewSession { session_id: first.session_id, ..session_of(ada.account_id, NOW) };
    assert!(matches!(
        world.store.add_session(same_id, PHC, event("signed_in", NOW)).await,
        Err(Error::Conflict(Unique::Session))
    ));
    let same_token = NewSession { token_hash: first.token_hash, ..session_of(ada.account_id, NOW) };
    assert!(matches!(
        world.store.add_session(same_token, PHC, event("signed_in", NOW)).await,
        Err(Error::Conflict(Unique::SessionToken))
    ));
}

#[tokio::test]
async fn the_list_has_open_sessions_by_last_use_and_pages_lose_none() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await, world.with_account("bob").await);
    let mut open = Vec::new();
    // Three of each moment, so that pages end between sessions of the same moment.
    for i in 0..21 {
        open.push(world.with_session(ada.account_id, after(i / 3)).await.1);
    }
    let (closed, _) = world.with_session(ada.account_id, NOW).await;
    assert!(world.signs_out(ada.account_id, closed.session_id, after(1)).await);
    let expired = NewSession { expires_at: after(50), ..session_of(ada.account_id, NOW) };
    world.store.add_session(expired, PHC, event("signed_in", NOW)).await.unwrap();
    world.with_session(bob.account_id, NOW).await;

    open.sort_by_key(|s| std::cmp::Reverse((s.last_modified_at, s.session_id)));
    for limit in [1, 2, 3, 7, 100] {
        assert_eq!(pages(&world.store, ada.account_id, after(50), limit).await, open, "pages of {limit}");
    }
}

#[tokio::test]
async fn closing_keeps_the_reason_and_happens_once() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let (new, session) = world.with_session(ada.account_id, NOW).await;
    let close = |reason, at| {
        world.store.close_session(ada.account_id, None, new.session_id, reason, at, event("session_closed", NOW))
    };
    assert!(close(CloseReason::PasswordChanged, after(5)).await.unwrap());
    assert!(!close(CloseReason::SignedOut, after(6)).await.unwrap());
    let (checked, _) = world.store.check_session(ada.account_id, &new.token_hash).await.unwrap().unwrap();
    let expected = Session { closed_at: Some(after(5)), close_reason: Some(CloseReason::PasswordChanged), ..session };
    assert_eq!(checked, expected);

    let (brief, _) = world.with_session(ada.account_id, NOW).await;
    let late = brief.expires_at;
    assert!(!world.signs_out(ada.account_id, brief.session_id, late).await, "what has expired is not open");
}

#[tokio::test]
async fn every_reason_comes_back_and_one_of_a_newer_node_is_unknown() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    for (reason, word) in CloseReason::ALL {
        let (new, _) = world.with_session(ada.account_id, NOW).await;
        assert!(
            world
                .store
                .close_session(ada.account_id, None, new.session_id, *reason, NOW, event("session_closed", NOW))
                .await
                .unwrap()
        );
        let session = world.store.get_session(ada.account_id, new.session_id).await.unwrap().unwrap();
        assert_eq!(session.close_reason, Some(*reason));
        assert_eq!(reason.as_str(), *word);
    }
    let mut other = world.look().await;
    sqlx::query("UPDATE sessions SET close_reason = 'moved_to_mars'").execute(&mut other).await.unwrap();
    let reason = sqlx::query_scalar::<_, CloseReason>("SELECT close_reason FROM sessions").fetch_one(&mut other).await;
    assert_eq!(reason.unwrap(), CloseReason::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_who_close_one_session_one_has_done_it() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let (new, _) = world.with_session(ada.account_id, NOW).await;
    let answers = at_once(64, |_| {
        let (store, account, session) = (world.store.clone(), ada.account_id, new.session_id);
        async move {
            store
                .close_session(
                    account,
                    None,
                    session,
                    CloseReason::ClosedByOwner,
                    after(1),
                    event("session_closed", NOW),
                )
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|closed| **closed).count(), 1);
}

#[tokio::test]
async fn closing_others_keeps_one_and_counts_only_the_open_ones_of_the_account() {
    let world = World::new().await;
    let (ada, bob) = (world.with_account("ada").await, world.with_account("bob").await);
    let (keep, kept) = world.with_session(ada.account_id, NOW).await;
    for _ in 0..5 {
        world.with_session(ada.account_id, NOW).await;
    }
    let expired = NewSession { expires_at: after(1), ..session_of(ada.account_id, NOW) };
    world.store.add_session(expired, PHC, event("signed_in", NOW)).await.unwrap();
    let (_, of_bob) = world.with_session(bob.account_id, NOW).await;

    let reason = CloseReason::ClosedByOwner;
    let others = |at| {
        let event = counted("sessions_closed", at);
        world.store.close_sessions(ada.account_id, Some(keep.session_id), reason, at, event)
    };
    assert_eq!(others(after(2)).await.unwrap(), 5);
    assert_eq!(others(after(3)).await.unwrap(), 0);
    assert_eq!(world.store.list_sessions(ada.account_id, after(3), None, 10).await.unwrap(), [kept]);
    let (reason, event) = (CloseReason::AccountDisabled, counted("sessions_closed", after(4)));
    let all = world.store.close_sessions(ada.account_id, None, reason, after(4), event).await.unwrap();
    assert_eq!(all, 1);
    assert_eq!(world.store.list_sessions(ada.account_id, after(4), None, 10).await.unwrap(), []);
    assert_eq!(world.store.list_sessions(bob.account_id, after(4), None, 10).await.unwrap(), [of_bob]);
}

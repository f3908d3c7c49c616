use latchkey_store::*;

use crate::world::*;

const CODE: [u8; 32] = [7; 32];

fn mail() -> NewMail {
    NewMail {
        mail_id: id(),
        has_code: true,
        sealed: Vec::new(),
        next_attempt_at: NOW,
        expires_at: NOW.saturating_add(DAY),
    }
}

async fn starts(world: &World, account: AccountId, code: [u8; 32]) -> bool {
    let until = NOW.saturating_add(DAY);
    world
        .store
        .start_password_reset(account, "ada@example.org", code, until, event("password_reset_requested", NOW), mail())
        .await
        .unwrap()
}

fn reset(code_hash: [u8; 32]) -> ResetPassword {
    ResetPassword {
        code_hash,
        password_phc: "$new".into(),
        second_factor: None,
        now: NOW,
        event: Box::new(|_| event("password_reset", NOW)),
        backup_code_event: Box::new(|_| event("backup_code_used", NOW)),
        mail: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_guesses_at_once_five_are_looked_at() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    assert_eq!(world.store.attempt_password_reset(ada, 5, NOW).await.unwrap(), None);
    assert!(starts(&world, ada, CODE).await);
    let looked_at = at_once(64, |_| {
        let store = world.store.clone();
        async move { store.attempt_password_reset(ada, 5, NOW).await.unwrap() }
    })
    .await
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    assert_eq!(looked_at, vec![ResetCodes { code_hash: CODE.to_vec(), previous_hash: None }; 5]);
    world.store.forgive_password_reset(ada, CODE).await.unwrap();
    assert!(world.store.attempt_password_reset(ada, 5, NOW).await.unwrap().is_some());
    assert!(starts(&world, ada, [8; 32]).await);
    let both = ResetCodes { code_hash: vec![8; 32], previous_hash: Some(CODE.to_vec()) };
    assert_eq!(world.store.attempt_password_reset(ada, 5, NOW).await.unwrap(), Some(both));
    assert_eq!(world.store.attempt_password_reset(ada, 5, NOW.saturating_add(2 * DAY)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_16_resets_at_once_one_sets_its_password() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    let (_, session) = world.with_session(ada, NOW).await;
    starts(&world, ada, CODE).await;
    let raced = world.store.reset_password(ada, reset([9; 32])).await.unwrap_err();
    assert!(matches!(raced, Error::Raced), "{raced}");
    let set = at_once(16, |_| {
        let store = world.store.clone();
        async move { store.reset_password(ada, reset(CODE)).await.is_ok() }
    });
    assert_eq!(set.await.into_iter().filter(|set| *set).count(), 1);
    assert_eq!(world.store.credentials(ada).await.unwrap().unwrap().password_phc, "$new");
    let closed = world.store.get_session(ada, session.session_id).await.unwrap().unwrap();
    assert_eq!(closed.close_reason, Some(CloseReason::PasswordChanged));
    let kinds: Vec<_> =
        world.store.list_events(ada, None, None, 10).await.unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["password_reset", "password_reset_requested", "signed_in", "account_created"]);
}

#[tokio::test]
async fn the_code_before_counts_as_long_as_it_would_have() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    starts(&world, ada, CODE).await;
    let until = NOW.saturating_add(2 * DAY);
    let event = event("password_reset_requested", NOW);
    assert!(world.store.start_password_reset(ada, "ada@example.org", [8; 32], until, event, mail()).await.unwrap());
    let late = NOW.saturating_add(DAY);
    let only = ResetCodes { code_hash: vec![8; 32], previous_hash: None };
    assert_eq!(world.store.attempt_password_reset(ada, 5, late).await.unwrap(), Some(only));
    let too_late = ResetPassword { now: late, ..reset(CODE) };
    assert!(matches!(world.store.reset_password(ada, too_late).await, Err(Error::Raced)));
    world.store.reset_password(ada, reset(CODE)).await.unwrap();
    assert!(matches!(world.store.reset_password(ada, reset([8; 32])).await, Err(Error::Raced)), "both are spent");
}

/// The address changed between reading it and writing the code down.
#[tokio::test]
async fn no_code_goes_to_an_address_that_is_not_the_persons_any_more() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    starts(&world, ada.account_id, CODE).await;
    let change =
        ProfileChange { email_key: "new@example.org".into(), email: "new@example.org".into(), ..profile(&ada) };
    world.store.update_profile(ada.account_id, ada.version, change, NOW).await.unwrap();
    assert_eq!(world.store.attempt_password_reset(ada.account_id, 5, NOW).await.unwrap(), None);
    assert!(!starts(&world, ada.account_id, CODE).await);
}

#[tokio::test]
async fn nothing_begins_on_a_disabled_account() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    world.store.disable_account(ada, NOW, event("account_disabled", NOW)).await.unwrap();
    assert!(!starts(&world, ada, CODE).await);
    assert!(!starts(&world, AccountId(id()), CODE).await);
    assert!(world.store.due_mail(true, NOW, 10).await.unwrap().is_empty());
}

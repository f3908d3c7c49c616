use latchkey_store::*;

use crate::world::*;

const CODE: [u8; 32] = [7; 32];

async fn waits(world: &World, account: &Account, email: &str) -> Account {
    let new = NewEmailChange {
        email: email.into(),
        email_key: email.to_lowercase(),
        code_hash: CODE,
        expires_at: NOW.saturating_add(DAY),
    };
    let change = ProfileChange {
        pending: Pending::Wait(new),
        events: vec![event("email_change_requested", NOW)],
        ..profile(account)
    };
    match world.store.update_profile(account.account_id, account.version, change, NOW).await.unwrap() {
        ProfileUpdate::Updated(account) => account,
        other => panic!("{other:?}"),
    }
}

async fn confirms(world: &World, account: &Account) -> Result<Option<Account>> {
    world.store.confirm_email_change(account.account_id, None, CODE, NOW, event("email_changed", NOW), None).await
}

#[tokio::test]
async fn a_new_address_takes_the_place_of_the_old_one() {
    let world = World::new().await;
    let ada = world.with_account("Ada").await;
    let waiting = waits(&world, &ada, "Ada@new.example").await;
    assert_eq!((waiting.pending_email.as_deref(), waiting.version), (Some("Ada@new.example"), ada.version + 1));
    assert_eq!(world.store.find_login(LoginKind::Email, "ada@new.example").await.unwrap(), None);
    let attempt = world.store.attempt_email_change(ada.account_id, 5, NOW).await.unwrap().unwrap();
    assert_eq!(attempt, EmailChange { email: "Ada@new.example".into(), code_hash: CODE.to_vec() });
    let changed = confirms(&world, &ada).await.unwrap().unwrap();
    assert_eq!((&*changed.email, changed.pending_email.as_deref()), ("Ada@new.example", None));
    assert_eq!(world.store.find_login(LoginKind::Email, "ada@example.org").await.unwrap(), None);
    assert_eq!(world.store.find_login(LoginKind::Email, "ada@new.example").await.unwrap(), Some(ada.account_id));
    assert_eq!(confirms(&world, &ada).await.unwrap(), None);
}

/// Somebody else was faster: nothing of it stays, and the code is still good.
#[tokio::test]
async fn a_taken_address_undoes_the_confirmation() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    waits(&world, &ada, "bob@example.org").await;
    world.with_account("bob").await;
    let taken = confirms(&world, &ada).await.unwrap_err();
    assert!(matches!(&taken, Error::Taken(kinds) if kinds == &[LoginKind::Email]), "{taken}");
    let still = world.store.account(ada.account_id).await.unwrap().unwrap();
    assert_eq!((&*still.email, still.pending_email.as_deref()), ("ada@example.org", Some("bob@example.org")));
    assert!(world.store.attempt_email_change(ada.account_id, 5, NOW).await.unwrap().is_some());
    assert_eq!(world.store.count_events(ada.account_id).await.unwrap(), 2);
}

#[tokio::test]
async fn it_is_given_up_once() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let cancel =
        async || world.store.cancel_email_change(ada.account_id, None, NOW, event("email_change_cancelled", NOW)).await;
    assert_eq!(cancel().await.unwrap(), None);
    let waiting = waits(&world, &ada, "ada@new.example").await;
    let cancelled = cancel().await.unwrap().unwrap();
    assert_eq!((cancelled.pending_email.as_deref(), cancelled.version), (None, waiting.version + 1));
    assert_eq!(cancel().await.unwrap(), None);
    assert_eq!(world.store.attempt_email_change(ada.account_id, 5, NOW).await.unwrap(), None);
    assert_eq!(world.store.count_events(ada.account_id).await.unwrap(), 3);
}

use latchkey_store::*;

use crate::world::*;

fn mail() -> NewMail {
    NewMail {
        mail_id: id(),
        has_code: false,
        sealed: vec![1, 2, 3],
        next_attempt_at: NOW,
        expires_at: NOW.saturating_add(DAY),
    }
}

/// Two stores on one database, as two nodes are.
#[tokio::test(flavor = "multi_thread")]
async fn of_64_senders_on_two_nodes_one_has_a_message() {
    let world = World::new().await;
    let other = world.home.open().await;
    let (account, mail) = (AccountId(id()), mail());
    let (mail_id, lease) = (mail.mail_id, NOW.saturating_add(3 * SECOND));
    world.store.add_mail(account, mail).await.unwrap();
    assert_eq!(world.store.due_mail(false, NOW, 10).await.unwrap(), [(account, mail_id)]);
    let taken: Vec<_> = at_once(64, |i| {
        let store = if i % 2 == 0 { world.store.clone() } else { other.clone() };
        async move { store.take_mail(account, mail_id, NOW, lease).await.unwrap() }
    })
    .await
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(taken, [TakenMail { sealed: vec![1, 2, 3], attempts: 1, expires_at: NOW.saturating_add(DAY) }]);
    assert!(world.store.due_mail(false, NOW, 10).await.unwrap().is_empty());

    // Its sender died: the next one has it when the lease is over, and then the first one's word counts no more.
    let late = lease.saturating_add(3 * SECOND);
    let again = other.take_mail(account, mail_id, lease, late).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
    world.store.retry_mail(account, mail_id, lease, NOW).await.unwrap();
    assert!(world.store.due_mail(false, lease, 10).await.unwrap().is_empty());
    other.retry_mail(account, mail_id, late, NOW).await.unwrap();
    assert_eq!(world.store.due_mail(false, NOW, 10).await.unwrap().len(), 1);
    world.store.remove_mail(account, mail_id).await.unwrap();
    assert!(other.due_mail(false, late, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn mail_with_a_code_waits_behind_no_other() {
    let world = World::new().await;
    let account = AccountId(id());
    let code = NewMail { has_code: true, next_attempt_at: NOW.saturating_add(SECOND), ..mail() };
    let code_id = code.mail_id;
    for mail in [mail(), mail(), code] {
        world.store.add_mail(account, mail).await.unwrap();
    }
    let now = NOW.saturating_add(SECOND);
    assert_eq!(world.store.due_mail(true, now, 1).await.unwrap(), [(account, code_id)]);
    assert_eq!(world.store.due_mail(false, now, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_longest_waiting_goes_first() {
    let world = World::new().await;
    let account = AccountId(id());
    for seconds in [3, 1, 2] {
        let mail = NewMail { next_attempt_at: NOW.saturating_add(seconds * SECOND), ..mail() };
        world.store.add_mail(account, mail).await.unwrap();
    }
    let due = async |seconds: u32, limit| {
        world.store.due_mail(false, NOW.saturating_add(seconds * SECOND), limit).await.unwrap()
    };
    let all = due(3, 10).await;
    assert_eq!((all.len(), due(0, 10).await.len(), due(2, 10).await), (3, 0, all[..2].to_vec()));
    assert_eq!(due(3, 1).await, all[..1]);
}

/// As after a clock that was ahead: nobody waits until that time comes once more, and two that find it do not both have it.
#[tokio::test]
async fn mail_from_a_future_that_did_not_come_is_due() {
    let world = World::new().await;
    let account = AccountId(id());
    let ahead = |by: i64| Micros(NOW.saturating_add(MAIL_AHEAD).0 + by);
    let (far, near) =
        (NewMail { next_attempt_at: ahead(1), ..mail() }, NewMail { next_attempt_at: ahead(0), ..mail() });
    let (far_id, near_id) = (far.mail_id, near.mail_id);
    for mail in [far, near] {
        world.store.add_mail(account, mail).await.unwrap();
    }
    assert_eq!(world.store.due_mail(false, NOW, 10).await.unwrap(), [(account, far_id)]);
    let lease = NOW.saturating_add(3 * SECOND);
    assert!(world.store.take_mail(account, near_id, NOW, lease).await.unwrap().is_none(), "its pause may be true");
    assert!(world.store.take_mail(account, far_id, NOW, lease).await.unwrap().is_some());
    assert!(world.store.take_mail(account, far_id, NOW, lease).await.unwrap().is_none());
}

//! Second factors: each serves once, and nothing begins with a proof that does not hold any more.
use std::time::Duration;

use latchkey_store::*;

use crate::world::*;

const PAUSE: Duration = Duration::from_mins(15);
const LIMIT: AttemptLimit = AttemptLimit { attempts: 10, pause: PAUSE };

fn after(seconds: u32) -> Micros {
    NOW.saturating_add(seconds * SECOND)
}

fn hash(n: u8) -> [u8; 32] {
    [n; 32]
}

fn step(step: i64) -> SecondFactor {
    SecondFactor::Step { sealed_secret: b"sealed".to_vec(), step }
}

fn backup_code(n: u8) -> SecondFactor {
    SecondFactor::BackupCode { code_hash: hash(n) }
}

async fn begins(world: &World, account: AccountId) {
    assert!(world.store.begin_two_factor(account, None, b"sealed".to_vec(), NOW, after(900)).await.unwrap());
}

fn enabling(by: SessionId, now: Micros) -> Enabling {
    Enabling {
        by,
        sealed_secret: b"sealed".to_vec(),
        step: 100,
        set: id(),
        code_hashes: (0..10).map(hash).collect(),
        now,
        event: counted("two_factor_enabled", now),
    }
}

/// An account with two-factor authentication, and the session that switched it on.
async fn with_two_factor(world: &World, name: &str) -> (AccountId, SessionId) {
    let account = world.with_account(name).await.account_id;
    let (_, session) = world.with_session(account, NOW).await;
    begins(world, account).await;
    let enabled = world.store.enable_two_factor(account, enabling(session.session_id, NOW)).await.unwrap();
    assert_eq!(enabled, Some(0));
    (account, session.session_id)
}

fn transaction(n: u8, now: Micros) -> NewTransaction {
    NewTransaction {
        transaction_hash: hash(n),
        checked_phc: PHC.into(),
        client: Some(format!("{n}")),
        now,
        expires_at: now.saturating_add(300 * SECOND),
    }
}

fn proof(session: SessionId, factor: SecondFactor) -> Proof {
    Proof {
        session,
        checked_phc: PHC.into(),
        second_factor: Some((factor, "session".into())),
        now: after(1),
        event: counted("backup_code_used", after(1)),
    }
}

#[tokio::test]
async fn switching_on_marks_the_account_and_ends_the_other_sessions() {
    let world = World::new().await;
    let account = world.with_account("ada").await;
    let ada = account.account_id;
    let (_, session) = world.with_session(ada, NOW).await;
    let (other, _) = world.with_session(ada, NOW).await;
    begins(&world, ada).await;
    let wrong = Enabling { sealed_secret: b"another".to_vec(), ..enabling(session.session_id, after(1)) };
    assert_eq!(world.store.enable_two_factor(ada, wrong).await.unwrap(), None);
    let late = enabling(session.session_id, after(900));
    assert_eq!(world.store.enable_two_factor(ada, late).await.unwrap(), None);
    let elsewhere = enabling(SessionId(id()), after(1));
    assert!(matches!(world.store.enable_two_factor(ada, elsewhere).await, Err(Error::Raced)));
    assert_eq!(world.store.account(ada).await.unwrap().unwrap(), account, "nothing of it stays");

    assert_eq!(world.store.enable_two_factor(ada, enabling(session.session_id, after(1))).await.unwrap(), Some(1));
    let now = world.store.account(ada).await.unwrap().unwrap();
    assert_eq!((now.two_factor_since, now.version), (Some(after(1)), account.version + 1));
    let kept = world.store.get_session(ada, session.session_id).await.unwrap().unwrap();
    assert_eq!(kept.last_second_factor_at, Some(after(1)));
    let (closed, _) = world.store.check_session(ada, &other.token_hash).await.unwrap().unwrap();
    assert_eq!(closed.close_reason, Some(CloseReason::TwoFactorChanged));
    assert!(!world.store.begin_two_factor(ada, None, b"new".to_vec(), NOW, after(900)).await.unwrap(), "one is in use");
    let codes = world.store.backup_codes(ada).await.unwrap();
    assert_eq!(codes, BackupCodes { remaining: 10, created_at: Some(after(1)) });

    let event = || counted("two_factor_disabled", after(2));
    let disable = |by| world.store.disable_two_factor(ada, by, after(2), event());
    assert_eq!(disable(Some(session.session_id)).await.unwrap(), Some(0));
    assert_eq!(disable(None).await.unwrap(), None);
    assert_eq!(world.store.authenticator_app(ada).await.unwrap(), None);
    assert_eq!(world.store.backup_codes(ada).await.unwrap(), BackupCodes { remaining: 0, created_at: None });
    assert!(matches!(world.store.verify_events(ada).await.unwrap(), Chain::Whole { .. }));
}

/// The clock was far ahead when a code was accepted, and was set right since.
#[tokio::test]
async fn a_step_of_a_wrong_clock_shuts_nobody_out_and_each_step_serves_once() {
    let world = World::new().await;
    let (ada, session) = with_two_factor(&world, "ada").await;
    let prove = async |number| world.store.prove(ada, proof(session, step(number))).await.unwrap().done;
    for (number, holds) in [
        (1000, true),
        (1000, false),
        (1000 - STEPS_AHEAD, false),
        (1000 - STEPS_AHEAD - 1, true),
        (1000 - STEPS_AHEAD - 1, false),
        (1000 - STEPS_AHEAD - 2, false),
    ] {
        assert_eq!(prove(number).await, holds, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_proofs_by_one_step_or_code_one_holds() {
    let world = World::new().await;
    let (account, session) = with_two_factor(&world, "ada").await;
    for factor in [step(101), backup_code(3), step(102), backup_code(4)] {
        let answers = at_once(64, |_| {
            let (store, factor) = (world.store.clone(), factor.clone());
            async move { store.prove(account, proof(session, factor)).await.unwrap().done }
        })
        .await;
        assert_eq!(answers.iter().filter(|done| **done).count(), 1);
    }
    for used in [step(100), step(99), step(102), backup_code(3), backup_code(77)] {
        assert!(!world.store.prove(account, proof(session, used)).await.unwrap().done);
    }
    assert_eq!(world.store.backup_codes(account).await.unwrap().remaining, 8);
    let spent = world.store.list_events(account, None, None, 50).await.unwrap();
    let spent: Vec<_> = spent.iter().filter(|event| event.kind == "backup_code_used").collect();
    assert_eq!(spent.len(), 2);
    assert_eq!(spent[0].details, "{\"count\":8}");
}

#[tokio::test]
async fn a_proof_that_does_not_hold_spends_nothing() {
    let world = World::new().await;
    let (account, session) = with_two_factor(&world, "ada").await;
    let other = Proof { checked_phc: "$another".into(), ..proof(session, backup_code(1)) };
    assert!(matches!(world.store.prove(account, other).await, Err(Error::Raced)));
    let gone = proof(SessionId(id()), backup_code(1));
    assert!(matches!(world.store.prove(account, gone).await, Err(Error::Raced)));
    assert_eq!(world.store.backup_codes(account).await.unwrap().remaining, 10);
    let (other_account, other_session) = with_two_factor(&world, "bob").await;
    assert!(world.store.prove(other_account, proof(other_session, backup_code(1))).await.unwrap().done);
    assert_eq!(world.store.backup_codes(account).await.unwrap().remaining, 10, "of the other account");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_who_finish_one_sign_in_one_gets_a_session_and_one_code_is_spent() {
    let world = World::new().await;
    let (account, _) = with_two_factor(&world, "ada").await;
    assert!(world.store.add_transaction(account, transaction(1, NOW)).await.unwrap());
    assert_eq!(world.store.transaction(account, &hash(1), NOW).await.unwrap(), Some(Some("1".into())));
    let answers = at_once(64, |n| {
        let (store, new) = (world.store.clone(), session_of(account, after(1)));
        let factor = backup_code(u8::try_from(n % 10).unwrap());
        async move { store.finish_sign_in(hash(1), factor, "sign-in", new, counted("signed_in", NOW)).await }
    })
    .await;
    let signed_in = answers.into_iter().filter_map(|answer| match answer {
        Ok(SecondStep::SignedIn(session, left)) => Some((session, left)),
        Ok(SecondStep::Wrong) | Err(Error::Raced) => None,
        Err(error) => panic!("{error}"),
    });
    let signed_in: Vec<_> = signed_in.collect();
    assert_eq!(signed_in.len(), 1);
    assert_eq!((signed_in[0].1, signed_in[0].0.last_second_factor_at), (9, Some(after(1))));
    assert_eq!(world.store.backup_codes(account).await.unwrap().remaining, 9);
    assert_eq!(world.store.transaction(account, &hash(1), after(1)).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_begins_with_a_password_or_a_state_that_changed_meanwhile() {
    let world = World::new().await;
    let (ada, session) = with_two_factor(&world, "ada").await;
    let signs_in = async |account, phc: &str| {
        let new = session_of(account, after(1));
        world.store.add_session(new, phc, event("signed_in", NOW)).await.unwrap().is_some()
    };
    assert!(!signs_in(ada, PHC).await, "the password alone, checked before it was switched on");
    let bob = world.with_account("bob").await.account_id;
    assert!(!world.store.add_transaction(bob, transaction(1, NOW)).await.unwrap(), "he has no second factor");
    assert!(signs_in(bob, PHC).await && !signs_in(bob, "$before").await);

    assert!(world.store.add_transaction(ada, transaction(1, NOW)).await.unwrap());
    let change = |checked: &str| PasswordChange {
        checked_phc: Some(checked.into()),
        new_phc: "$new".into(),
        by: Some(session),
        close: Some(CloseReason::PasswordChanged),
        now: after(2),
        event: counted("password_changed", after(2)),
    };
    assert_eq!(world.store.change_password(ada, change("$before")).await.unwrap(), None);
    assert_eq!(world.store.change_password(ada, change(PHC)).await.unwrap(), Some(0));
    assert_eq!(world.store.password_changed_at(ada).await.unwrap(), Some(after(2)));
    assert!(!world.store.add_transaction(ada, transaction(2, after(2))).await.unwrap(), "with the old password");
    let new = session_of(ada, after(3));
    let ended = world.store.finish_sign_in(hash(1), step(101), "d", new, counted("signed_in", NOW)).await;
    assert!(matches!(ended, Err(Error::Raced)), "{ended:?}");
    assert!(
        world.store.prove(ada, Proof { checked_phc: "$new".into(), ..proof(session, step(101)) }).await.unwrap().done
    );
    // An administrator knows no password, and closes all.
    let reset = PasswordChange { checked_phc: None, by: None, ..change("") };
    assert_eq!(world.store.change_password(ada, reset).await.unwrap(), Some(1));
    let by_closed = PasswordChange { checked_phc: None, ..change("") };
    assert!(matches!(world.store.change_password(ada, by_closed).await, Err(Error::Raced)));
}

#[tokio::test]
async fn the_oldest_transaction_goes_when_too_many_are_open() {
    let world = World::new().await;
    let (account, _) = with_two_factor(&world, "ada").await;
    for n in 0..14 {
        assert!(world.store.add_transaction(account, transaction(n, after(u32::from(n)))).await.unwrap());
    }
    for n in 0..14 {
        let open = world.store.transaction(account, &hash(n), after(20)).await.unwrap().is_some();
        assert_eq!(open, n >= 4, "{n}");
    }
    assert_eq!(world.store.transaction(account, &hash(13), after(313)).await.unwrap(), None, "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_guesses_at_once_ten_are_looked_at() {
    let world = World::new().await;
    let account = world.with_account("ada").await.account_id;
    let answers = at_once(64, |_| {
        let store = world.store.clone();
        async move { store.count_second_factor(account, "sign-in", LIMIT, NOW).await.unwrap() }
    })
    .await;
    let paused = Attempt::Paused { until: NOW.saturating_add(PAUSE) };
    let count = |attempt| answers.iter().filter(|answer| **answer == attempt).count();
    assert_eq!(count(Attempt::Allowed { last: false }), 9);
    assert_eq!(count(Attempt::Allowed { last: true }), 1);
    assert_eq!(count(paused), 54);
    let at = |door: &'static str, now| world.store.count_second_factor(account, door, LIMIT, now);
    assert_eq!(at("session", NOW).await.unwrap(), Attempt::Allowed { last: false }, "another door");
    let end = NOW.saturating_add(PAUSE);
    assert_eq!(at("sign-in", Micros(end.0 - 1)).await.unwrap(), paused);
    // After the pause there are ten again.
    for n in 1..=10 {
        assert_eq!(at("sign-in", end).await.unwrap(), Attempt::Allowed { last: n == 10 }, "{n}");
    }
    assert!(matches!(at("sign-in", end).await.unwrap(), Attempt::Paused { .. }));
    world.store.forgive_second_factor(account, "sign-in").await.unwrap();
    assert_eq!(at("sign-in", end).await.unwrap(), Attempt::Allowed { last: false });
}

#[tokio::test]
async fn a_clock_that_was_a_year_ahead_keeps_no_door_shut() {
    let world = World::new().await;
    let account = world.with_account("ada").await.account_id;
    let at = |now| world.store.count_second_factor(account, "sign-in", AttemptLimit { attempts: 1, ..LIMIT }, now);
    assert_eq!(at(NOW.saturating_add(365 * DAY)).await.unwrap(), Attempt::Allowed { last: true });
    assert_eq!(at(NOW).await.unwrap(), Attempt::Allowed { last: false });
}

#[tokio::test]
async fn what_was_begun_and_never_finished_is_swept() {
    let world = World::new().await;
    let (account, session) = with_two_factor(&world, "ada").await;
    let bob = world.with_account("bob").await.account_id;
    begins(&world, bob).await;
    world.store.add_transaction(account, transaction(1, NOW)).await.unwrap();
    world.store.count_second_factor(account, "sign-in", LIMIT, NOW).await.unwrap();
    let waiting = id();
    assert!(world.store.add_backup_codes(account, None, waiting, vec![hash(50)], NOW).await.unwrap());
    let sweep = |at| world.store.sweep(at, 90 * DAY);
    assert_eq!(sweep(after(60)).await.unwrap(), Swept::default());
    assert_eq!(sweep(NOW.saturating_add(2 * DAY)).await.unwrap(), Swept { second_factors: 4, ..Swept::default() });
    let confirm = world.store.confirm_backup_codes(account, None, waiting, NOW, event("backup_codes_generated", NOW));
    assert_eq!(confirm.await.unwrap(), Confirmation::Unknown);
    assert!(world.store.prove(account, proof(session, backup_code(1))).await.unwrap().done, "what is in use stays");
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM backup_codes").fetch_one(&mut world.look().await).await.unwrap();
    assert_eq!(left, 10);
}

//! Deleting accounts: nothing is left in the tables.
use latchkey_store::*;
use sqlx::Executor;

use crate::{tables::Table, world::*};

pub(crate) const HOLD: NameHold = NameHold { name_hash: [0x5a; 32], until: Micros(NOW.0 + 1_000_000) };

/// The first bytes of ids, hashes and pictures that only this person has.
pub(crate) const ACCOUNT: [u8; 8] = *b"\xa1zebra-a";
pub(crate) const SESSION: [u8; 8] = *b"\xa2zebra-s";
pub(crate) const TOKEN: [u8; 8] = *b"\xa3zebra-t";
pub(crate) const PICTURE: [u8; 8] = *b"\xa4zebra-p";
pub(crate) const CODE: [u8; 8] = *b"\xa5zebra-c";
pub(crate) const SEALED: [u8; 8] = *b"\xa6zebra-x";

/// Leaves by the first session.
fn farewell(session: SessionId, phc: &str, hold: Option<NameHold>) -> Farewell {
    Farewell { session, checked_phc: phc.into(), second_factor: None, hold, mail: None, now: NOW }
}

pub(crate) fn of_zebedee(hold: Option<NameHold>) -> Farewell {
    farewell(SessionId(Uuid::from_bytes(filled(SESSION, 0))), "$argon2id$of-Zebedee", hold)
}

fn filled<const N: usize>(start: [u8; 8], more: u8) -> [u8; N] {
    let mut bytes = [more; N];
    bytes[..8].copy_from_slice(&start);
    bytes
}

/// A person with every kind of row, among 200 others.
pub(crate) async fn zebedee(world: &World) -> Account {
    for n in 0..100 {
        world.with_account(&format!("before{n}")).await;
    }
    let device =
        || Device { model: Some("ZebraPhone 9".into()), ip_address: Some("203.0.113.217".into()), ..Device::default() };
    let new = NewAccount {
        account_id: AccountId(Uuid::from_bytes(filled(ACCOUNT, 1))),
        username: "Zebedee".into(),
        username_key: "zebedee".into(),
        email: "zebra-old@crossing.example".into(),
        email_key: "zebra-old@crossing.example".into(),
        name: "Zebedee".into(),
        password_phc: "$argon2id$of-Zebedee".into(),
        ..person("z")
    };
    let account = world.store.sign_up(new).await.unwrap();
    let id = account.account_id;
    for (version, bio) in [(1, "zither-first-draft"), (2, "zithers and zeppelins")] {
        let change = ProfileChange {
            email: "zebra@crossing.example".into(),
            email_key: "zebra@crossing.example".into(),
            location: Some("Zwolle-an-der-Zschopau".into()),
            bio: Some(bio.repeat(40)),
            ..profile(&account)
        };
        let update = world.store.update_profile(id, version, change, NOW).await.unwrap();
        assert!(matches!(update, ProfileUpdate::Updated(_)));
    }
    for n in 0..30 {
        let new = NewSession {
            session_id: SessionId(Uuid::from_bytes(filled(SESSION, n))),
            token_hash: filled(TOKEN, n),
            device: device(),
            ..session_of(id, NOW)
        };
        let event = NewEvent {
            session_id: Some(SessionId(Uuid::from_bytes(filled(SESSION, n)))),
            device: Some("ZebraPhone 9".into()),
            ip_address: Some("203.0.113.217".into()),
            details: r#"{"zebra-details":1}"#.repeat(20),
            ..event("signed_in", NOW)
        };
        world.store.add_session(new, "$argon2id$of-Zebedee", event).await.unwrap().unwrap();
    }
    for pixels in [64_i64, 128, 512] {
        let bytes = filled::<8>(PICTURE, 0).repeat(usize::try_from(pixels * 10).unwrap());
        let image = AvatarImage { size: pixels, media_type: "image/webp".into(), bytes };
        world.store.put_avatar(id, None, vec![image], "tag", NOW, event("avatar_changed", NOW)).await.unwrap();
    }
    // What other parts of the store write, by hand.
    let mut file = world.look().await;
    for statement in [
        "INSERT INTO two_factor VALUES ($1, $4, 7, NULL, NULL, 1)",
        "INSERT INTO backup_code_sets VALUES ($1, $2, 1, 1)",
        "INSERT INTO backup_codes VALUES ($1, $2, $3, NULL)",
        "INSERT INTO second_factor_attempts VALUES ($1, 'zebra-door', 3, NULL, 1)",
        "INSERT INTO sign_in_transactions VALUES ($1, $3, 'zebra-client', 1)",
        "INSERT INTO email_changes VALUES ($1, 'zebra-new@crossing.example', 'zebra-new@crossing.example', $3, 0, 1)",
        "INSERT INTO password_resets VALUES ($1, $3, 0, 1, $3, 1)",
        "INSERT INTO ssh_keys VALUES ($1, $3, $2, 'zebra-ssh-key', 'ssh-rsa', 3072, 'ssh-rsa AAAAzebra-public', 1, 1)",
        "INSERT INTO personal_api_keys VALUES ($1, $2, $3, $4, 'zebra-last', 1, 1, '203.0.113.217')",
        "INSERT INTO api_keys VALUES ($1, $3, $2, 'zebra-key', TRUE, FALSE, 'zebra-last', 1, NULL, 1, '203.0.113.217', 1)",
        "INSERT INTO integrations VALUES ($1, $2, 'gitlab', 'git.example.com', 'zebra-subject', 'zebra-at-gitlab', \
         'zebra-scope', $4, 1, TRUE, 1, 1, 1, 'revoked', 'zebra-detail-of-it', 1, 1)",
        "INSERT INTO integration_attempts VALUES ($1, $2, $2, 'gitlab', 'zebra-host.example', 'device', $4, $2, 5, 1, 1)",
        "INSERT INTO container_registries VALUES \
         ($1, $2, 'zebra-registry.example', 'zebra-at-registry', $4, 1, 1, 1, NULL, NULL, 1)",
        "INSERT INTO credential_access SELECT account_id, session_id, 1 FROM sessions WHERE account_id = $1",
        "INSERT INTO registry_passwords VALUES ($1, $3, $2, 1, 1)",
        "INSERT INTO outbox VALUES ($1, $2, TRUE, $4, 0, 1, 1)",
    ] {
        sqlx::query(statement)
            .bind(id)
            .bind(Uuid::from_bytes(filled(SESSION, 99)))
            .bind(filled::<32>(CODE, 3).to_vec())
            .bind(filled::<8>(SEALED, 0).repeat(30))
            .execute(&mut file)
            .await
            .unwrap();
    }
    for n in 0..100 {
        world.with_account(&format!("after{n}")).await;
    }
    account
}

/// Rows of the account in each table that has accounts.
async fn rows(world: &World, account: AccountId) -> Vec<(String, i64)> {
    let (tables, mut file) = (world.home.tables().await, world.look().await);
    let mut found = Vec::new();
    for Table { name, .. } in tables.into_iter().filter(|table| table.columns.contains_key("account_id")) {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {name} WHERE account_id = $1"));
        found.push((name, sqlx::query_scalar(count).bind(account).fetch_one(&mut file).await.unwrap()));
    }
    found
}

#[tokio::test]
async fn a_deleted_person_is_in_no_table() {
    let world = World::new().await;
    let account = zebedee(&world).await.account_id;
    let before = rows(&world, account).await;
    assert!(before.len() >= 18 && before.iter().all(|(_, rows)| *rows > 0), "every table has a row: {before:?}");
    let belongings = world.store.belongings(account, NOW, None).await.unwrap();
    let expected = Belongings {
        sessions: 30,
        api_keys: 2,
        ssh_keys: 1,
        integrations: 1,
        container_registries: 1,
        events: 34,
        backup_codes: 1,
    };
    assert_eq!(belongings, expected);
    assert!(world.store.delete_account(account, of_zebedee(Some(HOLD))).await.unwrap());
    assert!(world.store.clean_files().await.unwrap());
    let after = rows(&world, account).await;
    assert!(after.iter().all(|(_, rows)| *rows == 0), "{after:?}");
    for (kind, key) in [(LoginKind::Username, "zebedee"), (LoginKind::Email, "zebra@crossing.example")] {
        assert_eq!(world.store.find_login(kind, key).await.unwrap(), None);
    }
    let again = world.store.delete_account(account, of_zebedee(None)).await;
    assert!(matches!(again, Err(Error::Raced)), "once is enough");
    // Everybody else is still there.
    assert_eq!(world.store.list_accounts(None, 1000).await.unwrap().len(), 200);
}

#[tokio::test]
async fn a_held_name_is_taken_until_its_time_is_over() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    assert!(!world.store.any_name_held(NOW).await.unwrap());
    let (session, _) = world.with_session(ada.account_id, NOW).await;
    let [waits, last] = [id(), id()];
    let mail =
        |mail_id| NewMail { mail_id, has_code: false, sealed: vec![1], next_attempt_at: NOW, expires_at: HOLD.until };
    world.store.add_mail(ada.account_id, mail(waits)).await.unwrap();
    let leave = farewell(session.session_id, &person("ada").password_phc, Some(HOLD));
    let leave = Farewell { mail: Some(mail(last)), ..leave };
    assert!(world.store.delete_account(ada.account_id, leave).await.unwrap());
    assert!(world.store.any_name_held(NOW).await.unwrap());
    let again = |created_at: Micros| NewAccount { name_hash: Some(HOLD.name_hash), created_at, ..person("ada") };
    let refused = world.store.sign_up(again(NOW)).await.unwrap_err();
    assert!(matches!(refused, Error::Taken(kinds) if kinds == [LoginKind::Username]));
    world.store.sign_up(NewAccount { name_hash: Some([1; 32]), ..person("bob") }).await.unwrap();
    // Nothing of the refused one is left.
    assert_eq!(world.store.find_login(LoginKind::Email, "ada@example.org").await.unwrap(), None);

    // Of the mail that waited, the last message alone is left.
    assert_eq!(world.store.due_mail(false, NOW, 9).await.unwrap(), [(ada.account_id, last)]);

    assert!(!world.store.any_name_held(HOLD.until).await.unwrap());
    world.store.sign_up(again(HOLD.until)).await.unwrap();
    let swept = world.store.sweep(HOLD.until.saturating_add(SECOND), DAY).await.unwrap();
    assert_eq!(swept, Swept { name_holds: 1, ..Swept::default() });
}

/// What was checked has to hold still when it is acted on.
#[tokio::test]
async fn a_deletion_is_refused_where_something_changed_meanwhile() {
    let world = World::new().await;
    let ada = world.with_account("ada").await.account_id;
    let (here, _) = world.with_session(ada, NOW).await;
    let (closed, _) = world.with_session(ada, NOW).await;
    let mut file = world.look().await;
    let close = "UPDATE sessions SET closed_at = 1, close_reason = 'signed_out' WHERE session_id = $1";
    sqlx::query(close).bind(closed.session_id).execute(&mut file).await.unwrap();
    let phc = person("ada").password_phc;
    let valid = farewell(here.session_id, &phc, None);
    let refused = [
        farewell(closed.session_id, &phc, None),
        farewell(SessionId(id()), &phc, None),
        farewell(here.session_id, "$argon2id$another", None),
        Farewell { now: here.expires_at, ..valid.clone() },
    ];
    for leave in refused {
        assert!(matches!(world.store.delete_account(ada, leave).await, Err(Error::Raced)));
    }
    // Two-factor authentication is on by now, and no code was asked for; then a wrong one and a used one.
    file.execute("UPDATE accounts SET two_factor_since = 1").await.unwrap();
    let app = "INSERT INTO two_factor SELECT account_id, $1, 7, NULL, NULL, 1 FROM accounts";
    sqlx::query(app).bind(&[1_u8][..]).execute(&mut file).await.unwrap();
    assert!(matches!(world.store.delete_account(ada, valid.clone()).await, Err(Error::Raced)));
    let step = |step| Some(SecondFactor::Step { sealed_secret: vec![1], step });
    for factor in [step(7), Some(SecondFactor::BackupCode { code_hash: [9; 32] })] {
        let leave = Farewell { second_factor: factor, ..valid.clone() };
        assert!(!world.store.delete_account(ada, leave).await.unwrap());
    }
    assert!(world.store.account(ada).await.unwrap().is_some());
    let leave = Farewell { second_factor: step(8), ..valid };
    assert!(world.store.delete_account(ada, leave).await.unwrap());
    assert!(world.store.account(ada).await.unwrap().is_none());
}

//! Deleting accounts: nothing is left in the bytes of the files.
use std::path::Path;

use sqlx::{Executor, Row};

use crate::{
    deletion::{ACCOUNT, CODE, HOLD, PICTURE, SEALED, SESSION, TOKEN, of_zebedee, zebedee},
    world::*,
};

/// What only this person has: texts, and the beginnings of bytes.
const TEXTS: [&str; 25] = [
    "zebra-subject",
    "zebra-at-gitlab",
    "zebra-scope",
    "zebra-detail-of-it",
    "zebra-host.example",
    "Zebedee",
    "zebedee",
    "zebra@crossing.example",
    "zebra-old@crossing.example",
    "zebra-new@crossing.example",
    "Zwolle-an-der-Zschopau",
    "zithers and zeppelins",
    "zither-first-draft",
    "$argon2id$of-Zebedee",
    "ZebraPhone 9",
    "203.0.113.217",
    "zebra-details",
    "zebra-door",
    "zebra-client",
    "zebra-ssh-key",
    "AAAAzebra-public",
    "zebra-key",
    "zebra-last",
    "zebra-registry.example",
    "zebra-at-registry",
];
const BYTES: [[u8; 8]; 6] = [ACCOUNT, SESSION, TOKEN, PICTURE, CODE, SEALED];

/// What of the person stands in the files.
fn traces(database: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for end in ["", "-wal", "-shm"] {
        let mut path = database.to_owned().into_os_string();
        path.push(end);
        let bytes = std::fs::read(&path).unwrap_or_default();
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        let texts = TEXTS.iter().filter(|text| has(text.as_bytes())).map(|text| format!("{text} in {end:?}"));
        found.extend(texts);
        found.extend(BYTES.iter().filter(|bytes| has(&bytes[..])).map(|bytes| format!("{bytes:x?} in {end:?}")));
    }
    found
}

#[tokio::test]
async fn a_deleted_person_is_in_no_file() {
    let world = World::new().await;
    let account = zebedee(&world).await.account_id;
    let seen = traces(&world.home.path);
    for needle in TEXTS.iter().filter(|text| !text.contains("draft") && !text.contains("old")) {
        assert!(seen.iter().any(|trace| trace.starts_with(needle)), "{needle} is looked for in vain");
    }
    assert!(world.store.delete_account(account, of_zebedee(Some(HOLD))).await.unwrap());
    assert!(world.store.clean_files().await.unwrap());
    assert_eq!(traces(&world.home.path), Vec::<String>::new());
    let intact: String = world.look().await.fetch_one("PRAGMA integrity_check").await.unwrap().get(0);
    assert_eq!(intact, "ok");
    world.store.close().await;
    assert_eq!(traces(&world.home.path), Vec::<String>::new());
}

/// A reader of another program, such as a backup, keeps the log as it was; cleaning is tried again.
#[tokio::test]
async fn a_log_that_is_being_read_is_cleaned_later() {
    let world = World::new().await;
    let account = zebedee(&world).await.account_id;
    let mut reader = world.look().await;
    reader.execute("BEGIN; SELECT COUNT(*) FROM accounts").await.unwrap();
    assert!(world.store.delete_account(account, of_zebedee(None)).await.unwrap());
    assert!(!world.store.clean_files().await.unwrap());
    assert!(!traces(&world.home.path).is_empty());
    // Nobody else is kept waiting, or loses anything.
    world.with_account("meanwhile").await;
    reader.execute("COMMIT").await.unwrap();
    assert!(world.store.clean_files().await.unwrap());
    assert_eq!(traces(&world.home.path), Vec::<String>::new());
    assert_eq!(world.store.list_accounts(None, 1000).await.unwrap().len(), 201);
}

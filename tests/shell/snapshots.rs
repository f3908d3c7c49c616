//! What is kept of accounts for when their server cannot be reached: no secret, and no longer than it has to be.

use std::fs;

use latchkey::{
    commands::{account, api_keys, deletion, place, profile, sessions, ssh_keys},
    places::LOCAL,
    snapshot,
};
use latchkey_api::{
    api_keys::{CreateApiKey, Scope},
    deletion::DeleteAccount,
    desktop::{AccountArgs, NoArgs, PlaceArgs},
    problem::ErrorCode,
    ssh_keys::AddSshKey,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Wiring, World, sign_up};

use crate::{
    desk::{Desk, soon},
    line::ELSEWHERE,
    offline::{
        EVERYTHING, FIRST, ada, files, looked_around, looks_at_everything, nothing_is_left, saved, starts_offline,
    },
};

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti ada@workbench";

#[tokio::test]
async fn whoever_leaves_takes_what_was_seen_along() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    assert_eq!(files(&desk), 1);
    sessions::list_sessions(&desk, FIRST).await.unwrap();
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    nothing_is_left(&desk).await;

    desk.signs_in("ada").await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 1);
    // Without the server too: nothing of it is kept for later.
    let again = starts_offline(&desk).await;
    account::sign_out(&again, NoArgs {}).await.unwrap();
    again.line.repair();
    nothing_is_left(&again).await;

    again.signs_in("ada").await.unwrap();
    snapshot::write(&again).await;
    assert_eq!(files(&again), 1);
    place::forget_place(&again, PlaceArgs { id: ELSEWHERE.into() }).await.unwrap();
    nothing_is_left(&again).await;

    again.chooses(ELSEWHERE).await.unwrap();
    again.signs_in("ada").await.unwrap();
    snapshot::write(&again).await;
    let leave = DeleteAccount { username: "ada".into(), password: Secret::new(PASSWORD), code: None };
    deletion::delete_account(&again, leave).await.unwrap();
    nothing_is_left(&again).await;
}

#[tokio::test]
async fn no_secret_is_in_what_is_kept() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    api_keys::copy_api_key(&desk, NoArgs {}).await.unwrap();
    let named = CreateApiKey { name: "Nightly".into(), scopes: vec![Scope::Api], expires_at: None };
    let named = api_keys::create_api_key(&desk, named).await.unwrap();
    let key = AddSshKey { name: "Workbench".into(), public_key: PUBLIC_KEY.into() };
    ssh_keys::add_ssh_key(&desk, key).await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;

    let again = starts_offline(&desk).await;
    let text = serde_json::to_string(&saved(&again).unwrap()).unwrap();
    assert!(text.contains("Nightly") && text.contains("Workbench"), "{text}");
    let session = desk.keychain.token(&ada()).await.unwrap();
    let personal = desk.keychain.token(&ada().api_key()).await.unwrap();
    let sealed = desk.keychain.token(&ada().snapshot_key()).await.unwrap();
    for secret in [&session, &personal, &sealed, &named.token, &Secret::new(PASSWORD)] {
        assert!(!text.contains(secret.expose()));
    }
    // Nor is there anything to read in the file.
    for file in fs::read_dir(desk.home.path().join("snapshots")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for word in ["ada", "Nightly", "Workbench", "AAAAC3", "example"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
        }
    }
}

#[tokio::test]
async fn without_a_keychain_nothing_is_kept() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.keychain.take_away(true);
    desk.chooses(ELSEWHERE).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 0);
}

#[tokio::test]
async fn of_accounts_on_this_computer_nothing_is_kept() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    looks_at_everything(&desk).await;
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 0);
    desk.line.fail(EVERYTHING, ErrorCode::Offline);
    let again = desk.restart();
    again.first_view().await;
    assert_eq!(again.unavailable().code, ErrorCode::Offline.into());
    assert_eq!(again.view().place.unwrap().id, LOCAL);
}

#[tokio::test]
async fn what_was_changed_on_the_disk_is_not_shown_and_goes() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    let folder = desk.home.path().join("snapshots");
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let again = starts_offline(&desk).await;
    assert_eq!(again.unavailable().code, ErrorCode::Offline.into());
    assert_eq!(files(&again), 0);
    again.line.repair();
    place::retry(&again, NoArgs {}).await.unwrap();
    assert!(saved(&again).is_none(), "the session is as good as before");
}

#[tokio::test]
async fn accounts_are_kept_apart_and_those_that_left_are_cleared_away() {
    let world = World::new(Wiring::Direct).await;
    let desk = looked_around(&world).await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    snapshot::write(&desk).await;
    assert_eq!(files(&desk), 2);
    let again = starts_offline(&desk).await;
    assert_eq!(again.profile().profile.username, "bob");
    let other = AccountArgs { place: ELSEWHERE.into(), username: "ada".into() };
    account::switch_account(&again, other).await.unwrap();
    assert_eq!(again.profile().profile.username, "ada");
    assert!(saved(&again).unwrap().activity.is_some());

    let stray = desk.home.path().join("snapshots/00000000000000000000000000000000.sealed");
    fs::write(&stray, "of nobody").unwrap();
    let app = std::sync::Arc::clone(&again.app);
    let keeping = tokio::spawn(async move { snapshot::follow(&app).await });
    soon("what is of nobody is gone", || !stray.exists()).await;
    assert_eq!(files(&again), 2);
    again.line.repair();
    let before =
        fs::read_dir(desk.home.path().join("snapshots")).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    let before: Vec<_> = before.collect();
    profile::get_profile(&again, NoArgs {}).await.unwrap();
    let changed = || {
        let now = fs::read_dir(again.home.path().join("snapshots")).unwrap();
        now.filter_map(|file| fs::read(file.ok()?.path()).ok()).any(|bytes| !before.contains(&bytes))
    };
    soon("what was read is written by itself", changed).await;
    keeping.abort();
}

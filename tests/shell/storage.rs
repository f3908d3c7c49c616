//! The data of the service in the app, and the list of places, when the disk is not as it should be.

use std::{fs, path::Path, sync::Arc};

use latchkey::{
    backend::{Backends, Connector},
    commands::place,
    places::this_computer,
    vault::{KeychainKey, Memory},
};
use latchkey_api::{
    common::Caller,
    desktop::{Failure, NoArgs, Phase, ShellCode},
    instance::InstanceApi,
};
use latchkey_testkit::{Wiring, World};

use crate::desk::Desk;

fn backends_in(folder: &Path) -> Backends {
    let keys = Arc::new(KeychainKey::new(Arc::new(Memory::default())));
    Backends::new("shell-tests".into(), folder.to_owned(), keys)
}

async fn open(folder: &Path) -> Result<Backends, Failure> {
    let backends = backends_in(folder);
    backends.connect(&this_computer()).await.map(|_| backends)
}

#[tokio::test]
async fn the_service_in_the_app_keeps_its_data_to_the_person() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data/service");
    let backends = open(&folder).await.unwrap();
    let client = backends.connect(&this_computer()).await.unwrap();
    assert_eq!(client.get_instance(&Caller::default()).await.unwrap().name, "Latchkey");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
    backends.close().await;
    open(&folder).await.unwrap().close().await;
}

#[tokio::test]
async fn data_that_cannot_be_used_says_why_and_can_be_tried_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("service");
    fs::create_dir(&folder).unwrap();
    let database = folder.join("latchkey.sqlite");
    fs::write(&database, b"this is no database, however long one looks at it: ".repeat(100)).unwrap();
    let backends = backends_in(&folder);
    let refused = backends.connect(&this_computer()).await.err().unwrap();
    assert_eq!(refused.code, ShellCode::StorageDamaged.into());
    assert!(refused.detail.unwrap().contains("latchkey.sqlite"));
    fs::remove_file(&database).unwrap();
    backends.connect(&this_computer()).await.unwrap();
    backends.close().await;

    let blocked = home.path().join("file");
    fs::write(&blocked, "in the way").unwrap();
    let refused = open(&blocked.join("service")).await.err().unwrap();
    assert_eq!(refused.code, ShellCode::StoragePermission.into());
}

#[tokio::test]
async fn a_damaged_list_of_places_is_said_before_the_app_begins_anew() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await.restart();
    desk.file("places.json", b"{\"version\":1,\"pla");
    let view = desk.first_view().await;
    assert_eq!(desk.unavailable().code, ShellCode::StorageDamaged.into());
    assert!(view.place.is_none());
    let view = place::retry(&desk, NoArgs {}).await.unwrap();
    assert!(matches!(view.phase, Phase::FirstRun));
    desk.chooses("local").await.unwrap();
    desk.signs_in("ada").await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada", "the accounts themselves are not affected");
}

//! SSH keys: reading, choosing and dropping public keys.

use std::fs;

use latchkey::{
    commands::ssh_keys,
    drag::{self, Dropped},
};
use latchkey_api::{
    desktop::{Failure, ListArgs, NoArgs, ReadSshKey, ShellCode, SshKeyDrag},
    problem::{ErrorCode, FieldCode},
    ssh_keys::AddSshKey,
};
use latchkey_testkit::{Wiring, World};
use tauri::{DragDropEvent, PhysicalPosition};

use crate::desk::{Desk, key_of};

pub(crate) const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti ada@example.org";
const PRIVATE: &str =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

pub(crate) fn at(failure: &Failure) -> (&str, FieldCode) {
    (&failure.errors[0].pointer, failure.errors[0].code)
}

#[tokio::test]
async fn a_public_key_is_read_on_this_computer_added_listed_and_removed() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let preview = ssh_keys::read_ssh_key(&desk, ReadSshKey { text: format!("\n{KEY}\r\n") }).await.unwrap();
    assert_eq!((preview.public_key.as_str(), preview.name.as_str()), (KEY, "ada@example.org"));
    assert_eq!((preview.kind.as_str(), preview.bits), ("ssh-ed25519", 256));
    let add = AddSshKey { name: "Laptop".into(), public_key: KEY.into() };
    let key = ssh_keys::add_ssh_key(&desk, add).await.unwrap();
    assert_eq!(key.fingerprint, preview.fingerprint);
    let listed = ssh_keys::list_ssh_keys(&desk, ListArgs { after: None }).await.unwrap().items;
    assert_eq!((&listed[0].key, listed[0].passphrase_in_keychain), (&key, false));
    ssh_keys::remove_ssh_key(&desk, key_of("ada", key.id)).await.unwrap();
    assert_eq!(ssh_keys::list_ssh_keys(&desk, ListArgs { after: None }).await.unwrap().items, []);
}

#[tokio::test]
async fn a_private_key_is_refused_before_anything_is_sent() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.fail("/v1/me/ssh-keys", ErrorCode::Internal);
    let pasted = ssh_keys::read_ssh_key(&desk, ReadSshKey { text: PRIVATE.into() }).await.unwrap_err();
    let add = AddSshKey { name: "Laptop".into(), public_key: PRIVATE.into() };
    let added = ssh_keys::add_ssh_key(&desk, add).await.unwrap_err();
    let path = desk.file("id_ed25519", PRIVATE.as_bytes());
    desk.dialogs.answer(Some(path.clone()));
    let chosen = ssh_keys::choose_ssh_key(&desk, NoArgs {}).await.unwrap_err();
    let Some(Dropped::SshKey(SshKeyDrag::Refused { failure })) = drag::dropped(&desk, vec![path]).await else {
        panic!("refused")
    };
    for refused in [pasted, added, chosen, failure] {
        assert_eq!(at(&refused), ("/public_key", FieldCode::Invalid));
        assert_eq!(refused.errors[0].detail, "That is a private key. Paste the .pub file instead.");
        assert!(!serde_json::to_string(&refused).unwrap().contains("b3BlbnNz"));
    }
}

#[tokio::test]
async fn a_file_is_chosen_and_no_more_of_it_is_read_than_a_key_may_have() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let bare = KEY.rsplit_once(' ').unwrap().0;
    desk.dialogs.answer(Some(desk.file("work.pub", bare.as_bytes())));
    let chosen = ssh_keys::choose_ssh_key(&desk, NoArgs {}).await.unwrap().unwrap();
    assert_eq!((chosen.name.as_str(), chosen.public_key.as_str()), ("work", bare));
    desk.dialogs.answer(None);
    assert_eq!(ssh_keys::choose_ssh_key(&desk, NoArgs {}).await.unwrap(), None);
    let huge = desk.file("huge.pub", b"");
    fs::File::options().write(true).open(&huge).unwrap().set_len(1 << 40).unwrap();
    desk.dialogs.answer(Some(huge));
    assert_eq!(at(&ssh_keys::choose_ssh_key(&desk, NoArgs {}).await.unwrap_err()).1, FieldCode::TooLong);
    for (path, why) in [(desk.home.path().join("gone.pub"), "not there"), (desk.home.path().to_owned(), "not a file")] {
        desk.dialogs.answer(Some(path));
        let refused = ssh_keys::choose_ssh_key(&desk, NoArgs {}).await.unwrap_err();
        assert_eq!(refused.code, ShellCode::FileUnreadable.into());
        assert!(refused.detail.unwrap().contains(why));
    }
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_a_key() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let path = desk.file("id.pub", KEY.as_bytes());
    let Some(Dropped::SshKey(SshKeyDrag::Dropped { key })) = drag::dropped(&desk, vec![path.clone()]).await else {
        panic!("dropped")
    };
    assert_eq!(key.name, "ada@example.org");
    let Some(Dropped::SshKey(SshKeyDrag::Refused { failure })) = drag::dropped(&desk, vec![path.clone(), path]).await
    else {
        panic!("several")
    };
    assert_eq!(failure.detail.as_deref(), Some("Drop one file, not several."));
    assert_eq!(drag::dropped(&desk, Vec::new()).await, None);

    let position = PhysicalPosition::new(1.0, 1.0);
    let enter = |path: &str| DragDropEvent::Enter { paths: vec![path.into()], position };
    drag::handle(&desk.app, &enter("/id.PNG"));
    drag::handle(&desk.app, &enter("/id.pub"));
    drag::handle(&desk.app, &enter("/id_ed25519"));
    drag::handle(&desk.app, &DragDropEvent::Leave);
    let told = desk.heard.key_drags.lock().unwrap();
    assert_eq!(*told, [SshKeyDrag::Over, SshKeyDrag::Over, SshKeyDrag::Left]);
}

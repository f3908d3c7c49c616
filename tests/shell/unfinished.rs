//! Pairs of SSH keys when something comes between: another account, another device, the end of the program.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use latchkey::{
    commands::{account, ssh_generation as generation, ssh_keys},
    places::LOCAL,
};
use latchkey_api::{
    common::PageQuery,
    desktop::{AccountArgs, GenerateSshKey, ListArgs, NoArgs},
    problem::FieldCode,
    ssh_keys::{SshKeyPath, SshKeysApi},
    wire::Secret,
};
use latchkey_testkit::{Wiring, World, sign_up};

use crate::{
    desk::{Desk, here},
    generating::{generates, host, mode, names, plain},
    ssh_keys::at,
};

#[tokio::test]
async fn a_passphrase_goes_when_its_key_was_removed_elsewhere_and_those_of_others_stay() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let keep = |file_name: &str| GenerateSshKey {
        passphrase: Some(Secret::new("correct horse")),
        keep_passphrase: true,
        file_name: file_name.into(),
        ..plain(&desk)
    };
    let ada = desk.ticket().unwrap().caller();
    let (first, second) = (generates(&desk, keep("one")).await.unwrap(), generates(&desk, keep("two")).await.unwrap());
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    let bobs = generates(&desk, keep("three")).await.unwrap();
    let to = |username: &str| AccountArgs { place: LOCAL.into(), username: username.into() };
    account::switch_account(&desk, to("ada")).await.unwrap();
    for id in [first.key.id, second.key.id] {
        world.service.remove_ssh_key(&ada, SshKeyPath { id }).await.unwrap();
        ssh_keys::list_ssh_keys(&desk, ListArgs { after: None }).await.unwrap();
        let left = desk.parts.keys.passphrases(&here("ada")).await;
        assert_eq!(left.contains(&second.key.fingerprint), id == first.key.id, "{left:?}");
        assert!(!left.contains(&first.key.fingerprint));
    }
    assert!(desk.parts.keys.passphrases(&here("bob")).await.contains(&bobs.key.fingerprint));
}

#[tokio::test]
async fn what_was_begun_for_an_account_is_done_for_it_to_the_end() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let ada = desk.ticket().unwrap().caller();
    desk.line.hold("/v1/me/ssh-keys");
    let switch = async {
        desk.line.until_held(1).await;
        account::add_account(&desk, NoArgs {}).await.unwrap();
        desk.line.release();
    };
    let args = GenerateSshKey {
        passphrase: Some(Secret::new("correct horse")),
        keep_passphrase: true,
        host: Some(host("build")),
        ..plain(&desk)
    };
    let (made, ()) = tokio::join!(generates(&desk, args), switch);
    let made = made.unwrap();
    assert!(made.passphrase_in_keychain && made.config.is_some() && Path::new(&made.path).exists());
    assert_eq!(world.service.list_ssh_keys(&ada, PageQuery::default()).await.unwrap().items, [made.key]);
}

#[tokio::test]
async fn a_pair_whose_program_was_ended_before_it_was_added_stays_and_is_in_nobodys_way() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let ssh = desk.home.path().join(".ssh");
    fs::create_dir(&ssh).unwrap();
    // As a program that was killed leaves it: nothing of it ran any more.
    for name in ["id_ed25519", "id_ed25519.pub"] {
        fs::write(ssh.join(name), "left").unwrap();
    }
    let taken = generates(&desk, plain(&desk)).await.unwrap_err();
    assert_eq!(at(&taken), ("/file_name", FieldCode::Taken));
    assert!(taken.errors[0].detail.contains("id_ed25519 is there already"), "it is said what is left");
    let suggested = generation::get_ssh_folder(&desk, NoArgs {}).await.unwrap().file_name;
    generates(&desk, GenerateSshKey { file_name: suggested, ..plain(&desk) }).await.unwrap();
    let left = ["id_ed25519", "id_ed25519.pub"].map(|name| fs::read_to_string(ssh.join(name)).unwrap());
    assert_eq!(left, ["left", "left"]);
    assert_eq!(names(&ssh), ["id_ed25519", "id_ed25519.pub", "id_ed25519_latchkey", "id_ed25519_latchkey.pub"]);
}

#[tokio::test]
async fn a_folder_of_ssh_that_is_a_link_stays_one_and_one_that_others_may_look_into_is_closed() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let (ssh, kept) = (desk.home.path().join(".ssh"), desk.home.path().join("dotfiles"));
    fs::create_dir(&kept).unwrap();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o777)).unwrap();
    symlink("dotfiles", &ssh).unwrap();
    let made = generates(&desk, GenerateSshKey { host: Some(host("build")), ..plain(&desk) }).await.unwrap();
    assert!(ssh.is_symlink() && made.config.is_some());
    assert_eq!(names(&kept), ["config", "id_ed25519", "id_ed25519.pub"]);
    assert_eq!((mode(&kept), mode(kept.join("id_ed25519"))), (0o700, 0o600));
    // A link that leads nowhere is no folder.
    fs::remove_file(&ssh).unwrap();
    symlink("gone", &ssh).unwrap();
    let refused = generates(&desk, plain(&desk)).await.unwrap_err();
    assert_eq!(at(&refused).0, "/folder");
}

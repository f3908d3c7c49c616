//! SSH keys.

use std::{fs, os::unix::fs::PermissionsExt};

use latchkey_api::{common::PageQuery, ssh_keys::SshKeysApi};
use latchkey_desktop_testkit::output_of;

use crate::machine::{Machine, world};

pub(crate) const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti ada@example.org\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_public_key_is_added_from_a_file_or_standard_input_listed_and_removed() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    assert_eq!(machine.latchkey(&["ssh-keys"]).done(), "There are no SSH keys.\n");
    let added = machine.latchkey_fed(&["ssh-keys", "add", "-", "--name", "Laptop", "--json"], KEY).json();
    assert_eq!((&added["name"], &added["type"]), (&"Laptop".into(), &"ssh-ed25519".into()));
    let listed = machine.latchkey(&["ssh-keys", "list"]).done();
    assert!(listed.contains("SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ"), "{listed}");

    fs::write(machine.home().join("id.pub"), KEY).unwrap();
    let twice = machine.latchkey(&["ssh-keys", "add", "id.pub"]).ended(1);
    assert!(twice.contains("already"), "{twice}");
    assert_eq!(machine.latchkey(&["ssh-keys", "remove", added["id"].as_str().unwrap(), "--json"]).done(), "{}\n");
    machine.latchkey(&["ssh-keys", "add", "id.pub"]).done();
    let keys = world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!((keys.len(), keys[0].name.as_str()), (1, "ada@example.org"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_key_is_refused_and_not_sent() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
    fs::write(machine.home().join("id"), private).unwrap();
    for said in [
        machine.latchkey(&["ssh-keys", "add", "id"]).ended(1),
        machine.latchkey_fed(&["ssh-keys", "add", "-"], private).ended(1),
    ] {
        assert_eq!(said, "latchkey: That is a private key. Paste the .pub file instead.\n");
    }
    assert!(machine.latchkey(&["ssh-keys", "add", "gone.pub"]).ended(1).contains("It is not there any more."));
    assert!(world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_is_generated_where_ssh_finds_it() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let host = ["--host", "build", "--host-name", "build.example.org", "--user", "ada", "--port", "2222"];
    let made = machine.latchkey(&[&["ssh-keys", "generate", "--name", "Work"][..], &host].concat()).done();
    let private = machine.home().join(".ssh/id_ed25519");
    assert!(made.contains(&format!("Private key  {}\n", private.display())), "{made}");
    assert!(made.contains("Connect with  ssh build\n"), "{made}");
    assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    let keys = world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!(keys[0].name, "Work");
    let fingerprint = output_of(machine.command("ssh-keygen").arg("-lf").arg(&private));
    assert!(fingerprint.contains(&keys[0].fingerprint), "{fingerprint}");

    // A second one gets a name that is free; a name that is taken is refused, and nothing changes.
    machine.latchkey(&["ssh-keys", "generate"]).done();
    assert!(machine.home().join(".ssh/id_ed25519_latchkey.pub").exists());
    let before = fs::read(&private).unwrap();
    let said = machine.latchkey(&["ssh-keys", "generate", "--file-name", "id_ed25519"]).ended(1);
    assert!(said.contains("is there already"), "{said}");
    assert_eq!(fs::read(&private).unwrap(), before);
    let without = machine.latchkey(&["ssh-keys", "generate", "--passphrase"]).ended(1);
    assert!(without.contains("terminal"), "{without}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_changed_is_a_failure_and_the_key_is_told() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    fs::create_dir(machine.home().join(".ssh")).unwrap();
    fs::write(machine.home().join(".ssh/config"), b"# \xe9\n").unwrap();
    let ran = machine.latchkey(&["ssh-keys", "generate", "--host", "build", "--host-name", "build.example.org"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.contains("Fingerprint") && ran.said.contains("is not UTF-8 text"), "{ran:?}");
    let keys = world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert!(ran.out.contains(&keys[0].id.to_string()), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_typed_twice_and_kept_in_the_keychain() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let generate = ["ssh-keys", "generate", "--passphrase", "--keep-passphrase"];
    let (status, shown) = machine.at_a_terminal(&generate, &["correct horse", "battery"]);
    assert!(status == 1 && shown.contains("not the same"), "{shown}");
    let (status, shown) = machine.at_a_terminal(&generate, &["correct horse", "correct horse"]);
    assert!(status == 0 && !shown.contains("horse"), "{shown}");
    let keys = world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    let entry = format!("passphrase of the SSH key {} of ada@{}", keys[0].fingerprint, world.origin.as_ref().unwrap());
    assert_eq!(machine.kept(&entry).as_deref(), Some("correct horse"));
    let private = machine.home().join(".ssh/id_ed25519");
    output_of(machine.command("ssh-keygen").args(["-y", "-P", "correct horse", "-f"]).arg(&private));
    machine.latchkey(&["ssh-keys", "remove", &keys[0].id.to_string()]).done();
    assert_eq!(machine.kept(&entry), None);
    assert!(private.exists());
}

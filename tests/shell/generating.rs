//! Pairs of SSH keys that are generated on this computer.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use latchkey::commands::{ssh_generation as generation, ssh_keys};
use latchkey_api::{
    desktop::{
        Failure, GenerateSshKey, GeneratedSshKey, ListArgs, NoArgs, ShellCode, SshConfigChange, SshHost, SshKeyArgs,
    },
    problem::{ErrorCode, FieldCode},
    wire::Secret,
};
use latchkey_testkit::{Wiring, World};

use crate::{
    desk::{Desk, here, key_of},
    ssh_keys::at,
};

pub(crate) fn plain(desk: &Desk) -> GenerateSshKey {
    GenerateSshKey {
        name: "workbench".into(),
        folder: desk.home.path().join(".ssh").display().to_string(),
        file_name: "id_ed25519".into(),
        passphrase: None,
        keep_passphrase: false,
        host: None,
    }
}

pub(crate) fn host(alias: &str) -> SshHost {
    SshHost { alias: alias.into(), host_name: "build.example.org".into(), user: Some("ada".into()), port: None }
}

pub(crate) async fn generates(desk: &Desk, args: GenerateSshKey) -> Result<GeneratedSshKey, Failure> {
    generation::generate_ssh_key(desk, args).await
}

pub(crate) fn mode(path: impl AsRef<Path>) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn ssh_keygen(args: &[&str]) -> String {
    let done = Command::new("ssh-keygen").args(args).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test]
async fn both_halves_are_files_openssh_reads_and_the_public_one_is_added() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let suggested = generation::get_ssh_folder(&desk, NoArgs {}).await.unwrap();
    assert_eq!((suggested.file_name.as_str(), suggested.name.as_str()), ("id_ed25519", "workbench"));
    assert_eq!((suggested.host, suggested.folder.as_str()), (None, plain(&desk).folder.as_str()));
    let ssh = desk.home.path().join(".ssh");
    assert!(!ssh.exists(), "looking makes no folder");

    let made = generates(&desk, plain(&desk)).await.unwrap();
    assert_eq!(made.path, ssh.join("id_ed25519").display().to_string());
    assert_eq!((mode(&ssh), mode(&made.path), mode(ssh.join("id_ed25519.pub"))), (0o700, 0o600, 0o644));
    assert!(!made.passphrase_in_keychain && made.config.is_none() && made.config_failure.is_none());
    assert!(ssh_keygen(&["-l", "-f", &made.path]).contains(&made.key.fingerprint));
    assert!(ssh_keygen(&["-y", "-P", "", "-f", &made.path]).starts_with(&made.key.public_key));
    let listed = ssh_keys::list_ssh_keys(&desk, ListArgs { after: None }).await.unwrap().items;
    assert_eq!((listed.len(), &listed[0].key), (1, &made.key));
    let secret: String = fs::read_to_string(&made.path).unwrap().lines().nth(2).unwrap().into();
    assert!(!serde_json::to_string(&made).unwrap().contains(&secret));
    assert_eq!(generation::get_ssh_folder(&desk, NoArgs {}).await.unwrap().file_name, "id_ed25519_latchkey");
}

#[tokio::test]
async fn a_passphrase_encrypts_the_private_half_and_the_keychain_keeps_it_while_the_key_is_there() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let with = |text: &str, keep_passphrase, file_name: &str| GenerateSshKey {
        passphrase: Some(Secret::new(text)),
        keep_passphrase,
        file_name: file_name.into(),
        ..plain(&desk)
    };
    let made = generates(&desk, with("correct horse", true, "id_ed25519")).await.unwrap();
    assert!(made.passphrase_in_keychain);
    ssh_keygen(&["-y", "-P", "correct horse", "-f", &made.path]);
    assert!(!Command::new("ssh-keygen").args(["-y", "-P", "", "-f", &made.path]).output().unwrap().status.success());
    let listed = async || {
        let page = ssh_keys::list_ssh_keys(&desk, ListArgs { after: None }).await.unwrap();
        page.items.iter().map(|key| key.passphrase_in_keychain).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [true]);
    let other = generates(&desk, with("battery staple", false, "second")).await.unwrap();
    let mut both = listed().await;
    both.sort_unstable();
    assert_eq!((both, other.passphrase_in_keychain), (vec![false, true], false));

    ssh_keys::copy_ssh_passphrase(&desk, SshKeyArgs { id: made.key.id }).await.unwrap();
    assert_eq!(*desk.clipboard.secrets.lock().unwrap(), ["correct horse"]);
    let none = ssh_keys::copy_ssh_passphrase(&desk, SshKeyArgs { id: other.key.id }).await.unwrap_err();
    assert_eq!(none.code, ErrorCode::NotFound.into());
    desk.keychain.take_away(true);
    let locked = ssh_keys::copy_ssh_passphrase(&desk, SshKeyArgs { id: made.key.id }).await.unwrap_err();
    assert_eq!(locked.code, ShellCode::KeychainUnavailable.into());
    assert!(locked.detail.unwrap().contains("keychain"));
    assert_eq!(listed().await, [false, false], "without a keychain the list is there all the same");
    let unkept = generates(&desk, with("correct horse", true, "third")).await.unwrap();
    assert!(!unkept.passphrase_in_keychain, "the key is made, and it is said that nobody keeps the passphrase");
    desk.keychain.take_away(false);

    ssh_keys::remove_ssh_key(&desk, key_of("ada", made.key.id)).await.unwrap();
    let gone = desk.parts.keys.passphrase(&here("ada"), &made.key.fingerprint).await.unwrap();
    assert_eq!(gone, None);
    assert!(Path::new(&made.path).exists(), "the file is the person's");
    for (text, code) in [("", FieldCode::Blank), ("a\nb", FieldCode::Invalid)] {
        let refused = generates(&desk, with(text, false, "fourth")).await.unwrap_err();
        assert_eq!(at(&refused), ("/passphrase", code));
    }
}

#[tokio::test]
async fn where_the_service_refuses_nothing_is_left() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    for code in [ErrorCode::Conflict, ErrorCode::Offline] {
        desk.line.fail("/v1/me/ssh-keys", code);
        let refused = generates(&desk, GenerateSshKey { host: Some(host("build")), ..plain(&desk) }).await.unwrap_err();
        assert_eq!(refused.code, code.into());
        assert_eq!(names(&desk.home.path().join(".ssh")), Vec::<String>::new());
    }
    desk.line.repair();
    generates(&desk, plain(&desk)).await.unwrap();
}

#[tokio::test]
async fn an_existing_file_is_never_written_over_and_a_bad_folder_says_so() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let folder = tempfile::tempdir().unwrap();
    let into = |folder: &Path, file_name: &str| GenerateSshKey {
        folder: folder.display().to_string(),
        file_name: file_name.into(),
        ..plain(&desk)
    };
    fs::write(folder.path().join("mine"), "precious").unwrap();
    symlink("/nowhere/at/all", folder.path().join("link.pub")).unwrap();
    for name in ["mine", "link"] {
        let refused = generates(&desk, into(folder.path(), name)).await.unwrap_err();
        assert_eq!(at(&refused), ("/file_name", FieldCode::Taken));
    }
    assert_eq!(fs::read_to_string(folder.path().join("mine")).unwrap(), "precious");
    for (name, code) in [("../x", FieldCode::Invalid), ("", FieldCode::Blank), ("x.pub", FieldCode::Invalid)] {
        assert_eq!(at(&generates(&desk, into(folder.path(), name)).await.unwrap_err()), ("/file_name", code));
    }
    for bad in [folder.path().join("gone"), folder.path().join("mine"), "relative".into(), "/proc".into()] {
        let refused = generates(&desk, into(&bad, "id")).await.unwrap_err();
        let said = refused.errors.first().map(|error| error.pointer.as_str());
        assert!(said == Some("/folder") || refused.code == ShellCode::FileUnwritable.into(), "{refused:?}");
    }
    assert_eq!(names(folder.path()), ["link.pub", "mine"]);

    desk.dialogs.answer(Some(folder.path().to_owned()));
    let chosen = generation::choose_ssh_folder(&desk, NoArgs {}).await.unwrap().unwrap();
    assert_eq!((chosen.folder, chosen.file_name.as_str()), (folder.path().display().to_string(), "id_ed25519"));
    desk.dialogs.answer(None);
    assert_eq!(generation::choose_ssh_folder(&desk, NoArgs {}).await.unwrap(), None);
}

/// A disk of four pages, where this machine lets one be made.
#[tokio::test]
async fn a_full_disk_leaves_no_half() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"]).arg(folder.path()).output();
    if !mounted.is_ok_and(|done| done.status.success()) {
        eprintln!("no disk can be made here: a full one is tested where one can");
        return;
    }
    // Room for one half.
    let filled = fs::write(folder.path().join("film"), vec![0; 12 * 1024]);
    let args = GenerateSshKey { folder: folder.path().display().to_string(), ..plain(&desk) };
    let first = generates(&desk, args).await;
    let left = names(folder.path());
    assert!(Command::new("umount").arg(folder.path()).status().unwrap().success());
    filled.unwrap();
    assert_eq!(first.unwrap_err().code, ShellCode::DiskFull.into());
    assert_eq!(left, ["film"]);
}

#[tokio::test]
async fn a_host_is_written_into_the_configuration_and_taken_out_again() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let ssh = desk.home.path().join(".ssh");
    let (config, dotfiles) = (ssh.join("config"), desk.file("dotfiles", b"Host *\r\n  ForwardAgent no\r\n"));
    fs::create_dir(&ssh).unwrap();
    symlink(&dotfiles, &config).unwrap();
    fs::set_permissions(&dotfiles, fs::Permissions::from_mode(0o640)).unwrap();

    let made = generates(&desk, GenerateSshKey { host: Some(host("build")), ..plain(&desk) }).await.unwrap();
    let change = made.config.unwrap();
    assert_eq!((change.alias.as_str(), Path::new(&change.path)), ("build", config.as_path()));
    let text = fs::read_to_string(&dotfiles).unwrap();
    assert!(text.contains("IdentityFile ~/.ssh/id_ed25519\r\n") && text.ends_with("Host *\r\n  ForwardAgent no\r\n"));
    assert!(config.is_symlink() && mode(&dotfiles) == 0o640);
    // As ssh itself reads it.
    let said = Command::new("ssh").args(["-G", "-F", &config.display().to_string(), "build"]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("hostname build.example.org\n") && said.contains("user ada\n"), "{said}");

    let elsewhere = SshConfigChange { path: "/etc/passwd".into(), ..change.clone() };
    assert_eq!(generation::undo_ssh_config(&desk, elsewhere).await.unwrap_err().code, ErrorCode::NotFound.into());
    generation::undo_ssh_config(&desk, change.clone()).await.unwrap();
    assert_eq!(fs::read_to_string(&dotfiles).unwrap(), "Host *\r\n  ForwardAgent no\r\n");
    generation::undo_ssh_config(&desk, change).await.unwrap();
}

#[tokio::test]
async fn a_configuration_that_cannot_be_changed_does_not_cost_the_key() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let ssh = desk.home.path().join(".ssh");
    fs::create_dir(&ssh).unwrap();
    fs::write(ssh.join("config"), b"# \xe9\n").unwrap();
    let made = generates(&desk, GenerateSshKey { host: Some(host("build")), ..plain(&desk) }).await.unwrap();
    assert_eq!(made.config, None);
    assert!(made.config_failure.unwrap().detail.unwrap().contains("is not UTF-8 text"));
    assert_eq!(fs::read(ssh.join("config")).unwrap(), b"# \xe9\n");
    assert!(Path::new(&made.path).exists());
}

#[tokio::test]
async fn a_host_that_does_not_fit_says_so_before_anything_is_written() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let ssh = desk.home.path().join(".ssh");
    fs::create_dir(&ssh).unwrap();
    fs::write(ssh.join("config"), "Host build\n  User bob\n").unwrap();
    let build = || host("build");
    for (wrong, pointer, code) in [
        (build(), "/host/alias", FieldCode::Taken),
        (SshHost { alias: "a b".into(), ..build() }, "/host/alias", FieldCode::Invalid),
        (SshHost { alias: "x".into(), host_name: "$(x)".into(), ..build() }, "/host/host_name", FieldCode::Invalid),
        (SshHost { alias: "x".into(), user: Some("a\nb".into()), ..build() }, "/host/user", FieldCode::Invalid),
        (SshHost { alias: "x".into(), port: Some(0), ..build() }, "/host/port", FieldCode::Invalid),
    ] {
        let refused = generates(&desk, GenerateSshKey { host: Some(wrong), ..plain(&desk) }).await.unwrap_err();
        assert_eq!(at(&refused), (pointer, code));
    }
    assert_eq!(names(&ssh), ["config"]);
}

//! Generated pairs, read by `ssh-keygen`.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

use latchkey_ssh::{KeyPair, generate, read};
use tempfile::{TempDir, tempdir};

use crate::{output, run, text};

fn made(passphrase: Option<&str>) -> (KeyPair, TempDir, PathBuf) {
    let mut next = 0_u8;
    let pair = generate("ada's laptop", passphrase, |buffer| {
        for byte in buffer {
            next = next.wrapping_mul(5).wrapping_add(17);
            *byte = next;
        }
    })
    .unwrap();
    let folder = tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, pair.private.as_bytes()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    (pair, folder, path)
}

#[test]
fn open_with_their_passphrase_alone() {
    for passphrase in ["correct horse", "p\u{e4}ssw\u{f6}rd \u{1f511}", &"x".repeat(1023)] {
        let (pair, _folder, path) = made(Some(passphrase));
        let public = output("ssh-keygen", &["-y", "-P", passphrase, "-f", text(&path)]);
        assert_eq!(read(&public).unwrap(), pair.public);
        for wrong in ["", "correct", "Correct horse"] {
            assert!(!run("ssh-keygen", &["-y", "-P", wrong, "-f", text(&path)]).status.success());
        }
    }
}

#[test]
fn open_without_a_passphrase_when_they_have_none() {
    let (pair, _folder, path) = made(None);
    assert_eq!(read(&output("ssh-keygen", &["-y", "-P", "", "-f", text(&path)])).unwrap(), pair.public);
    let listed = output("ssh-keygen", &["-l", "-f", text(&path)]);
    assert_eq!(listed.trim_end(), format!("256 {} ada's laptop (ED25519)", pair.public.fingerprint()));
}

/// What they sign verifies: the private half belongs to the public one.
#[test]
fn sign() {
    let (pair, folder, path) = made(None);
    let message = folder.path().join("message");
    let signers = folder.path().join("signers");
    fs::write(&message, "hello").unwrap();
    fs::write(&signers, format!("ada {}\n", pair.public.line())).unwrap();
    output("ssh-keygen", &["-q", "-Y", "sign", "-n", "test", "-f", text(&path), text(&message)]);
    let signature = message.with_extension("sig");
    let mut verify = Command::new("ssh-keygen");
    verify.args(["-Y", "verify", "-n", "test", "-I", "ada", "-s", text(&signature), "-f", text(&signers)]);
    let verified = verify.stdin(fs::File::open(&message).unwrap()).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

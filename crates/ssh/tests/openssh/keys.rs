//! Public keys of every kind that is taken, and some that are not.

use std::fs;

use latchkey_ssh::{PublicKey, Refusal, fingerprint, read};
use ssh_key::public::{EcdsaPublicKey, KeyData, SkEcdsaSha2NistP256, SkEd25519};
use tempfile::tempdir;

use crate::{output, run, text};

/// The content of the `.pub` file of a new key.
fn generated(kind: &str, bits: &str) -> String {
    let folder = tempdir().unwrap();
    let path = folder.path().join("key");
    output("ssh-keygen", &["-q", "-t", kind, "-b", bits, "-N", "", "-C", "ada's laptop", "-f", text(&path)]);
    let private = fs::read_to_string(&path).unwrap();
    assert_eq!(read(&private), Err(Refusal::PrivateKey));
    fs::read_to_string(path.with_extension("pub")).unwrap()
}

/// Bits, fingerprint, comment and kind as `ssh-keygen -l` shows them.
fn listed(line: &str) -> String {
    let folder = tempdir().unwrap();
    let path = folder.path().join("key.pub");
    fs::write(&path, line).unwrap();
    output("ssh-keygen", &["-l", "-f", text(&path)]).trim_end().to_owned()
}

fn agrees(line: &str) -> PublicKey {
    let key = read(line).unwrap();
    let ours = format!("{} {} {} ({})", key.bits(), key.fingerprint(), key.comment(), key.kind());
    assert_eq!(ours, listed(line));
    assert_eq!(fingerprint::parse(&key.fingerprint()), Some(key.fingerprint_bytes()));
    assert_eq!(key.line_with(key.comment()), line.trim_end());
    assert!(line.starts_with(&format!("{} ", key.algorithm())));
    assert_eq!(read(&key.line()).unwrap().line(), key.line());
    key
}

#[test]
fn keys_of_ssh_keygen() {
    for (kind, bits) in [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521")] {
        agrees(&generated(kind, bits));
    }
    for (bits, count) in [("3072", 3072), ("3080", 3080)] {
        assert_eq!(agrees(&generated("rsa", bits)).bits(), count);
    }
}

/// There is no security key to make these with: they are put together from the points of other keys.
#[test]
fn keys_of_security_keys() {
    let point = |kind: &str| ssh_key::PublicKey::from_openssh(&generated(kind, "256")).unwrap().key_data().clone();
    let KeyData::Ed25519(ed25519) = point("ed25519") else { panic!("an Ed25519 key") };
    let KeyData::Ecdsa(EcdsaPublicKey::NistP256(p256)) = point("ecdsa") else { panic!("a P-256 key") };
    for (data, kind) in [
        (KeyData::SkEd25519(SkEd25519::new(ed25519, "ssh:")), "ED25519-SK"),
        (KeyData::SkEcdsaSha2NistP256(SkEcdsaSha2NistP256::new(p256, "ssh:work")), "ECDSA-SK"),
    ] {
        let line = ssh_key::PublicKey::new(data, "key ring").to_openssh().unwrap();
        assert_eq!(agrees(&line).kind(), kind);
    }
}

#[test]
fn short_rsa_is_refused_with_its_length() {
    assert_eq!(read(&generated("rsa", "2048")), Err(Refusal::RsaTooShort { bits: 2048 }));
}

#[test]
fn certificates_and_converted_keys_are_refused() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (authority, key) = (path("authority"), path("key"));
    for path in [&authority, &key] {
        output("ssh-keygen", &["-q", "-t", "rsa", "-b", "3072", "-N", "", "-f", text(path)]);
    }
    output("ssh-keygen", &["-q", "-s", text(&authority), "-I", "ada", "-n", "ada", text(&key)]);
    assert_eq!(read(&fs::read_to_string(path("key-cert.pub")).unwrap()), Err(Refusal::Certificate));

    for (format, wanted) in
        [("RFC4716", Refusal::Rfc4716), ("PKCS8", Refusal::Pem("PKCS8")), ("PEM", Refusal::Pem("PEM"))]
    {
        let converted = output("ssh-keygen", &["-e", "-m", format, "-f", text(&key)]);
        assert_eq!(read(&converted), Err(wanted.clone()), "{converted}");
        // The command that the refusal names makes of it what is taken.
        fs::write(path("converted"), converted).unwrap();
        let mut arguments = vec!["-i", "-f"];
        let converted = path("converted");
        arguments.push(text(&converted));
        if let Refusal::Pem(format) = wanted {
            arguments.extend(["-m", format]);
        }
        read(&output("ssh-keygen", &arguments)).unwrap();
    }

    for format in ["PEM", "PKCS8"] {
        output("ssh-keygen", &["-q", "-p", "-N", "correct horse", "-m", format, "-f", text(&key)]);
        assert_eq!(read(&fs::read_to_string(&key).unwrap()), Err(Refusal::PrivateKey), "{format}");
        output("ssh-keygen", &["-q", "-p", "-P", "correct horse", "-N", "", "-f", text(&key)]);
    }
}

/// What this crate refuses as malformed is no key for OpenSSH either.
#[test]
fn points_beside_the_curve_are_refused_by_both() {
    let line = generated("ecdsa", "256");
    // The last characters of the data before the padding are the end of the y coordinate.
    let at = line.find("= ").unwrap() - 3;
    let other = if line.as_bytes()[at] == b'A' { "B" } else { "A" };
    let damaged = format!("{}{other}{}", &line[..at], &line[at + 1..]);
    assert!(matches!(read(&damaged), Err(Refusal::Malformed(_))));

    let folder = tempdir().unwrap();
    let path = folder.path().join("key.pub");
    fs::write(&path, damaged).unwrap();
    assert!(!run("ssh-keygen", &["-l", "-f", text(&path)]).status.success());
}

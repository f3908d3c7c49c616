//! SSH keys at an OpenSSH server that asks the service who may come in.

mod sshd;

use std::{fs, path::PathBuf, time::Duration};

use latchkey_api::{
    accounts::AccountsApi,
    common::{Caller, PageQuery},
    problem::ErrorCode,
    sessions::SessionsApi,
    ssh_keys::{AddSshKey, SshKey, SshKeyPath, SshKeysApi},
};
use latchkey_client::Client;
use tempfile::TempDir;

use self::sshd::Sshd;
use crate::{
    program::Home,
    serving::{ada, sign_in},
    tools::{self, eventually},
};

/// Key pairs that OpenSSH itself made.
struct Pairs(TempDir);

impl Pairs {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The file of the private key, the public key in the file beside it, and what `ssh-keygen -l` says of it.
    fn make(&self, name: &str, kind: &[&str]) -> (PathBuf, String, String) {
        let file = self.0.path().join(name);
        let mut keygen = tools::system("ssh-keygen");
        tools::well(keygen.args(["-q", "-N", "", "-C", "ada@laptop", "-t"]).args(kind).arg("-f").arg(&file));
        let public = file.with_extension("pub");
        let said = tools::well(tools::system("ssh-keygen").arg("-lf").arg(&public));
        (file, fs::read_to_string(public).unwrap(), said)
    }
}

async fn add(client: &Client, me: &Caller, name: &str, public_key: &str) -> SshKey {
    client.add_ssh_key(me, AddSshKey { name: name.into(), public_key: public_key.into() }).await.unwrap()
}

/// As `ssh-keygen -l` writes it: bits, fingerprint, comment, algorithm.
fn told(key: &SshKey, algorithm: &str) -> String {
    format!("{} {} ada@laptop ({algorithm})\n", key.bits, key.fingerprint)
}

#[tokio::test]
async fn a_key_lets_in_until_it_is_removed() {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
    let (sshd, pairs) = (Sshd::start(&served, "ada"), Pairs::new());

    let (private, public, said) = pairs.make("laptop", &["ed25519"]);
    sshd.refuses(&private);
    let key = add(&client, &me, "Laptop", &public).await;
    assert_eq!(told(&key, "ED25519"), said);
    assert_eq!(key.last_used_at, None);
    assert_eq!(sshd.lets_in(&private), "you are in\n");

    let (other, public, said) = pairs.make("desk", &["rsa", "-b", "3072"]);
    assert_eq!(told(&add(&client, &me, "Desk", &public).await, "RSA"), said);
    let (third, public, said) = pairs.make("token", &["ecdsa", "-b", "384"]);
    assert_eq!(told(&add(&client, &me, "Token", &public).await, "ECDSA"), said);
    sshd.lets_in(&other);
    sshd.lets_in(&third);
    sshd.refuses(&pairs.make("strangers", &["ed25519"]).0);

    // The mark is written every 15 seconds.
    eventually(Duration::from_secs(40), async || {
        let keys = client.list_ssh_keys(&me, PageQuery::default()).await.unwrap().items;
        keys.iter().all(|key| key.last_used_at.is_some()).then_some(())
    })
    .await;

    client.remove_ssh_key(&me, SshKeyPath { id: key.id }).await.unwrap();
    sshd.refuses(&private);
    sshd.lets_in(&other);
}

/// What `sshd` would refuse later, or what was never meant to leave its computer, is refused with what to do instead.
#[tokio::test]
async fn keys_of_openssh_that_are_not_taken() {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
    let pairs = Pairs::new();
    let (private, public, _) = pairs.make("laptop", &["ed25519"]);
    add(&client, &me, "Laptop", &public).await;

    let private = fs::read_to_string(private).unwrap();
    let short = pairs.make("short", &["rsa", "-b", "2048"]).1;
    for (text, word) in [(public, "already"), (private, "private"), (short, "3072")] {
        let body = AddSshKey { name: "Laptop".into(), public_key: text };
        let refused = client.add_ssh_key(&me, body).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{refused}");
        let [error] = refused.errors() else { panic!("{:?}", refused.errors()) };
        assert!(error.pointer == "/public_key" && error.detail.contains(word), "{error:?}");
    }
}

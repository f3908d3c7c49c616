//! SSH keys: added, listed, handed to `sshd`, removed.

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery, Category},
    common::PageQuery,
    instance::TwoFactorPolicy,
    problem::{ErrorCode, FieldCode},
    ssh_keys::{AddSshKey, AuthorizedKeysQuery, MAX_SSH_KEYS, SshKey, SshKeyPath},
};
use latchkey_testkit::{Person, Wiring, World};
use uuid::Uuid;

use crate::{code, nobody, pointers, stories};

stories! {
    a_key_is_added_listed_and_removed;
    what_is_no_key_is_refused_with_what_to_do;
    a_key_is_in_an_account_once;
    an_account_has_so_many_keys_and_no_more;
    keys_come_in_pages_the_newest_first;
    sshd_gets_the_keys_and_marks_the_one_it_asks_for;
    who_is_not_let_in_has_no_keys;
    a_new_key_is_told_by_mail;
    @files
    keys_are_exported_counted_and_deleted;
}

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMx1TRceWSjTjv6cQgUwsJzJnZwkMP8ZYyMv2CGcvOJT";
const ED25519_FINGERPRINT: &str = "SHA256:gj8EJ5SRwlWSaRSud/70CMAOkLHVtOuSUoTRPZtAKEo";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEurbwd17Fz2xA/y8V7T9p8EYYDYti3VuOoC/RDgXG6Pqg4YRXZCFIRv6dk6oJuEQ3PS7iPAtnBZmJU6zlJZy1Q=";
const ECDSA_FINGERPRINT: &str = "SHA256:sCgCtEl8BcBo5pkPZbeqFnyAhGuZZ7ZTQAGlnNq4AgM";
const RSA_2048: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCwwn0lIYhSDbGuPcziKrrJDM7Fz2tS7mFFy4yFdsAAAmbvoSSL0occho3s7j2VdaRtE2Rp46Q3idrp/xSjzgQ/quTQ810kJYGuH4xwEqj2fwT6yXAGnvKvGSlBDuj8Rw4GXreGsBC6kaDmy6+5aNWnp3rNJQmMoX9a/F67JF91w2zega0DneRhWDXtQOzGBRodrmFHRFUxvRfGucvzVmGe0g12Qa+ujNVbVI8Zhq6sdsUsaQ6/9eL5z8mYQ77nRbTzQxKvWPkJyzCbC7JBiCTayzaBUXKnsAuXaX4B9roNcjuxLtxmIp7EhSjWUOoJcqZBvzpWTMAab4q7qnOlq6Rx";

fn key(name: &str, public_key: &str) -> AddSshKey {
    AddSshKey { name: name.into(), public_key: public_key.into() }
}

/// Another key for each number: any odd number of 3072 bits is the public half of an RSA key, as far as one can see.
fn numbered(n: u32) -> AddSshKey {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut modulus = [0xc5; 385];
    modulus[0] = 0;
    modulus[1..5].copy_from_slice(&(n | 1 << 31).to_be_bytes());
    let blob = [&[0, 0, 0, 7][..], b"ssh-rsa", &[0, 0, 0, 3, 1, 0, 1], &[0, 0, 1, 129], &modulus].concat();
    key(&format!("key {n}"), &format!("ssh-rsa {}", STANDARD.encode(blob)))
}

async fn list(world: &World, person: &Person) -> Vec<SshKey> {
    world.api.list_ssh_keys(&person.caller, PageQuery::default()).await.unwrap().items
}

/// What `sshd` is answered, without being signed in.
async fn authorized(world: &World, username: &str, fingerprint: Option<&str>) -> String {
    let query = AuthorizedKeysQuery { username: username.into(), fingerprint: fingerprint.map(str::to_owned) };
    world.api.get_authorized_keys(&nobody(), query).await.unwrap()
}

async fn a_key_is_added_listed_and_removed(wiring: Wiring) {
    let world = World::new(wiring).await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    let added = world.api.add_ssh_key(&ada.caller, key("  Work laptop ", &format!("{ED25519} ada@laptop\n"))).await;
    let added = added.unwrap();
    assert_eq!((added.name.as_str(), added.kind.as_str(), added.bits), ("Work laptop", "ssh-ed25519", 256));
    assert_eq!((added.fingerprint.as_str(), added.public_key.as_str()), (ED25519_FINGERPRINT, ED25519));
    assert_eq!(added.last_used_at, None);
    assert_eq!(list(&world, &ada).await, std::slice::from_ref(&added));
    assert_eq!(list(&world, &bob).await, []);

    let path = || SshKeyPath { id: added.id };
    assert_eq!(code(world.api.remove_ssh_key(&bob.caller, path()).await), ErrorCode::NotFound);
    world.api.remove_ssh_key(&ada.caller, path()).await.unwrap();
    assert_eq!(code(world.api.remove_ssh_key(&ada.caller, path()).await), ErrorCode::NotFound);
    assert_eq!(list(&world, &ada).await, []);
    assert_eq!(authorized(&world, "ada", None).await, "");

    let query = ActivityQuery { category: Some(Category::SshKeys), ..ActivityQuery::default() };
    let events = world.api.list_events(&ada.caller, query).await.unwrap().items;
    assert_eq!(events.len(), 2);
    for (event, kind) in events.iter().zip([ActivityKind::SshKeyRemoved, ActivityKind::SshKeyAdded]) {
        assert_eq!(event.kind, kind);
        assert_eq!(event.details.key.as_deref(), Some("Work laptop"));
        assert_eq!(event.details.fingerprint.as_deref(), Some(ED25519_FINGERPRINT));
        assert_eq!(event.session_id, Some(ada.session.id));
    }
}

async fn what_is_no_key_is_refused_with_what_to_do(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    for (public_key, why, words) in [
        (RSA_2048, FieldCode::Invalid, "at least 3072"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", FieldCode::Invalid, "private key"),
        ("ssh-dss AAAAB3NzaC1kc3MAAACBAP", FieldCode::Invalid, "DSA"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMx1", FieldCode::Invalid, "damaged"),
        ("hello", FieldCode::Invalid, ".pub file"),
        (" \n ", FieldCode::Blank, ".pub file"),
    ] {
        let refused = world.api.add_ssh_key(&ada.caller, key("laptop", public_key)).await.unwrap_err();
        assert_eq!(pointers(&refused), [("/public_key".to_owned(), why)], "{public_key}");
        assert!(refused.errors()[0].detail.contains(words), "{public_key}: {}", refused.errors()[0].detail);
    }
    for (name, why) in [
        (" ", FieldCode::Blank),
        ("two\nlines", FieldCode::Invalid),
        ("gro\u{202e}ada", FieldCode::Invalid),
        (&"x".repeat(101), FieldCode::TooLong),
    ] {
        let refused = world.api.add_ssh_key(&ada.caller, key(name, "hello")).await.unwrap_err();
        let both = [("/name".to_owned(), why), ("/public_key".to_owned(), FieldCode::Invalid)];
        assert_eq!(pointers(&refused), both, "all at once");
    }
    assert_eq!(list(&world, &ada).await, []);
}

async fn a_key_is_in_an_account_once(wiring: Wiring) {
    let world = World::new(wiring).await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    world.api.add_ssh_key(&ada.caller, key("laptop", ED25519)).await.unwrap();
    let again = format!("  {ED25519} another comment");
    let refused = world.api.add_ssh_key(&ada.caller, key("the same", &again)).await.unwrap_err();
    assert_eq!(pointers(&refused), [("/public_key".to_owned(), FieldCode::Taken)]);
    world.api.add_ssh_key(&bob.caller, key("shared", ED25519)).await.unwrap();
}

async fn an_account_has_so_many_keys_and_no_more(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..MAX_SSH_KEYS + 3 {
        let (api, caller) = (world.api.clone(), ada.caller.clone());
        tasks.spawn(async move { api.add_ssh_key(&caller, numbered(n)).await });
    }
    let mut refused = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        refused.extend(answer.unwrap().err().map(|problem| problem.code()));
    }
    assert_eq!(refused, [ErrorCode::Conflict; 3]);
    let all = world.api.list_ssh_keys(&ada.caller, PageQuery { limit: Some(100), after: None }).await.unwrap();
    assert_eq!((all.items.len(), all.next), (100, None));
}

async fn keys_come_in_pages_the_newest_first(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut expected = Vec::new();
    for n in 0..7 {
        expected.insert(0, world.api.add_ssh_key(&ada.caller, numbered(n)).await.unwrap());
        world.clock.advance(Duration::seconds(1));
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = world.api.list_ssh_keys(&ada.caller, PageQuery { limit: Some(3), after }).await.unwrap();
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    for bad in [PageQuery { limit: Some(0), after: None }, PageQuery { limit: None, after: Some("x".into()) }] {
        assert_eq!(code(world.api.list_ssh_keys(&ada.caller, bad).await), ErrorCode::InvalidParameter);
    }
}

async fn sshd_gets_the_keys_and_marks_the_one_it_asks_for(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "Ada").await;
    world.api.add_ssh_key(&ada.caller, key("one", ED25519)).await.unwrap();
    world.clock.advance(Duration::seconds(1));
    world.api.add_ssh_key(&ada.caller, key("two", &format!("{ECDSA} a comment"))).await.unwrap();
    let (one, two) = (format!("{ED25519} Ada\n"), format!("{ECDSA} Ada\n"));
    assert_eq!(authorized(&world, "ada", None).await, format!("{one}{two}"));
    let used = async || {
        world.service.upkeep(false).await;
        list(&world, &ada).await.into_iter().map(|key| key.last_used_at).collect::<Vec<_>>()
    };
    assert_eq!(used().await, [None, None], "who asks for all keys uses none");

    assert_eq!(authorized(&world, "ADA", Some(ECDSA_FINGERPRINT)).await, two);
    let at = list(&world, &ada).await[0].added_at;
    assert_eq!(used().await, [Some(at), None]);
    // Within a minute it is the same use; a later one is not.
    world.clock.advance(Duration::seconds(59));
    authorized(&world, "ada", Some(ECDSA_FINGERPRINT)).await;
    assert_eq!(used().await, [Some(at), None]);
    world.clock.advance(Duration::seconds(1));
    authorized(&world, "ada", Some(ECDSA_FINGERPRINT)).await;
    assert_eq!(used().await, [Some(at + Duration::minutes(1)), None]);

    for none in ["", "SHA256:", "MD5:aa:bb", &ED25519_FINGERPRINT[..49], &ED25519_FINGERPRINT[7..]] {
        assert_eq!(authorized(&world, "ada", Some(none)).await, "", "{none:?} is no key's fingerprint");
    }
    let other = "SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";
    assert_eq!(authorized(&world, "ada", Some(other)).await, "");
    assert_eq!(used().await, [Some(at + Duration::minutes(1)), None]);
}

/// As in the `AuthorizedKeysCommand` that hands `%f` on to curl.
#[tokio::test]
async fn a_fingerprint_with_a_plus_may_come_as_sshd_writes_it() {
    use tower::ServiceExt;
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut n = 0;
    let added = loop {
        let added = world.api.add_ssh_key(&ada.caller, numbered(n)).await.unwrap();
        if added.fingerprint.contains('+') {
            break added;
        }
        n += 1;
    };
    let router = latchkey_server::router(std::sync::Arc::new(world.service.clone()));
    let uri = format!("/v1/users/ada/keys?fingerprint={}", added.fingerprint);
    let request = http::Request::get(uri).body(bytes::Bytes::new()).unwrap();
    let response = latchkey_server::in_process(router).oneshot(request).await.unwrap();
    let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    assert_eq!(body, format!("{} ada\n", added.public_key));
}

async fn who_is_not_let_in_has_no_keys(wiring: Wiring) {
    let world = World::with(wiring).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.add_ssh_key(&ada.caller, key("one", ED25519)).await.unwrap();
    assert_eq!(authorized(&world, "grace", None).await, "", "nobody of that name");
    assert_eq!(authorized(&world, "", None).await, "");
    let line = format!("{ED25519} ada\n");
    world.service.disable_user("ada").await.unwrap();
    assert_eq!(authorized(&world, "ada", None).await, "");
    assert_eq!(authorized(&world, "ada", Some(ED25519_FINGERPRINT)).await, "");
    world.service.enable_user("ada").await.unwrap();
    assert_eq!(authorized(&world, "ada", None).await, line);

    let ada = Person::signs_in(&*world.api, "ada").await;
    world.service.set_policy(latchkey_service::Policy::TwoFactor(TwoFactorPolicy::Required)).await.unwrap();
    assert_eq!(authorized(&world, "ada", Some(ED25519_FINGERPRINT)).await, "");
    ada.sets_two_factor_up(&world).await;
    assert_eq!(authorized(&world, "ada", None).await, line);
    world.service.upkeep(false).await;
    assert_eq!(list(&world, &ada).await[0].last_used_at, None, "what was not handed out was not used");
}

async fn a_new_key_is_told_by_mail(wiring: Wiring) {
    let world = World::with(wiring).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.add_ssh_key(&ada.caller, key("Zither words", ED25519)).await.unwrap();
    let mail = world.post().next("ada@example.com", "SSH key").await;
    assert!(mail.text.contains(ED25519_FINGERPRINT), "{}", mail.text);
    assert!(!mail.text.contains("Zither"), "whoever added it does not choose the words");
}

async fn keys_are_exported_counted_and_deleted(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.add_ssh_key(&ada.caller, key("Zither laptop", ED25519)).await.unwrap();
    world.api.add_ssh_key(&ada.caller, key("phone", ECDSA)).await.unwrap();
    assert_eq!(world.api.get_deletion(&ada.caller).await.unwrap().ssh_keys, 2);
    assert_eq!(world.api.export_account(&ada.caller).await.unwrap().ssh_keys, list(&world, &ada).await);
    let traces = || {
        let files = ["", "-wal", "-shm"].map(|end| format!("{}{end}", world.file().display()));
        let bytes: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect();
        ["Zither laptop", &ED25519[12..]].map(|text| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    world.service.upkeep(false).await;
    assert_eq!(traces(), [true; 2]);
    world.api.delete_account(&ada.caller, crate::deletion::farewell("ada", latchkey_testkit::PASSWORD)).await.unwrap();
    assert_eq!(traces(), [false; 2]);
    assert_eq!(authorized(&world, "ada", None).await, "");
    assert_eq!(
        world.api.remove_ssh_key(&ada.caller, SshKeyPath { id: Uuid::nil() }).await.unwrap_err().code(),
        ErrorCode::Unauthenticated
    );
}

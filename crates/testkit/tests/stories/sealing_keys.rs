//! Another sealing key takes the place of the one there is, while everybody goes on.

use std::{path::Path, pin::pin, sync::Arc, task::Poll};

use chrono::Duration;
use latchkey_api::{
    api_keys::ApiKeysApi,
    container_registries::{ContainerRegistriesApi, RegistryStatus},
    integrations::IntegrationsApi,
    password::PasswordResetRequest,
    problem::ErrorCode,
    sessions::SessionsApi,
    wire::Secret,
};
use latchkey_service::{Environment, KeyFile, KeyState, MailError, SealingKeys, Service, Settings};
use latchkey_testkit::{Authenticator, Person, Registries, SourceCode, Wiring, World, with_backup_code};

use crate::{
    code,
    container_registries::{HOST, PASSWORD, at, authorises, listed},
    integrations::{by_device, connects, gitlab, the_one},
    nobody,
    registry::with_registry,
};

/// What somebody has of theirs before the key changes.
struct Belongings {
    ada: Person,
    app: Authenticator,
    codes: Vec<Secret>,
    api_key: Secret,
}

/// A world whose keys are in a file, with something sealed in every table.
async fn full(wiring: Wiring, file: &Path) -> (World, Belongings) {
    let (provider, registries) = (Arc::new(SourceCode::default()), Arc::new(Registries::default()));
    registries.takes(HOST, "ada", PASSWORD);
    let (given, asked, keys) = (provider.clone(), registries.clone(), Arc::new(KeyFile(file.to_owned())));
    let give = |environment: &mut Environment| {
        (environment.providers, environment.registries, environment.keys) = (given, asked, keys);
    };
    let configure = |settings: &mut Settings| {
        settings.integrations = vec![SourceCode::settings()];
        with_registry(settings);
    };
    let world = World::with(wiring).settings(configure).environment(give).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    connects(&world, &provider, &ada).await;
    authorises(&world, &ada, HOST).await;
    let api_key = world.api.generate_api_key(&ada.caller).await.unwrap().api_key;
    world.service.registry_certificates().await.unwrap();
    world.api.connect_integration(&ada.caller, gitlab(), by_device()).await.unwrap();
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    // Mail that waits until half a minute is over.
    let sent = world.post().attempts(1).await;
    for _ in 0..8 {
        world.post().refuse_next(MailError::transient("down"));
    }
    world.api.request_password_reset(&nobody(), PasswordResetRequest { login: "ada".into() }).await.unwrap();
    world.post().attempts(sent + 1).await;
    (world, Belongings { ada, app, codes, api_key })
}

const TABLES: [&str; 7] = [
    "container_registries",
    "integration_attempts",
    "integrations",
    "outbox",
    "personal_api_keys",
    "signing_keys",
    "two_factor",
];

/// Fingerprints with what they are for, and the tables that need each.
fn shown(keys: &SealingKeys) -> Vec<(KeyState, Vec<&'static str>)> {
    assert!(keys.damaged.is_empty(), "{keys:?}");
    keys.keys.iter().map(|key| (key.state, key.needed.keys().copied().collect())).collect()
}

/// Everything opens, on this node.
async fn all_works(service: &Service, world: &World, has: &Belongings, code: &Secret) {
    let revealed = service.reveal_api_key(&has.ada.caller).await.unwrap();
    assert_eq!(revealed.api_key.expose(), has.api_key.expose());
    service.check_integration(&has.ada.caller, the_one()).await.unwrap();
    let registry = at(&listed(world, &has.ada).await[0]);
    let checked = service.check_registry(&has.ada.caller, registry).await.unwrap();
    assert_eq!(checked.status, RegistryStatus::Verified);
    Person::signs_in_with(world, "ada", &has.app).await;
    let begun = Person::begins_to_sign_in(service, "ada").await;
    service.sign_in_second_factor(&nobody(), with_backup_code(&begun, code.clone())).await.unwrap();
}

async fn a_key_follows_another(wiring: Wiring) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sealing.key");
    let (world, has) = full(wiring, &file).await;
    let first = std::fs::read_to_string(&file).unwrap();
    let (service, node) = (&world.service, world.another_service().await);
    let bob = Person::joins(&*world.api, "bob").await;
    all_works(&node, &world, &has, &has.codes[0]).await;
    let before = service.sealing_keys().await.unwrap();
    assert_eq!(shown(&before), [(KeyState::InUse, TABLES.to_vec())]);
    let sealed = before.keys[0].needed.values().sum();

    assert_eq!(code(service.rotate_sealing_key(|_| ()).await), ErrorCode::Conflict, "there is one key alone");
    let old = service.sealing_keys().await.unwrap().keys[0].fingerprint.clone();
    let new = service.add_sealing_key().await.unwrap();
    assert_eq!(code(service.add_sealing_key().await), ErrorCode::Conflict, "one waits already");
    assert_eq!(shown(&service.sealing_keys().await.unwrap())[1], (KeyState::Waiting, vec![]));
    assert_eq!(code(service.remove_sealing_key(&old).await), ErrorCode::Conflict, "it seals");

    let rotated = service.rotate_sealing_key(|_| ()).await.unwrap();
    assert_eq!((rotated.fingerprint.as_str(), rotated.resealed, rotated.unopened), (new.as_str(), sealed, 0));
    let both = shown(&service.sealing_keys().await.unwrap());
    let mut everything = TABLES.to_vec();
    everything.insert(1, "instance_settings");
    assert_eq!(both, [(KeyState::Old, vec![]), (KeyState::InUse, everything.clone())]);
    // Another node has not heard of it, and seals with the old one, unless this machine was so slow that it asked anew.
    node.generate_api_key(&bob.caller).await.unwrap();
    let late = service.sealing_keys().await.unwrap().keys[0].needed.clone();
    // The key, and the mail about it until it is sent.
    assert!(late.keys().all(|table| ["outbox", "personal_api_keys"].contains(table)), "{late:?}");
    all_works(&node, &world, &has, &has.codes[1]).await;
    assert_eq!(code(service.remove_sealing_key(&old).await), ErrorCode::Conflict, "somebody may still seal with it");

    world.clock.advance(Duration::seconds(61));
    assert!(service.remove_sealing_key(&old).await.unwrap().resealed <= late.values().sum::<u64>());
    assert_eq!(code(service.remove_sealing_key(&old).await), ErrorCode::NotFound);
    assert_eq!(shown(&service.sealing_keys().await.unwrap()), [(KeyState::InUse, everything)]);
    let left = std::fs::read_to_string(&file).unwrap();
    assert_eq!((left.lines().count(), left.contains(first.trim())), (1, false));

    // Started anew with what is left, and with what is not.
    let started = world.another_service().await;
    all_works(&started, &world, &has, &has.codes[2]).await;
    std::fs::write(&file, first).unwrap();
    let robbed = world.another_service().await;
    let refused = robbed.reveal_api_key(&has.ada.caller).await;
    assert_eq!(code(refused), ErrorCode::SealingUnavailable);
    let begun = Person::begins_to_sign_in(&robbed, "ada").await;
    let guess = with_backup_code(&begun, has.codes[3].clone());
    let refused = robbed.sign_in_second_factor(&nobody(), guess).await;
    assert_eq!(code(refused), ErrorCode::SealingUnavailable, "hashes are keyed by what is sealed");
}

#[tokio::test]
async fn a_key_follows_another_on_sqlite() {
    a_key_follows_another(Wiring::Direct).await;
}

#[tokio::test]
async fn a_key_follows_another_on_postgresql() {
    a_key_follows_another(Wiring::Postgres).await;
}

/// Runs something until it has waited so often, as one that is killed there; `None` then.
async fn until<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut waited) = (pin!(work), 0);
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if waited == waits => Poll::Ready(None),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

/// Each rotation is ended at another point, and gone on with by a node that knows nothing of it.
#[tokio::test]
async fn it_can_be_ended_anywhere_and_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (world, has) = full(Wiring::Direct, &folder.path().join("sealing.key")).await;
    let mut code = has.codes.iter();
    for waits in 0.. {
        world.service.add_sealing_key().await.unwrap();
        let ended = until(waits, world.service.rotate_sealing_key(|_| ())).await;
        let node = world.another_service().await;
        shown(&node.sealing_keys().await.unwrap());
        let missing = node.sealing_keys().await.unwrap().keys.iter().any(|key| key.state == KeyState::Missing);
        assert!(!missing, "after {waits}");
        if let Some(code) = code.next() {
            all_works(&node, &world, &has, code).await;
        }
        node.rotate_sealing_key(|_| ()).await.unwrap();
        let keys = node.sealing_keys().await.unwrap().keys;
        assert!(
            keys.iter().all(|key| key.needed.is_empty() || key.state == KeyState::InUse),
            "after {waits}: {keys:?}"
        );
        node.close().await;
        if ended.is_some_and(|done| done.is_ok()) {
            // Some forty on a quiet machine; on a busy one many answers are there before they are waited for.
            assert!(waits > 2, "it waits for the database again and again");
            return;
        }
    }
}

/// Who has the file may use more keys; a file with something else in it is left alone.
#[tokio::test]
async fn a_damaged_key_file_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sealing.key");
    let (world, _) = full(Wiring::Direct, &file).await;
    let damaged = format!("{}\nzz\n", std::fs::read_to_string(&file).unwrap().trim());
    std::fs::write(&file, &damaged).unwrap();
    assert_eq!(code(world.service.add_sealing_key().await), ErrorCode::SealingUnavailable);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), damaged);
}

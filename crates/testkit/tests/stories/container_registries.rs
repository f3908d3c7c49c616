//! Container registries: authorised, listed, given new passwords, removed.

use std::sync::Arc;

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery, Category, Push},
    common::PageQuery,
    container_registries::*,
    problem::{ErrorCode, FieldCode},
    wire::Secret,
};
use latchkey_service::Environment;
use latchkey_testkit::{Person, Registries, Wiring, World, proof};
use uuid::Uuid;

use crate::{code, pointers, stories, stream::next};

stories! {
    a_registry_is_authorised_listed_updated_and_removed;
    what_is_wrong_with_the_fields_is_said_of_all_of_them;
    what_a_registry_refuses_is_kept_only_where_that_is_wanted;
    the_own_registry_is_not_authorised;
    registries_are_exported_counted_and_deleted;
    @files
    the_password_is_in_no_file_and_opens_with_no_other_key;
}

/// The host of most stories, which takes `ada` with [`PASSWORD`].
pub(crate) const HOST: &str = "registry.example";
pub(crate) const PASSWORD: &str = "zeppelin-token-of-ada-0815";

/// A world with registries by a script.
pub(crate) async fn with_registries(wiring: Wiring) -> (World, Arc<Registries>) {
    let registries = Arc::new(Registries::default());
    registries.takes(HOST, "ada", PASSWORD);
    let given = registries.clone();
    let give = |environment: &mut Environment| environment.registries = given;
    (World::with(wiring).environment(give).build().await, registries)
}

pub(crate) fn asks_for(host: &str) -> AuthoriseRegistry {
    let password = Secret::new(PASSWORD);
    AuthoriseRegistry { host: host.into(), username: "ada".into(), password, only_if_verified: None }
}

pub(crate) fn new_password(password: &str) -> UpdateRegistry {
    UpdateRegistry { username: None, password: Secret::new(password), only_if_verified: None }
}

pub(crate) fn at(registry: &ContainerRegistry) -> RegistryPath {
    RegistryPath { id: registry.id }
}

pub(crate) async fn authorises(world: &World, person: &Person, host: &str) -> ContainerRegistry {
    world.api.authorise_registry(&person.caller, asks_for(host)).await.unwrap()
}

pub(crate) async fn listed(world: &World, person: &Person) -> Vec<ContainerRegistry> {
    world.api.list_container_registries(&person.caller, PageQuery::default()).await.unwrap().items
}

/// What happened with registries, the newest first.
pub(crate) async fn happened(world: &World, person: &Person) -> Vec<(ActivityKind, bool)> {
    let query = ActivityQuery { category: Some(Category::Registries), ..ActivityQuery::default() };
    let events = world.api.list_events(&person.caller, query).await.unwrap().items;
    events.into_iter().map(|event| (event.kind, event.session_id.is_some())).collect()
}

async fn a_registry_is_authorised_listed_updated_and_removed(wiring: Wiring) {
    use ActivityKind::{RegistryAuthorised, RegistryRemoved, RegistryUpdated};
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let mut heard = world.events(&phone.caller).await.unwrap();
    let told = Push::ActivityNew { category: Category::Registries };
    let one = authorises(&world, &ada, "https://Registry.example:443/v2/").await;
    assert_eq!((one.host.as_str(), one.username.as_str(), one.status), (HOST, "ada", RegistryStatus::Verified));
    assert_eq!((one.failure, one.detail.as_ref(), one.checked_at), (None, None, ada.profile.created_at));
    assert_eq!(registries.asked().len(), 1);
    assert_eq!(next(&mut heard).await, Some(told.clone()));
    world.clock.advance(Duration::seconds(1));
    let two = authorises(&world, &ada, "other.example:5000").await;
    assert_eq!((two.status, two.failure), (RegistryStatus::Failed, Some(RegistryFailure::Unreachable)));
    assert_eq!(next(&mut heard).await, Some(told.clone()));
    assert_eq!(listed(&world, &ada).await, [two.clone(), one.clone()]);
    assert_eq!(listed(&world, &bob).await, []);
    let page = PageQuery { limit: Some(1), after: None };
    let first = world.api.list_container_registries(&ada.caller, page).await.unwrap();
    assert_eq!(first.items, std::slice::from_ref(&two));
    let page = PageQuery { limit: Some(1), after: first.next };
    let last = world.api.list_container_registries(&ada.caller, page).await.unwrap();
    assert_eq!((last.items, last.next), (vec![one.clone()], None));

    // Others find nothing of it.
    assert_eq!(code(world.api.update_registry(&bob.caller, at(&one), new_password("x")).await), ErrorCode::NotFound);
    assert_eq!(code(world.api.check_registry(&bob.caller, at(&one)).await), ErrorCode::NotFound);
    assert_eq!(code(world.api.remove_registry(&bob.caller, at(&one)).await), ErrorCode::NotFound);
    assert_eq!(registries.asked().len(), 2);

    world.clock.advance(Duration::minutes(5) - Duration::seconds(1));
    registries.takes("other.example:5000", "grace", "cobol");
    let renamed = UpdateRegistry { username: Some(" grace ".into()), ..new_password("cobol") };
    let updated = world.api.update_registry(&ada.caller, at(&two), renamed).await.unwrap();
    let now = ada.profile.created_at + Duration::minutes(5);
    let expected = ContainerRegistry {
        username: "grace".into(),
        status: RegistryStatus::Verified,
        failure: None,
        detail: None,
        checked_at: now,
        ..two.clone()
    };
    assert_eq!(updated, expected);
    assert_eq!(next(&mut heard).await, Some(told.clone()));
    world.clock.advance(Duration::minutes(1));
    let checked = world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
    assert_eq!(checked, ContainerRegistry { checked_at: now + Duration::minutes(1), ..one.clone() });

    world.api.remove_registry(&ada.caller, at(&one)).await.unwrap();
    assert_eq!(next(&mut heard).await, Some(told));
    assert_eq!(code(world.api.remove_registry(&ada.caller, at(&one)).await), ErrorCode::NotFound);
    assert_eq!(listed(&world, &ada).await, [expected]);
    let kinds: Vec<_> = happened(&world, &ada).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [RegistryRemoved, RegistryUpdated, RegistryAuthorised, RegistryAuthorised]);
    let query = ActivityQuery { category: Some(Category::Registries), ..ActivityQuery::default() };
    let events = world.api.list_events(&ada.caller, query).await.unwrap().items;
    assert_eq!(events[0].details.host.as_deref(), Some(HOST));
    assert_eq!((events[1].details.login.as_deref(), events[2].details.login.as_deref()), (Some("grace"), Some("ada")));
    // A fresh proof is asked for, and not for looking again.
    world.clock.advance(Duration::minutes(16));
    let stale = ErrorCode::InsufficientUserAuthentication;
    assert_eq!(code(world.api.authorise_registry(&ada.caller, asks_for("x.example")).await), stale);
    assert_eq!(code(world.api.update_registry(&ada.caller, at(&two), new_password("x")).await), stale);
    world.api.check_registry(&ada.caller, at(&two)).await.unwrap();
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    world.api.update_registry(&ada.caller, at(&two), new_password("x")).await.unwrap();
}

async fn what_is_wrong_with_the_fields_is_said_of_all_of_them(wiring: Wiring) {
    use FieldCode::{Blank, Invalid, TooLong};
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    let long = "x".repeat(16 * 1024 + 1);
    for (host, username, password, codes) in [
        ("", "", "", [Blank, Blank, Blank]),
        ("https://", "ada:x", "a\nb", [Invalid, Invalid, Invalid]),
        ("bücher.example", "a\u{7}", "a\0b", [Invalid, Invalid, Invalid]),
        (&*"a".repeat(256), &*"a".repeat(256), &long, [TooLong, TooLong, TooLong]),
    ] {
        let body = AuthoriseRegistry { username: username.into(), password: Secret::new(password), ..asks_for(host) };
        let refused = world.api.authorise_registry(&ada.caller, body).await.unwrap_err();
        let [on_host, on_username, on_password] = codes;
        let expected = [("/host", on_host), ("/username", on_username), ("/password", on_password)];
        assert_eq!(pointers(&refused), expected.map(|(pointer, code)| (pointer.to_owned(), code)), "{host}");
        let body = UpdateRegistry { username: Some(username.into()), ..new_password(password) };
        let refused = world.api.update_registry(&ada.caller, at(&one), body).await.unwrap_err();
        assert_eq!(pointers(&refused), expected[1..].iter().map(|(p, c)| ((*p).to_owned(), *c)).collect::<Vec<_>>());
    }
    let body = UpdateRegistry { username: Some("ada:x".into()), ..new_password("fine") };
    let refused = world.api.update_registry(&ada.caller, at(&one), body).await.unwrap_err();
    assert_eq!(pointers(&refused), [("/username".to_owned(), Invalid)]);
    assert_eq!(registries.asked().len(), 1, "nobody is asked with what is refused here");
    // The longest password, and one with anything but line breaks, is taken as it is.
    for password in [&long[1..], " tab\tand späces "] {
        let body = AuthoriseRegistry { password: Secret::new(password), ..asks_for("b.example") };
        let kept = world.api.authorise_registry(&ada.caller, body).await.unwrap();
        assert_eq!(registries.asked().last().unwrap().password, password);
        world.api.remove_registry(&ada.caller, at(&kept)).await.unwrap();
    }
}

async fn what_a_registry_refuses_is_kept_only_where_that_is_wanted(wiring: Wiring) {
    use RegistryFailure::{
        AddressRefused, CertificateInvalid, CredentialsRefused, NotARegistry, NotEncrypted, Unavailable, Unreachable,
    };
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    for (n, failure) in
        [CredentialsRefused, Unreachable, CertificateInvalid, NotEncrypted, NotARegistry, AddressRefused, Unavailable]
            .into_iter()
            .enumerate()
    {
        let host = format!("r{n}.example");
        registries.fails(&host, failure);
        let strict = AuthoriseRegistry { only_if_verified: Some(true), ..asks_for(&host) };
        let refused = world.api.authorise_registry(&ada.caller, strict).await.unwrap_err();
        let pointer = if failure == CredentialsRefused { "/password" } else { "/host" };
        assert_eq!(pointers(&refused), [(pointer.to_owned(), FieldCode::Invalid)]);
        let detail = format!("{host} says {failure:?}. Try something else.");
        assert_eq!(refused.errors()[0].detail, detail);
        assert_eq!(listed(&world, &ada).await.len(), n, "nothing is kept");
        let lax = AuthoriseRegistry { only_if_verified: Some(false), ..asks_for(&host) };
        let kept = world.api.authorise_registry(&ada.caller, lax).await.unwrap();
        assert_eq!((kept.status, kept.failure, kept.detail), (RegistryStatus::Failed, Some(failure), Some(detail)));
        let strict = UpdateRegistry { only_if_verified: Some(true), ..new_password("another") };
        let refused = world.api.update_registry(&ada.caller, RegistryPath { id: kept.id }, strict).await.unwrap_err();
        assert_eq!(pointers(&refused), [(pointer.to_owned(), FieldCode::Invalid)]);
    }
    let kept = listed(&world, &ada).await.remove(0);
    let checks = registries.asked().len();
    world.api.check_registry(&ada.caller, at(&kept)).await.unwrap();
    assert_eq!(registries.asked()[checks].password, PASSWORD, "what was refused replaced nothing");
    let strict = AuthoriseRegistry { only_if_verified: Some(true), ..asks_for(HOST) };
    let verified = world.api.authorise_registry(&ada.caller, strict).await.unwrap();
    assert_eq!(verified.status, RegistryStatus::Verified);
}

async fn the_own_registry_is_not_authorised(wiring: Wiring) {
    let world = World::with(wiring).settings(crate::registry::with_registry).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    for host in ["localhost:5000", "http://LOCALHOST:5000/v2/"] {
        let refused = world.api.authorise_registry(&ada.caller, asks_for(host)).await.unwrap_err();
        assert_eq!(pointers(&refused), [("/host".to_owned(), FieldCode::Reserved)]);
        assert!(refused.errors()[0].detail.starts_with("Latchkey signs in to this registry by itself"), "{refused}");
    }
    authorises(&world, &ada, "localhost:5001").await;
}

async fn registries_are_exported_counted_and_deleted(wiring: Wiring) {
    let (world, _) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let first = authorises(&world, &ada, HOST).await;
    world.clock.advance(Duration::seconds(1));
    let all = [authorises(&world, &ada, "b.example").await, first];
    let bobs = authorises(&world, &bob, HOST).await;
    let export = world.api.export_account(&ada.caller).await.unwrap();
    assert_eq!(export.container_registries, all);
    assert!(!serde_json::to_string(&export).unwrap().contains(PASSWORD));
    assert_eq!(world.api.get_deletion(&ada.caller).await.unwrap().container_registries, 2);
    let farewell = crate::deletion::farewell("ada", latchkey_testkit::PASSWORD);
    world.api.delete_account(&ada.caller, farewell).await.unwrap();
    assert_eq!(listed(&world, &bob).await, [bobs]);
}

async fn the_password_is_in_no_file_and_opens_with_no_other_key(wiring: Wiring) {
    let (world, _) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    world.api.update_registry(&ada.caller, at(&one), new_password("zeppelin-newer-4711")).await.unwrap();
    world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
    let files = ["", "-wal", "-shm"].map(|end| format!("{}{end}", world.file().display()));
    let bytes: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect();
    let found = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(found(HOST.as_bytes()), "what is searched is what is written");
    for secret in [PASSWORD, "zeppelin-newer-4711", "zeppelin"] {
        assert!(!found(secret.as_bytes()), "{secret}");
    }
    let thief = world.service_with_another_key().await;
    let refused = latchkey_api::container_registries::ContainerRegistriesApi::check_registry;
    assert_eq!(code(refused(&thief, &ada.caller, at(&one)).await), ErrorCode::SealingUnavailable);
    let missing = RegistryPath { id: Uuid::nil() };
    assert_eq!(code(world.api.check_registry(&ada.caller, missing).await), ErrorCode::NotFound);
}

//! Container registries are tried once a day.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use latchkey_api::{
    AccountApi,
    activity::{ActivityKind, Category, Push},
    common::PageQuery,
    container_registries::{ContainerRegistry, RegistryFailure, RegistryStatus},
};
use latchkey_service::{Clock, Service};
use latchkey_testkit::{Person, Registries, Wiring, World, proof};

use crate::{
    container_registries::{HOST, PASSWORD, asks_for, at, authorises, happened, new_password, with_registries},
    stories,
    stream::next,
};

stories! {
    what_worked_and_is_refused_is_told_once;
    that_nobody_could_be_asked_is_shown_and_not_recorded;
    on_demand_it_is_recorded_by_who_asked;
}

/// Lets a day pass, and has the service do what is due, until registries were asked so often in all.
async fn a_day_later(world: &World, registries: &Registries, asked: usize) {
    world.clock.advance(Duration::hours(25));
    upkeep_until(&world.service, registries, asked).await;
}

/// A round that ends keeps the next one from beginning for a moment: it is begun again.
async fn upkeep_until(service: &Service, registries: &Registries, asked: usize) {
    for _ in 0..500 {
        service.upkeep(false).await;
        if registries.asked().len() >= asked {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("asked {} times and not {asked}", registries.asked().len());
}

/// Waits until the list shows what was found: what is found is written a moment after it was asked.
async fn shown(world: &World, person: &Person, failure: Option<RegistryFailure>) -> ContainerRegistry {
    shown_by(&*world.api, world.clock.now(), person, failure).await
}

async fn shown_by(
    api: &dyn AccountApi,
    now: DateTime<Utc>,
    person: &Person,
    failure: Option<RegistryFailure>,
) -> ContainerRegistry {
    for _ in 0..500 {
        let one = api.list_container_registries(&person.caller, PageQuery::default()).await.unwrap().items.remove(0);
        if one.checked_at + Duration::hours(1) > now {
            assert_eq!(one.failure, failure);
            return one;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nothing is written");
}

async fn what_worked_and_is_refused_is_told_once(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    // Within a day nothing is due.
    world.clock.advance(Duration::hours(22) + Duration::minutes(59));
    world.service.upkeep(true).await;
    world.clock.advance(Duration::minutes(1) - Duration::hours(23));
    a_day_later(&world, &registries, 2).await;
    let again = shown(&world, &ada, None).await;
    assert_eq!(registries.asked().len(), 2);
    assert_eq!(again, ContainerRegistry { checked_at: one.checked_at + Duration::hours(25), ..one.clone() });
    let mut heard = world.events(&ada.caller).await.unwrap();
    registries.takes(HOST, "ada", "something newer");
    a_day_later(&world, &registries, 3).await;
    let failed = shown(&world, &ada, Some(RegistryFailure::CredentialsRefused)).await;
    assert_eq!(failed.status, RegistryStatus::Failed);
    assert!(failed.detail.unwrap().contains("says CredentialsRefused"));
    assert_eq!(next(&mut heard).await, Some(Push::ActivityNew { category: Category::Registries }));
    a_day_later(&world, &registries, 4).await;
    shown(&world, &ada, Some(RegistryFailure::CredentialsRefused)).await;
    let expected = [(ActivityKind::RegistryFailed, false), (ActivityKind::RegistryAuthorised, true)];
    assert_eq!(happened(&world, &ada).await, expected, "by nobody, and once");
    // It works again, and then it does not: that is told again.
    registries.takes(HOST, "ada", PASSWORD);
    a_day_later(&world, &registries, 5).await;
    shown(&world, &ada, None).await;
    assert_eq!(next(&mut heard).await, Some(Push::ActivityNew { category: Category::Registries }));
    registries.fails(HOST, RegistryFailure::NotARegistry);
    a_day_later(&world, &registries, 6).await;
    shown(&world, &ada, Some(RegistryFailure::NotARegistry)).await;
    assert_eq!(happened(&world, &ada).await.len(), 3);
}

async fn that_nobody_could_be_asked_is_shown_and_not_recorded(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    authorises(&world, &ada, HOST).await;
    for (n, failure) in [RegistryFailure::Unreachable, RegistryFailure::Unavailable].into_iter().enumerate() {
        registries.fails(HOST, failure);
        a_day_later(&world, &registries, 2 + n).await;
        shown(&world, &ada, Some(failure)).await;
    }
    assert_eq!(happened(&world, &ada).await.len(), 1);
    // Once it is reached again, a refusal is news.
    registries.takes(HOST, "ada", "something newer");
    a_day_later(&world, &registries, 4).await;
    shown(&world, &ada, Some(RegistryFailure::CredentialsRefused)).await;
    assert_eq!(happened(&world, &ada).await[0], (ActivityKind::RegistryFailed, false));
}

async fn on_demand_it_is_recorded_by_who_asked(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    registries.takes(HOST, "ada", "something newer");
    for _ in 0..2 {
        let checked = world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
        assert_eq!(checked.failure, Some(RegistryFailure::CredentialsRefused));
    }
    let expected = [(ActivityKind::RegistryFailed, true), (ActivityKind::RegistryAuthorised, true)];
    assert_eq!(happened(&world, &ada).await, expected);
    a_day_later(&world, &registries, 4).await;
    shown(&world, &ada, Some(RegistryFailure::CredentialsRefused)).await;
    assert_eq!(happened(&world, &ada).await, expected, "that is known");
}

#[tokio::test]
async fn a_refusal_that_was_found_by_itself_is_mailed_without_the_host() {
    let registries = Arc::new(Registries::default());
    registries.takes(HOST, "ada", PASSWORD);
    let given = registries.clone();
    let world = World::with(Wiring::Direct).mail().environment(|e| e.registries = given).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    registries.takes(HOST, "ada", "something newer");
    a_day_later(&world, &registries, 2).await;
    let message = world.post().next("ada@example.com", "A container registry refuses its password").await;
    assert!(!message.text.contains(HOST) && message.text.contains("Container Registries"), "{}", message.text);
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    world.api.update_registry(&ada.caller, at(&one), new_password("something newer")).await.unwrap();
    registries.takes(HOST, "ada", "newer still");
    world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
    assert!(
        world.post().subjects().iter().all(|(_, subject)| !subject.contains("registry")),
        "who looks needs no mail"
    );
}

/// Of two nodes one asks, few at one time, and nobody is asked for who is disabled.
#[tokio::test(flavor = "multi_thread")]
async fn each_is_asked_by_one_node_and_few_at_one_time() {
    let (world, registries) = with_registries(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    for n in 0..20 {
        authorises(&world, &ada, &format!("r{n}.example")).await;
    }
    authorises(&world, &bob, HOST).await;
    world.service.disable_user("bob").await.unwrap();
    let other = world.another_service().await;
    registries.hold(PASSWORD);
    world.clock.advance(Duration::hours(26));
    for _ in 0..3 {
        world.service.upkeep(false).await;
        other.upkeep(false).await;
    }
    registries.until_asked(21 + 16).await;
    registries.let_go(PASSWORD);
    registries.until_asked(21 + 20).await;
    world.service.upkeep(false).await;
    let asked = registries.asked();
    let mut hosts: Vec<_> = asked[21..].iter().map(|asked| asked.host.clone()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    assert_eq!((hosts.len(), asked.len()), (20, 41));
    assert!(!hosts.contains(&HOST.to_owned()), "bob is disabled");
    assert_eq!(registries.most_at_once(), 16, "eight on each node");
    other.close().await;
}

/// A service that is closed lets go of what it asks, and what was taken up waits for the next day.
#[tokio::test]
async fn a_service_that_closes_waits_for_no_registry() {
    let (world, registries) = with_registries(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.api.authorise_registry(&ada.caller, asks_for(HOST)).await.unwrap();
    registries.hold(PASSWORD);
    a_day_later(&world, &registries, 2).await;
    world.service.close().await;
    registries.let_go(PASSWORD);
    let again = world.another_service().await;
    world.clock.advance(Duration::hours(25));
    upkeep_until(&again, &registries, 3).await;
    shown_by(&again, world.clock.now(), &ada, None).await;
    assert_eq!(registries.asked().len(), 3);
    again.close().await;
}

/// A registry that says nothing keeps nobody waiting for long.
#[tokio::test]
async fn a_registry_that_does_not_answer_is_not_reached() {
    let (world, registries) = with_registries(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    registries.hold(PASSWORD);
    let (api, caller) = (world.api.clone(), ada.caller.clone());
    let asking = tokio::spawn(async move { api.authorise_registry(&caller, asks_for(HOST)).await });
    registries.until_asked(1).await;
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(21)).await;
    tokio::time::resume();
    let kept = asking.await.unwrap().unwrap();
    assert_eq!(kept.failure, Some(RegistryFailure::Unreachable));
    assert!(kept.detail.unwrap().contains("did not answer in time"));
}

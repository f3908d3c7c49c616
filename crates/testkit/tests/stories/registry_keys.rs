//! The keys that registry tokens are signed with: they follow each other, and a damaged one keeps nobody waiting.

use chrono::Duration;
use latchkey_api::{
    api_keys::{NewApiKey, Scope},
    problem::ErrorCode,
};
use latchkey_service::Service;
use latchkey_testkit::{Person, World};

use crate::{
    code,
    registry::{basic, body, certificates, get, is, key, read, refusal, world},
};

const DAY: std::time::Duration = std::time::Duration::from_hours(24);

async fn ada(world: &World) -> NewApiKey {
    let ada = Person::joins(&*world.api, "ada").await;
    key(world, &ada, &[Scope::Registry]).await
}

async fn issue(service: &Service, key: &NewApiKey) -> String {
    let response = get(service, "", Some(&basic("ada", &key.token))).await;
    body(&response)["token"].as_str().unwrap().to_owned()
}

/// The new key is known to registries before it signs, and the old one until its last token has ended; a service that
/// runs follows by itself.
#[tokio::test]
async fn keys_follow_each_other_with_an_overlap() {
    let world = world().await;
    let node = world.another_service().await;
    let key = ada(&world).await;
    let issue = async |service: &Service| issue(service, &key).await;
    let old = world.service.registry_certificates().await.unwrap();
    assert_eq!(certificates(&old).len(), 1);
    let first = issue(&world.service).await;
    assert!(read(&first, &old).is_some() && read(&issue(&node).await, &old).is_some());

    // Another process makes the new key.
    node.rotate_signing_key(std::time::Duration::from_hours(24)).await.unwrap();
    let both = world.service.registry_certificates().await.unwrap();
    assert!(both.starts_with(&old) && certificates(&both).len() == 2);
    for service in [&world.service, &node] {
        service.upkeep(true).await;
        assert!(read(&issue(service).await, &old).is_some(), "the old one signs still");
    }
    world.clock.advance(Duration::hours(24) - Duration::seconds(1));
    let last = issue(&world.service).await;
    assert!(read(&last, &old).is_some());
    world.clock.advance(Duration::seconds(1));
    for service in [&world.service, &node] {
        let token = issue(service).await;
        assert!(read(&token, &both).is_some() && read(&token, &old).is_none());
    }
    // The last token of the old key is good for five minutes, and registries still know it.
    world.clock.advance(Duration::minutes(5));
    world.service.upkeep(true).await;
    assert!(read(&last, &world.service.registry_certificates().await.unwrap()).is_some());
    world.clock.advance(Duration::minutes(6));
    world.service.upkeep(true).await;
    let new = world.service.registry_certificates().await.unwrap();
    assert_eq!(certificates(&new).len(), 1);
    assert!(read(&last, &new).is_none() && read(&issue(&world.service).await, &new).is_some());
}

#[tokio::test]
async fn nodes_that_start_at_once_end_with_one_key() {
    let world = world().await;
    let (one, two) = (world.another_service().await, world.another_service().await);
    tokio::join!(one.upkeep(false), two.upkeep(false), world.service.upkeep(false));
    let bundle = world.service.registry_certificates().await.unwrap();
    assert_eq!(certificates(&bundle).len(), 1);
    let key = ada(&world).await;
    for service in [&one, &two, &world.service] {
        assert!(read(&issue(service, &key).await, &bundle).is_some());
    }
}

/// A key that was made for later is overtaken by one that was made after it, and does not come back when its time comes.
#[tokio::test]
async fn of_two_keys_that_wait_the_newer_one_stays() {
    let world = world().await;
    let key = ada(&world).await;
    issue(&world.service, &key).await;
    let slow = world.service.rotate_signing_key(DAY).await.unwrap();
    world.clock.advance(Duration::hours(1));
    let quick = world.service.rotate_signing_key(DAY / 24).await.unwrap();
    let names = async || {
        let keys = world.service.signing_keys().await.unwrap();
        keys.into_iter().map(|key| key.key_id).collect::<Vec<_>>()
    };
    assert_eq!(names().await[1..], [slow.key_id.clone(), quick.key_id.clone()]);
    let bundle = world.service.registry_certificates().await.unwrap();
    let all = certificates(&bundle);
    let signs = async || {
        world.service.upkeep(false).await;
        let token = issue(&world.service, &key).await;
        let pems: Vec<_> = bundle.split_inclusive("-----END CERTIFICATE-----\n").collect();
        pems.iter().position(|pem| read(&token, pem).is_some()).unwrap()
    };
    assert_eq!((all.len(), signs().await), (3, 0));
    world.clock.advance(Duration::hours(1));
    assert_eq!(signs().await, 2);
    world.clock.advance(Duration::hours(22));
    assert_eq!(signs().await, 2, "the time of the older one has come, and is over");
    world.service.upkeep(true).await;
    assert_eq!(names().await, [quick.key_id]);
}

#[tokio::test]
async fn of_many_first_rotations_one_key_signs_and_all_are_told() {
    let world = world().await;
    let nodes = [world.another_service().await, world.another_service().await, world.another_service().await];
    let key = ada(&world).await;
    let made = futures_util::future::join_all(nodes.iter().map(|node| node.rotate_signing_key(DAY))).await;
    world.service.upkeep(true).await;
    let keys = world.service.signing_keys().await.unwrap();
    let mut told: Vec<_> = made.into_iter().map(Result::unwrap).collect();
    told.sort_by_key(|key| keys.iter().position(|known| known.key_id == key.key_id));
    assert_eq!(told, keys, "each was told of its key as it is");
    let now = chrono::DateTime::from_timestamp(1_768_219_200, 0).unwrap();
    assert_eq!(keys.iter().filter(|key| key.signs_from == now).count(), 1);
    let bundle = world.service.registry_certificates().await.unwrap();
    for node in nodes.iter().chain([&world.service]) {
        assert!(
            read(&issue(node, &key).await, bundle.split_inclusive("-----END CERTIFICATE-----\n").next().unwrap())
                .is_some()
        );
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_the_order() {
    let world = world().await;
    let key = ada(&world).await;
    issue(&world.service, &key).await;
    let old = world.service.registry_certificates().await.unwrap();
    world.clock.advance(-Duration::hours(12));
    world.service.upkeep(true).await;
    assert!(read(&issue(&world.service, &key).await, &old).is_some(), "without any key whose time has come");
    let made = world.service.rotate_signing_key(DAY / 24).await.unwrap();
    world.clock.advance(Duration::hours(1));
    world.service.upkeep(true).await;
    let keys = world.service.signing_keys().await.unwrap();
    assert_eq!((keys.len(), &keys[1]), (2, &made));
    assert!(read(&issue(&world.service, &key).await, &old).is_none(), "the newer one signs");
}

/// What others may know is removed by its name; without a key a new one is made.
#[tokio::test]
async fn a_key_is_removed_and_signs_no_more() {
    let world = world().await;
    let key = ada(&world).await;
    issue(&world.service, &key).await;
    let old = world.service.registry_certificates().await.unwrap();
    // Another sealing key opens none of them.
    let stranger = world.service_with_another_key().await;
    let refused = get(&stranger, "", Some(&basic("ada", &key.token))).await;
    assert_eq!(refusal(&refused), is(503, "sealing_unavailable"));
    let node = world.another_service().await;
    let [first] = node.signing_keys().await.unwrap().try_into().unwrap();
    node.remove_signing_key(&first.key_id).await.unwrap();
    assert_eq!(code(node.remove_signing_key(&first.key_id).await), ErrorCode::NotFound);
    world.service.upkeep(false).await;
    let token = issue(&world.service, &key).await;
    assert!(read(&token, &old).is_none());
    assert!(read(&token, &world.service.registry_certificates().await.unwrap()).is_some());
}

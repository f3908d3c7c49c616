//! Container registries: who is faster, who comes too often, and who has too many.

use std::sync::Arc;

use chrono::Duration;
use latchkey_api::{
    activity::ActivityKind,
    container_registries::*,
    problem::{ErrorCode, FieldCode},
    wire::Secret,
};
use latchkey_testkit::{Person, Registries, Wiring, World};

use crate::{
    code,
    container_registries::{HOST, PASSWORD, asks_for, at, authorises, happened, listed, new_password, with_registries},
    current, pointers, stories,
};

stories! {
    a_host_is_in_an_account_once_whoever_is_faster;
    a_session_that_closed_meanwhile_keeps_nothing;
    of_two_updates_the_last_one_stays;
    who_tries_too_often_waits;
    an_account_has_so_many_and_no_more;
}

async fn a_host_is_in_an_account_once_whoever_is_faster(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    registries.hold(PASSWORD);
    let [first, second] = [0, 1].map(|_| {
        let (api, caller) = (world.api.clone(), ada.caller.clone());
        tokio::spawn(async move { api.authorise_registry(&caller, asks_for(HOST)).await })
    });
    registries.until_asked(2).await;
    registries.let_go(PASSWORD);
    let (added, refused): (Vec<_>, Vec<_>) =
        [first.await.unwrap(), second.await.unwrap()].into_iter().partition(Result::is_ok);
    assert_eq!(added.len(), 1);
    let taken = [("/host".to_owned(), FieldCode::Taken)];
    assert_eq!(pointers(refused[0].as_ref().unwrap_err()), taken);
    // Later nobody is asked for it.
    let again = world.api.authorise_registry(&ada.caller, asks_for("REGISTRY.example.")).await.unwrap_err();
    assert_eq!((pointers(&again), registries.asked().len()), (taken.to_vec(), 2));
    assert_eq!(happened(&world, &ada).await, [(ActivityKind::RegistryAuthorised, true)]);
    let bob = Person::joins(&*world.api, "bob").await;
    authorises(&world, &bob, HOST).await;
}

async fn a_session_that_closed_meanwhile_keeps_nothing(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    registries.hold("slow");
    registries.takes("slow.example", "ada", "slow");
    let (api, caller) = (world.api.clone(), phone.caller.clone());
    let authorise = AuthoriseRegistry { password: Secret::new("slow"), ..asks_for("slow.example") };
    let adding = tokio::spawn(async move { api.authorise_registry(&caller, authorise).await });
    let (api, caller, path) = (world.api.clone(), phone.caller.clone(), at(&one));
    let updating = tokio::spawn(async move { api.update_registry(&caller, path, new_password("slow")).await });
    registries.until_asked(3).await;
    world.api.close_session(&phone.caller, current()).await.unwrap();
    registries.let_go("slow");
    assert_eq!(code(adding.await.unwrap()), ErrorCode::SessionClosed);
    assert_eq!(code(updating.await.unwrap()), ErrorCode::SessionClosed);
    assert_eq!(listed(&world, &ada).await, [one]);
    assert_eq!(happened(&world, &ada).await.len(), 1);
}

async fn of_two_updates_the_last_one_stays(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    let begin_check = || {
        let (api, caller, path) = (world.api.clone(), ada.caller.clone(), at(&one));
        tokio::spawn(async move { api.check_registry(&caller, path).await })
    };
    // A check of the old password ends after a new one came, and says nothing of it.
    registries.hold(PASSWORD);
    let checking = begin_check();
    registries.until_asked(2).await;
    registries.takes(HOST, "ada", "newer");
    let updated = world.api.update_registry(&ada.caller, at(&one), new_password("newer")).await.unwrap();
    assert_eq!(updated.status, RegistryStatus::Verified);
    registries.let_go(PASSWORD);
    assert_eq!(checking.await.unwrap().unwrap(), updated);
    assert_eq!(listed(&world, &ada).await, [updated]);
    // Nor does one of a registry that is gone.
    registries.hold("newer");
    let checking = begin_check();
    registries.until_asked(4).await;
    world.api.remove_registry(&ada.caller, at(&one)).await.unwrap();
    registries.let_go("newer");
    assert_eq!(code(checking.await.unwrap()), ErrorCode::NotFound);
    // Two updates at once: what the last one wrote stays, with what was found of it.
    let one = authorises(&world, &ada, HOST).await;
    registries.hold("slow");
    let (api, caller, path) = (world.api.clone(), ada.caller.clone(), at(&one));
    let slow = tokio::spawn(async move { api.update_registry(&caller, path, new_password("slow")).await });
    registries.until_asked(6).await;
    world.api.update_registry(&ada.caller, at(&one), new_password("newer")).await.unwrap();
    registries.let_go("slow");
    let last = slow.await.unwrap().unwrap();
    assert_eq!(last.failure, Some(RegistryFailure::CredentialsRefused));
    assert_eq!(listed(&world, &ada).await, [last]);
    world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
    assert_eq!(registries.asked().last().unwrap().password, "slow");
    let kinds: Vec<_> = happened(&world, &ada).await.into_iter().take(2).collect();
    assert_eq!(kinds, [(ActivityKind::RegistryUpdated, true); 2]);
}

async fn who_tries_too_often_waits(wiring: Wiring) {
    let registries = Arc::new(Registries::default());
    let given = registries.clone();
    let world = World::with(wiring)
        .settings(|settings| settings.throttles = true)
        .environment(|environment| environment.registries = given)
        .build()
        .await;
    let ada = Person::joins(&*world.api, "ada").await;
    let one = authorises(&world, &ada, HOST).await;
    for _ in 0..18 {
        world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
    }
    world.api.update_registry(&ada.caller, at(&one), new_password("x")).await.unwrap();
    let waits = ErrorCode::TooManyRequests;
    assert_eq!(code(world.api.check_registry(&ada.caller, at(&one)).await), waits);
    assert_eq!(code(world.api.update_registry(&ada.caller, at(&one), new_password("x")).await), waits);
    let refused = world.api.authorise_registry(&ada.caller, asks_for("b.example")).await.unwrap_err();
    assert_eq!((refused.code(), registries.asked().len()), (waits, 20));
    assert!(refused.body().members.retry_after.is_some_and(|seconds| (1..=16).contains(&seconds)), "{refused}");
    let bob = Person::joins(&*world.api, "bob").await;
    authorises(&world, &bob, HOST).await;
    world.clock.advance(Duration::seconds(15));
    world.api.check_registry(&ada.caller, at(&one)).await.unwrap();
    assert_eq!(code(world.api.check_registry(&ada.caller, at(&one)).await), waits);
}

async fn an_account_has_so_many_and_no_more(wiring: Wiring) {
    let (world, registries) = with_registries(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    for n in 0..MAX_CONTAINER_REGISTRIES {
        authorises(&world, &ada, &format!("r{n}.example")).await;
    }
    let refused = world.api.authorise_registry(&ada.caller, asks_for(HOST)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Conflict);
    assert!(refused.body().detail.as_ref().unwrap().contains("50 container registries"), "{refused}");
    assert!(registries.asked().iter().all(|asked| asked.host != HOST));
}

//! What becomes of an attempt where somebody goes away, changes their mind or is faster, and where it breaks off.

use latchkey_api::{
    instance::Provider::Gitlab,
    integrations::*,
    problem::{ErrorCode, Problem},
    sessions::{SessionPath, SessionsApi},
};

use crate::{
    connected_world::{World, configured},
    scripted_providers::{refused, unreachable, user},
};

fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> ErrorCode {
    answer.unwrap_err().code()
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_asks_the_provider() {
    let world = World::new().await;
    let attempt = world.begins(Gitlab, None).await;
    world.agrees();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (service, ada, attempt) = (world.service.clone(), world.ada.clone(), attempt.clone());
        asking.spawn(async move { service.poll_connection(&ada, attempt).await });
    }
    let mut connected = 0;
    while let Some(answer) = asking.join_next().await {
        match answer.unwrap() {
            Ok(state) if state.status == AttemptStatus::Connected => connected += 1,
            Ok(state) => assert_eq!(state.status, AttemptStatus::Pending),
            Err(problem) => assert_eq!(problem.code(), ErrorCode::NotFound),
        }
    }
    assert_eq!((connected, world.providers.asked("poll"), world.recorded().await.len()), (1, 1, 1));
}

/// The device code is spent, and nobody knows yet whose the tokens are: another node goes on from there.
#[tokio::test]
async fn tokens_that_came_are_not_lost_where_it_breaks_off() {
    let world = World::new().await;
    let attempt = world.begins(Gitlab, None).await;
    world.agrees();
    world.providers.script().users.push_back(unreachable());
    assert_eq!(code(world.service.poll_connection(&world.ada, attempt.clone()).await), ErrorCode::ProviderUnavailable);
    world.service.close().await;
    // However long that takes.
    world.advance(3600);
    let another = world.another(configured()).await;
    let state = another.poll_connection(&world.ada, attempt).await.unwrap();
    assert_eq!(state.status, AttemptStatus::Connected);
    assert_eq!((world.providers.asked("poll"), world.providers.asked("revoke")), (1, 0));
}

#[tokio::test]
async fn whoever_goes_away_while_it_is_asked_is_connected_all_the_same() {
    let world = World::new().await;
    let attempt = world.begins(Gitlab, None).await;
    world.agrees();
    world.providers.shut();
    let (service, ada) = (world.service.clone(), world.ada.clone());
    let asking = tokio::spawn(async move { service.poll_connection(&ada, attempt).await });
    world.providers.wait_for("poll", 1).await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    world.providers.open();
    world.service.close_connections().await;
    assert_eq!(world.recorded().await.len(), 1);
}

#[tokio::test]
async fn what_is_given_up_while_it_is_asked_is_revoked() {
    let world = World::new().await;
    for at in ["poll", "user"] {
        let attempt = world.begins(Gitlab, None).await;
        world.agrees();
        let (polls, users, revoked) =
            (world.providers.asked("poll"), world.providers.asked("user"), world.providers.asked("revoke"));
        world.providers.shut();
        let (service, ada, path) = (world.service.clone(), world.ada.clone(), attempt.clone());
        let asking = tokio::spawn(async move { service.poll_connection(&ada, path).await });
        world.providers.wait_for("poll", polls + 1).await;
        if at == "user" {
            world.providers.open_once();
            world.providers.wait_for("user", users + 1).await;
        }
        world.service.cancel_connection(&world.ada, attempt).await.unwrap();
        world.providers.open();
        assert_eq!(code(asking.await.unwrap()), ErrorCode::NotFound);
        world.providers.wait_for("revoke access-secret", revoked + 1).await;
    }
    assert_eq!(world.recorded().await, []);
}

#[tokio::test]
async fn a_session_that_is_closed_meanwhile_connects_nothing() {
    let world = World::new().await;
    let attempt = world.begins(Gitlab, None).await;
    world.agrees();
    world.providers.shut();
    let (service, ada) = (world.service.clone(), world.ada.clone());
    let asking = tokio::spawn(async move { service.poll_connection(&ada, attempt).await });
    world.providers.wait_for("poll", 1).await;
    world.service.close_session(&world.ada, SessionPath { id: "current".into() }).await.unwrap();
    world.providers.open();
    assert_eq!(code(asking.await.unwrap()), ErrorCode::SessionClosed);
    world.providers.wait_for("revoke access-secret-1 refresh-secret-1", 1).await;
    assert_eq!(world.recorded().await, []);
}

/// Begun while there was room for one.
#[tokio::test]
async fn one_too_many_is_not_kept() {
    let world = World::new().await;
    for n in 0..19 {
        world.providers.script().users.push_back(Ok(user(&n.to_string(), "maren")));
        world.connects(Gitlab).await;
    }
    let late = world.begins(Gitlab, None).await;
    world.providers.script().users.push_back(Ok(user("19", "maren")));
    world.connects(Gitlab).await;
    world.agrees();
    world.providers.script().users.push_back(Ok(user("20", "maren")));
    assert_eq!(code(world.service.poll_connection(&world.ada, late).await), ErrorCode::Conflict);
    world.providers.wait_for("revoke access-secret-21 ", 1).await;
    assert_eq!(world.service.integrations_of(world.account).await.unwrap().len(), 20);
}

#[tokio::test]
async fn an_account_nobody_is_told_of_is_not_connected() {
    let world = World::new().await;
    let attempt = world.begins(Gitlab, None).await;
    world.agrees();
    world.providers.script().users.push_back(refused());
    assert_eq!(world.polls(&attempt).await.status, AttemptStatus::Failed);
    world.providers.wait_for("revoke access-secret-1 refresh-secret-1", 1).await;
}

//! How tokens are got anew: once, however many need them, and without losing one.

use latchkey_api::{
    activity::{Category, Push},
    credentials::{GitCredential, GitCredentialRequest},
    instance::Provider::Gitlab,
    integrations::*,
    problem::{ApiResult, ErrorCode},
    wire::Secret,
};
use latchkey_store::SessionId;

use crate::{
    ProviderError, Service, Tokens,
    connected_world::{World, configured, signs_in},
    person::Me,
    scripted_providers::{refused, revoked},
};

/// What `git` is answered.
async fn git(world: &World, service: &Service) -> ApiResult<GitCredential> {
    let session = service.store().get_session(world.account, world.session).await.unwrap().unwrap();
    let account = service.store().account(world.account).await.unwrap().unwrap();
    let body = GitCredentialRequest { host: "git.example.com".into(), username: None };
    service.git_credential(&Me { session, account }, &body).await
}

async fn failed(world: &World) -> ErrorCode {
    git(world, &world.service).await.unwrap_err().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_on_two_nodes_one_asks_the_provider() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    let nodes = [world.service.clone(), world.another(configured()).await];
    world.advance(3600 - 299);
    world.providers.shut();
    let world = std::sync::Arc::new(world);
    let mut asking = tokio::task::JoinSet::new();
    for n in 0..64 {
        let (world, node) = (world.clone(), nodes[n % 2].clone());
        asking.spawn(async move { git(&world, &node).await });
    }
    world.providers.wait_for("refresh", 1).await;
    world.providers.open();
    while let Some(answer) = asking.join_next().await {
        let answer = answer.unwrap().unwrap();
        assert_eq!((answer.password.expose(), &*answer.username), ("access-secret-2", "oauth2"));
    }
    assert_eq!(world.providers.asked("refresh"), 1);
    world.advance(3600);
    git(&world, &nodes[1]).await.unwrap();
    assert_eq!(world.providers.asked("refresh refresh-secret-2"), 1, "the next one goes by the new token");
}

#[tokio::test]
async fn a_token_that_is_good_for_long_is_not_replaced() {
    let world = World::new().await;
    let made = world.connects(Gitlab).await;
    world.advance(3600 - 301);
    let answer = git(&world, &world.service).await.unwrap();
    assert_eq!((answer.password.expose(), answer.expires_at), ("access-secret-1", made.expires_at));
    assert_eq!(world.providers.asked("refresh"), 0);
}

#[tokio::test]
async fn without_a_new_refresh_token_the_old_one_stays() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    let access = |n: u32| Tokens {
        access_token: Secret::new(format!("access-only-{n}")),
        refresh_token: None,
        expires_in: None,
        scopes: None,
    };
    world.providers.script().refreshes.push_back(Ok(Tokens { expires_in: Some(3600), ..access(1) }));
    world.advance(3600);
    git(&world, &world.service).await.unwrap();
    world.providers.script().refreshes.push_back(Ok(access(2)));
    world.advance(3600);
    let answer = git(&world, &world.service).await.unwrap();
    assert_eq!((answer.password.expose(), answer.expires_at), ("access-only-2", None));
    assert_eq!(world.providers.asked("refresh refresh-secret-1"), 2);
    let shown = world.shown().await;
    assert_eq!((shown.refreshable, shown.scopes.len()), (true, 2), "what is not said is as it was");
}

#[tokio::test]
async fn a_provider_that_is_away_breaks_nothing() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    let away = |error| world.providers.script().refreshes.push_back(Err(error));
    world.advance(3600 - 240);
    for error in [ProviderError::Unreachable("no route".into()), ProviderError::TooOften { retry_after: Some(9) }] {
        away(error);
        assert_eq!(git(&world, &world.service).await.unwrap().password.expose(), "access-secret-1");
    }
    world.advance(181);
    for error in [ProviderError::Unreachable("no route".into()), ProviderError::TooOften { retry_after: Some(9) }] {
        away(error);
        assert_eq!(failed(&world).await, ErrorCode::ProviderUnavailable, "what is good for less than a minute");
    }
    assert_eq!((world.shown().await.healthy, world.recorded().await.len()), (Some(true), 1));
    assert_eq!(
        git(&world, &world.service).await.unwrap().password.expose(),
        "access-secret-2",
        "at once, not after the lease"
    );
}

#[tokio::test]
async fn a_refusal_is_told_once_to_everybody() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    let (_, phone) = signs_in(&world.service).await;
    let mut heard =
        [world.session, phone].map(|at: SessionId| world.service.shared.hub.listen(world.account, at).unwrap());
    world.advance(3600);
    world.providers.script().refreshes.push_back(revoked());
    for _ in 0..3 {
        assert_eq!(failed(&world).await, ErrorCode::ConnectionBroken);
    }
    assert_eq!(world.providers.asked("refresh"), 1, "a connection that is known to be dead is not tried");
    let shown = world.shown().await;
    assert_eq!((shown.healthy, shown.failure), (Some(false), Some(IntegrationFailure::Revoked)));
    assert_eq!(
        shown.detail.as_deref(),
        Some("GitLab at git.example.com no longer accepts this connection. Connect it again.")
    );
    let details = r#"{"provider":"gitlab","host":"git.example.com","login":"maren"}"#;
    assert_eq!(world.recorded().await[1..], [("integration_failed".into(), details.into(), false)]);
    for listener in &mut heard {
        assert_eq!(listener.try_recv(), Ok(Push::ActivityNew { category: Category::SourceCode }));
        assert!(listener.try_recv().is_err());
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_replaced_ends() {
    let world = World::new().await;
    let attempt = world.begins(Gitlab, None).await;
    let tokens = Tokens { refresh_token: None, ..world.providers.tokens() };
    world.providers.script().polls.push_back(Ok(crate::DeviceAnswer::Granted(tokens)));
    assert!(!world.polls(&attempt).await.integration.unwrap().refreshable);
    world.advance(3540);
    assert_eq!(git(&world, &world.service).await.unwrap().password.expose(), "access-secret-1");
    world.advance(1);
    assert_eq!(failed(&world).await, ErrorCode::ConnectionBroken, "git is given a minute");
    world.advance(59);
    assert_eq!(failed(&world).await, ErrorCode::ConnectionBroken);
    assert_eq!((world.providers.asked("refresh"), world.shown().await.failure), (0, Some(IntegrationFailure::Revoked)));
}

#[tokio::test]
async fn tokens_that_come_after_it_was_disconnected_are_revoked() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    world.advance(3600);
    world.providers.shut();
    let world = std::sync::Arc::new(world);
    let asking = tokio::spawn({
        let world = world.clone();
        async move { git(&world, &world.service).await }
    });
    world.providers.wait_for("refresh", 1).await;
    let leaving = tokio::spawn({
        let world = world.clone();
        async move {
            let path = IntegrationPath { provider: Gitlab, id: None };
            world.service.disconnect_integration(&world.ada, path).await
        }
    });
    world.providers.wait_for("revoke access-secret-1 refresh-secret-1", 1).await;
    world.providers.open();
    assert!(leaving.await.unwrap().unwrap().revoked);
    assert_eq!(asking.await.unwrap().unwrap_err().code(), ErrorCode::NotFound);
    world.providers.wait_for("revoke access-secret-2 refresh-secret-2", 1).await;
}

#[tokio::test]
async fn a_connection_that_was_renewed_meanwhile_keeps_its_new_tokens() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    world.advance(3600);
    world.proves().await;
    let attempt = world.begins(Gitlab, None).await;
    world.providers.shut();
    let world = std::sync::Arc::new(world);
    let asking = tokio::spawn({
        let world = world.clone();
        async move { git(&world, &world.service).await }
    });
    world.providers.wait_for("refresh", 1).await;
    // Two answers for who connects; the other one still waits for its own.
    world.agrees();
    let connecting = tokio::spawn({
        let world = world.clone();
        async move { world.polls(&attempt).await }
    });
    world.providers.wait_for("poll", 1).await;
    let late = Tokens {
        access_token: Secret::new("late-access"),
        refresh_token: Some(Secret::new("late-refresh")),
        ..world.providers.tokens()
    };
    world.providers.script().refreshes.push_back(Ok(late));
    world.providers.open();
    assert_eq!(connecting.await.unwrap().status, AttemptStatus::Connected);
    let answer = asking.await.unwrap().unwrap();
    // Whichever was first, both are answered what is kept, and what is not kept is revoked alone.
    let kept = git(&world, &world.service).await.unwrap();
    assert_eq!(kept.password.expose(), "access-secret-2");
    if answer.password.expose() != "late-access" {
        world.providers.wait_for("revoke late-access ", 1).await;
    }
    assert_eq!(world.providers.asked("revoke late-access late-refresh"), 0);
}

/// A node that asks and dies keeps nobody waiting longer than its lease.
#[tokio::test]
async fn another_node_goes_on_where_one_died() {
    let world = World::new().await;
    let id = world.connects(Gitlab).await.id.unwrap();
    world.advance(3600);
    let now = world.service.environment().now();
    let until = now.saturating_add(std::time::Duration::from_secs(30));
    assert!(world.service.store().lease_tokens(world.account, id, 1, now, until).await.unwrap());
    let world = std::sync::Arc::new(world);
    let mut asking = tokio::spawn({
        let world = world.clone();
        async move { git(&world, &world.service).await }
    });
    let waits = tokio::time::timeout(std::time::Duration::from_millis(300), &mut asking).await;
    assert!(waits.is_err(), "the other node may still be at it");
    assert_eq!(world.providers.asked("refresh"), 0);
    world.advance(30);
    assert_eq!(asking.await.unwrap().unwrap().password.expose(), "access-secret-2");
}

#[tokio::test]
async fn whoever_goes_away_loses_no_token() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    world.advance(3600);
    world.providers.shut();
    let world = std::sync::Arc::new(world);
    let asking = tokio::spawn({
        let world = world.clone();
        async move { git(&world, &world.service).await }
    });
    world.providers.wait_for("refresh", 1).await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    world.providers.open();
    assert_eq!(git(&world, &world.service).await.unwrap().password.expose(), "access-secret-2");
    assert_eq!(world.providers.asked("refresh"), 1);
}

#[tokio::test]
async fn a_client_that_is_refused_is_no_end_of_the_connection() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    world.advance(3600);
    world.providers.script().refreshes.push_back(refused());
    assert_eq!(failed(&world).await, ErrorCode::ConnectionBroken);
    git(&world, &world.service).await.unwrap();
}

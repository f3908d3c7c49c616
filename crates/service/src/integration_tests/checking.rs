//! How connections are looked after: on demand and daily.

use latchkey_api::{
    common::Caller,
    instance::Provider::{Github, Gitlab},
    integrations::*,
    problem::ErrorCode,
};
use latchkey_store::NewTokens;

use super::{
    connected_world::{World, configured},
    scripted_providers::{refused, revoked, unreachable, user},
};
use crate::{ProviderError, RepositoryPage};

const DAY: i64 = 26 * 3600;

fn the_one() -> IntegrationPath {
    IntegrationPath { provider: Gitlab, id: None }
}

async fn check(world: &World) -> Integration {
    world.service.check_integration(&world.ada, the_one()).await.unwrap()
}

fn kinds(recorded: Vec<(String, String, bool)>) -> Vec<String> {
    recorded.into_iter().map(|(kind, ..)| kind).collect()
}

#[tokio::test]
async fn a_look_finds_out_how_it_stands() {
    let world = World::new().await;
    let made = world.connects(Gitlab).await;
    let says = |said| world.providers.script().users.push_back(said);
    world.advance(60);
    says(Ok(crate::ProviderUser { scopes: Some(vec!["api".into()]), ..user("42", "maren-new") }));
    let found = check(&world).await;
    assert_eq!((found.login.as_deref(), &*found.scopes), (Some("maren-new"), &["api".to_owned()][..]));
    assert_eq!(found.missing_scopes, [""; 0], "api holds what was asked for");
    assert_eq!(found.checked_at.unwrap() - made.checked_at.unwrap(), chrono::Duration::seconds(60));

    for (said, healthy, failure) in [
        (unreachable(), false, Some(IntegrationFailure::Unreachable)),
        (Ok(user("42", "maren")), true, None),
        (refused(), false, Some(IntegrationFailure::Refused)),
        (unreachable(), false, Some(IntegrationFailure::Refused)),
        (Ok(user("7", "bob")), false, Some(IntegrationFailure::Refused)),
        (Ok(user("42", "maren")), true, None),
    ] {
        says(said);
        let found = check(&world).await;
        assert_eq!((found.healthy, found.failure), (Some(healthy), failure));
        assert_eq!(found.detail.is_none(), healthy);
        assert_eq!(found, world.shown().await);
    }
    says(Err(ProviderError::TooOften { retry_after: Some(77) }));
    let refused = world.service.check_integration(&world.ada, the_one()).await.unwrap_err();
    assert_eq!((refused.code(), refused.body().members.retry_after), (ErrorCode::TooManyRequests, Some(77)));
    assert_eq!(world.shown().await.healthy, Some(true), "that says nothing about it");
    assert_eq!(kinds(world.recorded().await), ["integration_connected", "integration_failed"], "once, when it turned");
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_replaced_once() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    world.providers.script().users.push_back(revoked());
    assert_eq!(check(&world).await.healthy, Some(true));
    assert_eq!((world.providers.asked("refresh"), world.providers.asked("user access-secret-2")), (1, 1));
    world.providers.script().users.extend([revoked(), revoked()]);
    assert_eq!(check(&world).await.failure, Some(IntegrationFailure::Revoked));
    assert_eq!(world.providers.asked("refresh"), 2);
    // It works again without being connected again: the provider was wrong.
    assert_eq!(check(&world).await.healthy, Some(true));
    world.providers.script().pages.extend([revoked(), revoked()]);
    let query = RepositoriesQuery { provider: Gitlab, id: None, search: None, limit: None, after: None };
    let broken = world.service.list_repositories(&world.ada, query).await.unwrap_err();
    assert_eq!(broken.code(), ErrorCode::ConnectionBroken);
    assert_eq!(world.shown().await.failure, Some(IntegrationFailure::Revoked));
}

#[tokio::test]
async fn once_a_day_one_node_looks() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    let another = world.another(configured()).await;
    let rounds = async || tokio::join!(world.service.integration_round(), another.integration_round());
    let asked = || world.providers.asked("user");
    let before = asked();
    rounds().await.0.unwrap();
    assert_eq!(asked(), before, "not due");
    for day in 1..=3 {
        world.advance(DAY);
        for result in <[_; 2]>::from(rounds().await) {
            result.unwrap();
        }
        assert_eq!(asked(), before + day);
    }
    // Where it cannot be reached, within some seventy minutes.
    world.advance(DAY);
    world.providers.script().users.push_back(unreachable());
    world.service.integration_round().await.unwrap();
    assert_eq!(world.shown().await.failure, Some(IntegrationFailure::Unreachable));
    world.advance(70 * 60);
    world.service.integration_round().await.unwrap();
    assert_eq!((world.shown().await.healthy, world.recorded().await.len()), (Some(true), 1));
    // In the name of somebody who is kept out nothing is done.
    let before = asked();
    world.service.disable_user("ada").await.unwrap();
    world.advance(DAY);
    world.service.integration_round().await.unwrap();
    assert_eq!(asked(), before);
}

#[tokio::test]
async fn the_upkeep_looks_without_being_kept_waiting() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    world.advance(DAY);
    let before = world.providers.asked("user") + world.providers.asked("refresh");
    world.providers.shut();
    // The provider hangs, and the upkeep does not.
    for _ in 0..3 {
        world.service.upkeep(true).await;
    }
    world.providers.wait_for("refresh", 1).await;
    assert_eq!(world.providers.asked("user") + world.providers.asked("refresh"), before + 1, "one round at a time");
    world.providers.open();
    world.providers.wait_for("user", 2).await;
}

/// What is found of tokens that were replaced meanwhile is not written over what is there by now.
#[tokio::test]
async fn a_look_at_old_tokens_is_forgotten() {
    let world = World::new().await;
    let id = world.connects(Gitlab).await.id.unwrap();
    world.providers.shut();
    let (service, ada) = (world.service.clone(), world.ada.clone());
    let looking = tokio::spawn(async move { service.check_integration(&ada, the_one()).await });
    world.providers.wait_for("user", 2).await;
    let row = world.service.store().get_integration(world.account, id).await.unwrap().unwrap();
    let new = NewTokens { sealed: row.sealed, refreshable: true, expires_at: None, scopes: None };
    world.service.store().replace_tokens(world.account, id, row.generation, new).await.unwrap().unwrap();
    world.providers.script().users.push_back(unreachable());
    world.providers.open();
    assert_eq!(looking.await.unwrap().unwrap().healthy, Some(true));
}

#[tokio::test]
async fn what_cannot_be_opened_says_so() {
    let world = World::new().await;
    let id = world.connects(Gitlab).await.id.unwrap();
    let junk = NewTokens { sealed: vec![1; 60], refreshable: true, expires_at: None, scopes: None };
    world.service.store().replace_tokens(world.account, id, 1, junk).await.unwrap().unwrap();
    let found = check(&world).await;
    assert_eq!(found.failure, Some(IntegrationFailure::Unreadable));
    let query = RepositoriesQuery { provider: Gitlab, id: None, search: None, limit: None, after: None };
    let broken = world.service.list_repositories(&world.ada, query).await.unwrap_err();
    assert_eq!(broken.code(), ErrorCode::ConnectionBroken);
    let gone = world.service.disconnect_integration(&world.ada, the_one()).await.unwrap();
    assert!(!gone.revoked);
    assert_eq!(gone.manage_url.as_deref(), Some("https://git.example.com/-/user_settings/applications"));
}

#[tokio::test]
async fn a_provider_that_was_taken_away_is_shown_and_not_asked() {
    let world = World::new().await;
    let made = world.connects(Gitlab).await;
    let without = world.another(configured()[..1].to_vec()).await;
    let listed = without.list_integrations(&world.ada).await.unwrap().items;
    assert_eq!(
        listed.iter().map(|row| (row.provider, row.connected)).collect::<Vec<_>>(),
        [(Github, false), (Gitlab, true)]
    );
    let lost = &listed[1];
    assert_eq!((lost.id, lost.healthy, lost.failure), (made.id, Some(false), Some(IntegrationFailure::NotConfigured)));
    assert_eq!((lost.methods.len(), lost.manage_url.as_ref(), lost.refreshable), (0, None, false));
    let asked = world.providers.script().calls.len();
    assert_eq!(without.check_integration(&world.ada, the_one()).await.unwrap(), *lost);
    let query = RepositoriesQuery { provider: Gitlab, id: None, search: None, limit: None, after: None };
    assert_eq!(without.list_repositories(&world.ada, query).await.unwrap_err().code(), ErrorCode::ConnectionBroken);
    let gone = without.disconnect_integration(&world.ada, the_one()).await.unwrap();
    assert_eq!(gone, Disconnected { revoked: false, manage_url: None });
    assert_eq!(world.providers.script().calls.len(), asked);
}

#[tokio::test]
async fn each_configured_host_is_listed_in_its_order() {
    let world = World::new().await;
    let row = |row: &Integration| (row.host.clone(), row.login.clone());
    let listed =
        async || world.service.list_integrations(&world.ada).await.unwrap().items.iter().map(row).collect::<Vec<_>>();
    let [github, gitlab] = ["github.com", "git.example.com"].map(str::to_owned);
    assert_eq!(listed().await, [(github.clone(), None), (gitlab.clone(), None)]);
    for login in ["maren", "abe"] {
        world.providers.script().users.push_back(Ok(user(login, login)));
        world.connects(Gitlab).await;
    }
    let [maren, abe] = ["maren", "abe"].map(|login| (gitlab.clone(), Some(login.to_owned())));
    assert_eq!(listed().await, [(github.clone(), None), maren.clone(), abe.clone()]);
    assert_eq!(world.service.check_integration(&world.ada, the_one()).await.unwrap_err().code(), ErrorCode::Conflict);
    world.providers.script().users.push_back(Ok(user("x", "octo")));
    world.connects(Github).await;
    assert_eq!(listed().await, [(github, Some("octo".into())), maren, abe]);
}

#[tokio::test]
async fn repositories_come_in_pages_of_the_provider() {
    let world = World::new().await;
    world.connects(Gitlab).await;
    let list = async |search: Option<&str>, limit, after: Option<&str>| {
        let (search, after) = (search.map(str::to_owned), after.map(str::to_owned));
        let query = RepositoriesQuery { provider: Gitlab, id: None, search, limit, after };
        world.service.list_repositories(&world.ada, query).await
    };
    let more = |more| world.providers.script().pages.push_back(Ok(RepositoryPage { items: Vec::new(), more }));
    more(true);
    assert_eq!(list(None, None, None).await.unwrap().next.as_deref(), Some("2"));
    more(true);
    assert_eq!(list(Some(" tools "), Some(7), Some("2")).await.unwrap().next.as_deref(), Some("3"));
    more(false);
    assert_eq!(list(None, None, Some("3")).await.unwrap().next, None);
    more(true);
    assert_eq!(list(None, None, Some("999999")).await.unwrap().next, None);
    let calls = |call: &str| world.providers.asked(&format!("repositories access-secret-1 {call}"));
    assert_eq!((calls("None 1 50"), calls(r#"Some("tools") 2 7"#)), (1, 1));
    for (search, limit, after) in [
        (Some("x".repeat(101)), None, None),
        (Some(" ".repeat(101)), None, None),
        (None, Some(0), None),
        (None, Some(101), None),
        (None, None, Some("0")),
    ] {
        let refused = list(search.as_deref(), limit, after).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidParameter);
    }
    let says = |said| world.providers.script().pages.push_back(Err(said));
    for (said, code) in [
        (ProviderError::Unreachable("no route".into()), ErrorCode::ProviderUnavailable),
        (ProviderError::TooOften { retry_after: None }, ErrorCode::TooManyRequests),
        (ProviderError::Refused("insufficient_scope".into()), ErrorCode::ConnectionBroken),
    ] {
        says(said);
        assert_eq!(list(None, None, None).await.unwrap_err().code(), code);
    }
    assert_eq!(world.shown().await.healthy, Some(true), "none of these says that it is dead");
}

#[tokio::test]
async fn who_looks_all_the_time_has_to_wait() {
    let world = World::with(configured(), true).await;
    world.connects(Gitlab).await;
    for _ in 0..20 {
        check(&world).await;
    }
    let refused = world.service.check_integration(&world.ada, the_one()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyRequests);
    let nobody = world.service.check_integration(&Caller::default(), the_one()).await.unwrap_err();
    assert_eq!(nobody.code(), ErrorCode::Unauthenticated);
}

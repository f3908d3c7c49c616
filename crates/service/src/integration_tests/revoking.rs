//! How connections end: disconnected, or with their account.

use latchkey_api::{
    deletion::{DeleteAccount, DeletionApi},
    instance::Provider::Gitlab,
    integrations::*,
    problem::ErrorCode,
    wire::Secret,
};

use super::{
    connected_world::{PASSWORD, World},
    scripted_providers::{unreachable, user},
};

fn the_one() -> IntegrationPath {
    IntegrationPath { provider: Gitlab, id: None }
}

#[tokio::test]
async fn what_is_disconnected_is_revoked_and_forgotten() {
    let world = World::new().await;
    for said in [Ok(true), Ok(false), unreachable()] {
        world.connects(Gitlab).await;
        let expected = matches!(said, Ok(true));
        world.providers.script().revocations.push_back(said);
        let gone = world.service.disconnect_integration(&world.ada, the_one()).await.unwrap();
        assert_eq!(gone.revoked, expected);
        assert_eq!(world.service.integrations_of(world.account).await.unwrap(), []);
        let again = world.service.disconnect_integration(&world.ada, the_one()).await.unwrap_err();
        assert_eq!(again.code(), ErrorCode::NotFound);
    }
    assert_eq!(world.providers.asked("revoke access-secret-3 refresh-secret-3"), 1);
    assert_eq!(world.recorded().await.last().unwrap().0, "integration_disconnected");
}

#[tokio::test]
async fn with_an_account_its_connections_are_revoked() {
    let world = World::new().await;
    for login in ["maren", "abe"] {
        world.providers.script().users.push_back(Ok(user(login, login)));
        world.connects(Gitlab).await;
    }
    assert_eq!(world.service.get_deletion(&world.ada).await.unwrap().integrations, 2);
    assert_eq!(world.service.export_account(&world.ada).await.unwrap().integrations.len(), 2);
    let leave = |password: &str| DeleteAccount { username: "ada".into(), password: Secret::new(password), code: None };
    assert!(world.service.delete_account(&world.ada, leave("wrong")).await.is_err());
    assert_eq!(world.providers.asked("revoke"), 0);
    // Nobody waits for a provider that hangs.
    world.providers.shut();
    world.service.delete_account(&world.ada, leave(PASSWORD)).await.unwrap();
    world.providers.open();
    for n in 1..=2 {
        world.providers.wait_for(&format!("revoke access-secret-{n} refresh-secret-{n}"), 1).await;
    }
}

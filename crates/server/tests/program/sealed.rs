//! What is kept of tokens and passwords of others: nothing that can be read without the sealing key.

use std::fs;

use latchkey_api::{
    common::PageQuery,
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi, RegistryFailure, RegistryPath, RegistryStatus},
    credentials::{CredentialsApi, GitCredentialRequest, RegistryCredentialRequest},
    instance::Provider as Kind,
    integrations::{IntegrationFailure, IntegrationsApi},
    problem::ErrorCode,
    wire::Secret,
};
use serde_json::json;

use crate::{
    container_registries::private::{PASSWORD, PrivateRegistry, USERNAME},
    files::holding,
    program::Home,
    providers::{SECRET, There, another_session, serve},
};

/// An open attempt of each flow, a connection whose tokens were refreshed once, and a registry.
async fn full(kind: Kind, registry: &PrivateRegistry) -> There {
    let there = There::with(kind, Some(SECRET), json!({"access_token_ttl": 240})).await;
    there.connects("maren").await;
    there.provider.set(&json!({"access_token_ttl": 7200}));
    there.client.list_repositories(&there.me, there.all()).await.unwrap();
    assert_eq!(there.provider.seen("/grants/refresh_token"), json!(1));
    there.begins_device().await;
    there.begins_code().await;
    let body = AuthoriseRegistry {
        host: registry.host(),
        username: USERNAME.into(),
        password: Secret::new(PASSWORD),
        only_if_verified: Some(true),
    };
    there.client.authorise_registry(&there.me, body).await.unwrap();
    there
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_password() {
    let registry = PrivateRegistry::start();
    for kind in [Kind::Github, Kind::Gitlab] {
        let there = full(kind, &registry).await;
        let data = there.home.data();
        assert!(!holding(&data, USERNAME).is_empty() && !holding(&data, "maren").is_empty(), "the search finds things");
        let issued = there.provider.seen("/issued");
        let issued: Vec<_> = issued.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        // Two access tokens, two refresh tokens, two device codes.
        assert_eq!(issued.len(), 6, "{issued:?}");
        for secret in issued.into_iter().chain([PASSWORD, SECRET]) {
            assert!(holding(&data, secret).is_empty(), "{secret} is in a file");
        }
    }
}

/// Somebody has the database, and not the key beside it.
#[tokio::test]
async fn a_stolen_database_opens_none_of_it() {
    let registry = PrivateRegistry::start();
    let there = full(Kind::Gitlab, &registry).await;
    let stolen = Home::new();
    fs::create_dir_all(stolen.data()).unwrap();
    for entry in fs::read_dir(there.home.data()).unwrap().flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("latchkey.sqlite3") {
            fs::copy(entry.path(), stolen.data().join(name)).unwrap();
        }
    }
    let asked = there.provider.seen("/api");
    let served = serve(&stolen, &there.provider, Some(SECRET));
    let client = served.client();
    let me = another_session(&client).await;
    client.allow_credentials(&me).await.unwrap();

    let checked = client.check_integration(&me, there.one()).await.unwrap();
    assert_eq!((checked.healthy, checked.failure), (Some(false), Some(IntegrationFailure::Unreadable)));
    let git = GitCredentialRequest { host: there.provider.host().into(), username: None };
    let refused = client.get_git_credential(&me, git).await.unwrap_err();
    assert!(matches!(refused.code(), ErrorCode::SealingUnavailable | ErrorCode::ConnectionBroken), "{refused}");
    let refused = client.list_repositories(&me, there.all()).await.unwrap_err();
    assert!(matches!(refused.code(), ErrorCode::SealingUnavailable | ErrorCode::ConnectionBroken), "{refused}");

    let listed = client.list_container_registries(&me, PageQuery::default()).await.unwrap().items;
    let checked = client.check_registry(&me, RegistryPath { id: listed[0].id }).await.unwrap();
    assert_eq!((checked.status, checked.failure), (RegistryStatus::Failed, Some(RegistryFailure::Unreadable)));
    let asked_registry = RegistryCredentialRequest { host: registry.host() };
    let refused = client.get_registry_credential(&me, asked_registry).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SealingUnavailable);
    assert_eq!(there.provider.seen("/api"), asked, "nobody was asked with what was stolen");

    // Where the key is, all is as it was.
    assert_eq!(there.checks().await.healthy, Some(true));
}

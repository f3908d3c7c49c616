//! What is kept of tokens and passwords of others: nothing that can be read without the sealing key.

use std::{fs, os::unix::fs::PermissionsExt};

use latchkey_api::{
    accounts::AccountsApi,
    common::{Caller, PageQuery},
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi, RegistryPath},
    credentials::{CredentialsApi, GitCredentialRequest, RegistryCredentialRequest},
    instance::Provider as Kind,
    integrations::IntegrationsApi,
    problem::ErrorCode,
    two_factor::TwoFactorApi,
    wire::Secret,
};
use serde_json::json;

use crate::{
    container_registries::private::{PASSWORD, PrivateRegistry, USERNAME},
    files::holding,
    program::Home,
    providers::{SECRET, There, another_session, serve},
    serving::ada,
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

/// Somebody has the database, and no key, or one of their own.
#[tokio::test]
async fn a_stolen_database_opens_none_of_it() {
    let registry = PrivateRegistry::start();
    let there = full(Kind::Gitlab, &registry).await;
    let asked = there.provider.seen("/api");
    for key in [None, Some(another_key().await)] {
        let stolen = Home::new();
        fs::create_dir_all(stolen.data()).unwrap();
        for entry in fs::read_dir(there.home.data()).unwrap().flatten() {
            let name = entry.file_name();
            if name.to_string_lossy().starts_with("latchkey.sqlite3") {
                fs::copy(entry.path(), stolen.data().join(name)).unwrap();
            }
        }
        if let Some(key) = key {
            fs::write(stolen.data().join(KEY), key).unwrap();
            fs::set_permissions(stolen.data().join(KEY), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let served = serve(&stolen, &there.provider, Some(SECRET));
        let client = served.client();
        let me = another_session(&client).await;
        client.allow_credentials(&me).await.unwrap();
        // What is no secret is there.
        assert_eq!(client.list_integrations(&me).await.unwrap().items[0].login.as_deref(), Some("maren"));
        let listed = client.list_container_registries(&me, PageQuery::default()).await.unwrap().items;

        let git = GitCredentialRequest { host: there.provider.host().into(), username: None };
        let registry = RegistryCredentialRequest { host: registry.host() };
        for (what, refused) in [
            ("check", client.check_integration(&me, there.one()).await.unwrap_err()),
            ("repositories", client.list_repositories(&me, there.all()).await.unwrap_err()),
            ("git", client.get_git_credential(&me, git).await.unwrap_err()),
            ("registry", client.check_registry(&me, RegistryPath { id: listed[0].id }).await.unwrap_err()),
            ("container tools", client.get_registry_credential(&me, registry).await.unwrap_err()),
        ] {
            assert_eq!(refused.code(), ErrorCode::SealingUnavailable, "{what}: {refused}");
        }
        assert_eq!(there.provider.seen("/api"), asked, "nobody was asked with what was stolen");
    }
    // Where the key is, all is as it was.
    assert_eq!(there.checks().await.healthy, Some(true));
}

const KEY: &str = "sealing.key";

/// A key that the program made for a database of somebody's own.
async fn another_key() -> Vec<u8> {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = another_session(&client).await;
    client.start_two_factor(&me).await.unwrap();
    fs::read(home.data().join(KEY)).unwrap()
}

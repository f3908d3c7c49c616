//! A credential helper of container tools, at a private registry and at the service's own.

use std::{fs, time::Duration};

use latchkey_api::{
    credentials::{CredentialsApi, REGISTRY_PASSWORD_SECONDS, RegistryCredentialRequest},
    sessions::{SessionPath, SessionsApi},
};

use super::{PASSWORD, Person, PrivateRegistry, USERNAME};
use crate::{
    clock::Clock,
    files::holding,
    program::Home,
    providers::another_session,
    registry::{
        distribution::{Registry, SERVICE},
        keys::signs_up,
        skopeo::{As, Skopeo},
    },
    serving::ada,
};

#[tokio::test]
async fn skopeo_pulls_with_a_password_that_no_file_holds() {
    let (registry, ada) = (PrivateRegistry::start(), Person::new().await);
    let skopeo = Skopeo::new(registry.address);
    skopeo.push("work/hello", Some(As(USERNAME, PASSWORD))).unwrap();
    skopeo.asks(ada.served.address, &ada.me);
    assert!(skopeo.pull("work/hello", None).unwrap_err().contains("authentication required"), "not authorised yet");

    ada.authorises(&registry.host(), PASSWORD, true).await.unwrap();
    ada.client.allow_credentials(&ada.me).await.unwrap();
    assert_eq!(skopeo.pull("work/hello", None).unwrap(), skopeo.image());
    skopeo.push("work/again", None).unwrap();
    for folder in [skopeo.folder(), &ada.home.data()] {
        assert!(holding(folder, PASSWORD).is_empty());
    }
    let settings = fs::read_to_string(skopeo.folder().join("auth.json")).unwrap();
    assert!(settings.contains("credHelpers") && !settings.contains("auths"), "{settings}");

    ada.client.refuse_credentials(&ada.me).await.unwrap();
    assert!(skopeo.pull("work/hello", None).unwrap_err().contains("authentication required"));
}

/// A password that the service makes on the spot for its own registry is good for five minutes.
#[tokio::test]
async fn the_own_registry_takes_a_password_for_five_minutes() {
    let (home, clock) = (Home::new(), Clock::new());
    let registry = Registry::start_with(&home, &clock.environment());
    let client = registry.served.client();
    let me = signs_up(&client, ada()).await;
    client.allow_credentials(&me).await.unwrap();
    let asked = || RegistryCredentialRequest { host: SERVICE.into() };
    let made = client.get_registry_credential(&me, asked()).await.unwrap();
    let (user, password) = (made.username.clone(), made.password.expose().to_owned());
    assert!(user == "ada" && password.starts_with("lkr_"), "{user}");
    assert!(made.expires_at.is_some());

    let skopeo = Skopeo::new(registry.address);
    let by = || Some(As(&user, &password));
    skopeo.push("ada/hello", by()).unwrap();
    assert_eq!(skopeo.pull("ada/hello", by()).unwrap(), skopeo.image());
    assert!(holding(&home.data(), &password).is_empty(), "the service keeps its hash");
    // The registry goes by another clock, and would take no token out of the future: the service is asked alone.
    clock.advance(Duration::from_secs(u64::from(REGISTRY_PASSWORD_SECONDS) - 30));
    assert_eq!(registry.token_for(&user, &password), "200");
    clock.advance(Duration::from_secs(31));
    assert_eq!(registry.token_for(&user, &password), "401");
    assert!(skopeo.pull("ada/hello", by()).unwrap_err().to_lowercase().contains("unauthorized"));
    assert!(skopeo.login(As(&user, &password)).is_err());
}

#[tokio::test]
async fn such_a_password_ends_with_its_session() {
    let home = Home::new();
    let registry = Registry::start(&home);
    let client = registry.served.client();
    let me = signs_up(&client, ada()).await;
    let other = another_session(&client).await;
    client.allow_credentials(&other).await.unwrap();
    let asked = RegistryCredentialRequest { host: SERVICE.into() };
    let made = client.get_registry_credential(&other, asked).await.unwrap();
    let skopeo = Skopeo::new(registry.address);
    let by = || As(&made.username, made.password.expose());
    skopeo.push("ada/hello", Some(by())).unwrap();
    client.close_session(&other, SessionPath { id: "current".into() }).await.unwrap();
    assert!(skopeo.login(by()).is_err());
    assert!(skopeo.pull("ada/hello", Some(by())).unwrap_err().to_lowercase().contains("unauthorized"));
    client.allow_credentials(&me).await.unwrap();
}

//! Credentials for container registries: looked at where they are used, kept sealed, and handed to container tools.

mod helper;
pub(crate) mod private;

use std::net::{Ipv4Addr, TcpListener};

use latchkey_api::{
    accounts::AccountsApi,
    common::{Caller, PageQuery},
    container_registries::{
        AuthoriseRegistry, ContainerRegistriesApi, ContainerRegistry, RegistryFailure, RegistryPath, RegistryStatus,
        UpdateRegistry,
    },
    credentials::{CredentialsApi, RegistryCredentialRequest},
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_client::Client;

use self::private::{PASSWORD, PrivateRegistry, USERNAME};
use crate::{
    program::{Home, Served},
    providers::another_session,
    serving::ada,
};

/// Somebody who is signed in.
struct Person {
    client: Client,
    me: Caller,
    served: Served,
    home: Home,
}

impl Person {
    async fn new() -> Self {
        let home = Home::new();
        let served = home.serve(&[("LATCHKEY_POLICY__THROTTLES", "off")]);
        let client = served.client();
        client.create_account(&Caller::default(), ada()).await.unwrap();
        let me = another_session(&client).await;
        Self { client, me, served, home }
    }

    async fn authorises(&self, host: &str, password: &str, only_if_verified: bool) -> ApiResult<ContainerRegistry> {
        let body = AuthoriseRegistry {
            host: host.into(),
            username: USERNAME.into(),
            password: Secret::new(password),
            only_if_verified: only_if_verified.then_some(true),
        };
        self.client.authorise_registry(&self.me, body).await
    }

    async fn listed(&self) -> Vec<ContainerRegistry> {
        self.client.list_container_registries(&self.me, PageQuery::default()).await.unwrap().items
    }
}

fn failed(registry: &ContainerRegistry, failure: RegistryFailure) {
    assert_eq!((registry.status, registry.failure), (RegistryStatus::Failed, Some(failure)), "{registry:?}");
    let words = registry.detail.as_deref().expect("words");
    assert!(words.ends_with('.') && words.contains(&registry.host) && !words.contains(PASSWORD), "{words}");
}

fn refused_at(problem: &Problem, pointer: &str) {
    let [error] = problem.errors() else { panic!("{problem}: {:?}", problem.errors()) };
    assert_eq!((problem.code(), error.pointer.as_str()), (ErrorCode::InvalidField, pointer), "{error:?}");
}

#[tokio::test]
async fn a_registry_takes_the_right_password_and_no_other() {
    let (registry, ada) = (PrivateRegistry::start(), Person::new().await);
    let host = registry.host();
    refused_at(&ada.authorises(&host, "wrong", true).await.unwrap_err(), "/password");
    assert_eq!(ada.listed().await, [], "nothing is kept");

    let kept = ada.authorises(&format!("http://{host}/v2/"), "wrong", false).await.unwrap();
    assert_eq!((kept.host.as_str(), kept.username.as_str()), (host.as_str(), USERNAME));
    failed(&kept, RegistryFailure::CredentialsRefused);
    let taken = ada.authorises(&host, PASSWORD, false).await.unwrap_err();
    refused_at(&taken, "/host");

    let path = || RegistryPath { id: kept.id };
    let update = |password: &str, only_if_verified| UpdateRegistry {
        username: None,
        password: Secret::new(password),
        only_if_verified: Some(only_if_verified),
    };
    refused_at(&ada.client.update_registry(&ada.me, path(), update("other", true)).await.unwrap_err(), "/password");
    let right = ada.client.update_registry(&ada.me, path(), update(PASSWORD, true)).await.unwrap();
    assert_eq!((right.status, right.failure, right.detail.as_deref()), (RegistryStatus::Verified, None, None));
    assert_eq!(ada.listed().await, [right]);

    registry.changes_password("another altogether");
    failed(&ada.client.check_registry(&ada.me, path()).await.unwrap(), RegistryFailure::CredentialsRefused);
    ada.client.remove_registry(&ada.me, path()).await.unwrap();
    assert_eq!(ada.listed().await, []);
}

/// A port that nobody listens on, a name nobody has, and the service itself, which speaks HTTP and is no registry.
#[tokio::test]
async fn what_is_no_registry_is_said_to_be_none() {
    let ada = Person::new().await;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let service = ada.served.address.to_string();
    for (host, failure) in [
        (port.to_string(), RegistryFailure::Unreachable),
        ("registry.invalid".to_owned(), RegistryFailure::Unreachable),
        (service, RegistryFailure::NotARegistry),
        ("169.254.169.254".to_owned(), RegistryFailure::AddressRefused),
    ] {
        refused_at(&ada.authorises(&host, PASSWORD, true).await.unwrap_err(), "/host");
        failed(&ada.authorises(&host, PASSWORD, false).await.unwrap(), failure);
    }
    assert_eq!(ada.listed().await.len(), 4);
}

#[tokio::test]
async fn a_session_reads_a_password_once_it_was_let() {
    let (registry, ada) = (PrivateRegistry::start(), Person::new().await);
    ada.authorises(&registry.host(), PASSWORD, true).await.unwrap();
    let asked = || RegistryCredentialRequest { host: registry.host() };
    let refused = ada.client.get_registry_credential(&ada.me, asked()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::CredentialsNotAllowed);
    ada.client.allow_credentials(&ada.me).await.unwrap();
    let read = ada.client.get_registry_credential(&ada.me, asked()).await.unwrap();
    assert_eq!((read.username.as_str(), read.password.expose(), read.expires_at), (USERNAME, PASSWORD, None));
    let elsewhere = RegistryCredentialRequest { host: "ghcr.io".into() };
    let unknown = ada.client.get_registry_credential(&ada.me, elsewhere).await.unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::NotFound);
    assert!(crate::files::holding(&ada.home.data(), PASSWORD).is_empty(), "sealed");
}

/// Who strangers are let in by looks round in nobody's network, unless an administrator says so.
#[tokio::test]
async fn where_strangers_sign_up_private_networks_are_refused_if_nobody_says_otherwise() {
    const SAID: &str = "LATCHKEY_OUTBOUND__PRIVATE_NETWORKS";
    let home = Home::new();
    for (n, (sign_up, said, expected)) in [
        ("open", None, RegistryFailure::AddressRefused),
        ("open", Some("allow"), RegistryFailure::Unreachable),
        ("closed", None, RegistryFailure::Unreachable),
        ("closed", Some("refuse"), RegistryFailure::AddressRefused),
    ]
    .into_iter()
    .enumerate()
    {
        let environment = [("LATCHKEY_POLICY__THROTTLES", "off"), ("LATCHKEY_POLICY__SIGN_UP", sign_up)];
        let mut command = home.serving(&[], "127.0.0.1:0", &environment);
        command.env_remove(SAID);
        command.envs(said.map(|said| (SAID, said)));
        let served = Served::start(command);
        let client = served.client();
        if n == 0 {
            client.create_account(&Caller::default(), ada()).await.unwrap();
        }
        let me = another_session(&client).await;
        // Nobody listens there.
        let body = AuthoriseRegistry {
            host: format!("127.0.0.1:{}", n + 1),
            username: USERNAME.into(),
            password: Secret::new(PASSWORD),
            only_if_verified: None,
        };
        let registry = client.authorise_registry(&me, body).await.unwrap();
        assert_eq!(registry.failure, Some(expected), "{sign_up} {said:?}");
        served.signal("TERM");
        served.end();
    }
}

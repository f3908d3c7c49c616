use std::sync::Arc;

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi, RegistryPath, RegistryStatus},
    credentials::{CredentialsApi, RegistryCredentialRequest},
    sessions::{SessionsApi, SignIn},
};
use latchkey_store::{NewRegistryCredentials, SessionId};
use tempfile::TempDir;

use super::*;
use crate::{Environment, FixedKey, HashCost, RegistryCheck, Settings};

/// Takes everything.
struct Takes;

#[async_trait::async_trait]
impl RegistryCheck for Takes {
    async fn check(&self, _: &RegistryCredentials<'_>) -> Result<(), RegistryRefusal> {
        Ok(())
    }
}

async fn service(folder: &TempDir) -> Service {
    let hash_cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    let keys = Arc::new(FixedKey([7; 32]));
    let environment = Environment { keys, registries: Arc::new(Takes), ..Environment::system() };
    let settings = Settings { hash_cost, ..Settings::default() };
    Service::open(&folder.path().join("latchkey.db"), settings, environment).await.unwrap()
}

/// Ada, signed in, with a registry.
async fn ada(service: &Service) -> (AccountId, SessionId, Caller, RegistryPath) {
    let password = || Secret::new("seven small otters dance");
    let [username, name] = ["ada", "Ada"].map(str::to_owned);
    let new = SignUp { username, name, email: "ada@example.com".into(), password: password() };
    let account = AccountId(service.create_account(&Caller::default(), new).await.unwrap().id);
    let sign_in = SignIn { login: "ada".into(), password: password(), client: None };
    let signed_in = service.sign_in(&Caller::default(), sign_in).await.unwrap();
    let caller = Caller::with_token(signed_in.token.expose());
    let (host, username) = ("registry.example".into(), "ada".into());
    let body = AuthoriseRegistry { host, username, password: Secret::new("token"), only_if_verified: None };
    let registry = service.authorise_registry(&caller, body).await.unwrap();
    (account, SessionId(signed_in.session.id), caller, RegistryPath { id: registry.id })
}

#[test]
fn failures_are_stored_as_they_stand_in_json() {
    for (failure, _) in FAILURES {
        assert_eq!(serde_json::to_value(failure).unwrap(), write(failure));
        assert_eq!(read(write(failure)), failure);
    }
    assert_eq!(read("something a newer version knows"), RegistryFailure::Unavailable);
    // One that is missing in the table is stored as another: this fails to compile where there is a new one.
    let known = |failure| match failure {
        RegistryFailure::CredentialsRefused
        | RegistryFailure::Unreachable
        | RegistryFailure::CertificateInvalid
        | RegistryFailure::NotEncrypted
        | RegistryFailure::NotARegistry
        | RegistryFailure::AddressRefused
        | RegistryFailure::Unavailable
        | RegistryFailure::Unreadable => true,
    };
    assert!(FAILURES.into_iter().all(|(failure, _)| known(failure)));
}

#[test]
fn what_is_news() {
    use RegistryFailure::{CertificateInvalid, CredentialsRefused, Unavailable, Unreachable};
    for (was, now, expected) in [
        (None, None, false),
        (None, Some(CredentialsRefused), true),
        (None, Some(CertificateInvalid), true),
        (None, Some(Unreachable), false),
        (None, Some(Unavailable), false),
        (Some(Unreachable), Some(CredentialsRefused), true),
        (Some(Unavailable), Some(Unreachable), false),
        (Some(CredentialsRefused), Some(CertificateInvalid), false),
        (Some(CredentialsRefused), Some(Unreachable), false),
        (Some(CredentialsRefused), None, false),
        (Some(Unreachable), None, false),
    ] {
        assert_eq!(is_news(was, now), expected, "{was:?} {now:?}");
    }
}

#[tokio::test]
async fn the_next_check_is_in_a_day_or_so_and_not_for_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(&folder).await;
    let now = Micros(1_768_219_200_000_000);
    let mut all: Vec<_> = (0..64).map(|_| service.next_check(now)).collect();
    let hours = |hours: u64| now.saturating_add(Duration::from_hours(hours));
    assert!(all.iter().all(|at| (hours(23)..hours(25)).contains(at)), "{all:?}");
    all.sort_unstable();
    all.dedup();
    assert!(all.len() > 32, "{all:?}");
}

#[tokio::test]
async fn a_password_that_does_not_open_is_said_to_be_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(&folder).await;
    let (account, session, caller, path) = ada(&service).await;
    service.allow_credentials(&caller).await.unwrap();
    let known = service.store().container_registry(account, path.id).await.unwrap().unwrap();
    let mut sealed = known.sealed.clone();
    sealed[30] ^= 1;
    let new = NewRegistryCredentials { username: "ada".into(), sealed, outcome: service.outcome(None) };
    let event = service.event(ActivityKind::RegistryUpdated, &Origin::default(), &about(&known));
    service.store().update_container_registry(account, session, path.id, new, event).await.unwrap().unwrap();

    let checked = service.check_registry(&caller, RegistryPath { id: path.id }).await.unwrap();
    assert_eq!((checked.status, checked.failure), (RegistryStatus::Failed, Some(RegistryFailure::Unreadable)));
    assert!(checked.detail.unwrap().ends_with("Update the password."));
    let events = service.store().list_events(account, None, None, 1).await.unwrap();
    assert_eq!(events[0].kind, "registry_failed");
    let asked = RegistryCredentialRequest { host: "registry.example".into() };
    let refused = service.get_registry_credential(&caller, asked).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SealingUnavailable);
    assert!(refused.body().detail.as_ref().unwrap().contains("Update the password"), "{refused}");
}

#[tokio::test]
async fn what_is_sealed_for_one_account_opens_for_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(&folder).await;
    let (account, _, _, path) = ada(&service).await;
    let row = service.store().container_registry(account, path.id).await.unwrap().unwrap();
    assert_eq!(service.kept_password(account, &row).await.unwrap(), Some(Secret::new("token")));
    let other = AccountId(service.environment().uuid());
    assert_eq!(service.kept_password(other, &row).await.unwrap(), None);
}

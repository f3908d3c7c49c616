//! `git` and container tools ask Latchkey, once they were set up, and until that is undone.

use std::{fs, path::PathBuf, sync::Arc};

use chrono::TimeDelta;
use latchkey::{
    commands::{account, container_helper, git_helper, integrations, registries},
    helper_record::Tool,
    places::AccountKey,
    tool_credentials,
};
use latchkey_api::{
    container_registries::AuthoriseRegistry,
    credentials::{CredentialsApi, GitCredentialRequest},
    desktop::{FailureCode, GitHelper, IntegrationArgs, ListArgs, NoArgs, SetHelper},
    instance::{Provider as Kind, RegistryInfo},
    problem::ErrorCode,
    wire::Secret,
};
use latchkey_service::RegistrySettings;
use latchkey_testkit::{PASSWORD, Registries, Wiring, World, proof};

use crate::{
    connecting::connects,
    desk::{Desk, here, key_of},
    provider::{HOST, TOKEN, world_with_provider},
};

pub(crate) const ON: SetHelper = SetHelper { enabled: true };
pub(crate) const OFF: SetHelper = SetHelper { enabled: false };

pub(crate) async fn connected() -> (World, Desk) {
    let (world, _) = world_with_provider(Wiring::Direct, &format!("https://{HOST}")).await;
    let desk = Desk::of(&world, "ada").await;
    connects(&world, &desk).await;
    (world, desk)
}

pub(crate) fn gitconfig(desk: &Desk) -> PathBuf {
    desk.home.path().join(".gitconfig")
}

pub(crate) fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

async fn asks(desk: &Desk, key: &AccountKey) -> Result<Option<String>, FailureCode> {
    let request = GitCredentialRequest { host: HOST.into(), username: None };
    let answer = tool_credentials::for_git(desk, key, request).await.map_err(|failure| failure.code)?;
    Ok(answer.map(|credential| credential.password.expose().to_owned()))
}

/// The names of what the keychain holds for tools.
pub(crate) async fn kept(desk: &Desk) -> Vec<String> {
    use latchkey::vault::Vault;
    let mut names = desk.keychain.names("local").await.unwrap();
    names.retain(|name| name.starts_with("credential of "));
    names
}

#[tokio::test]
async fn git_asks_once_it_is_switched_on_and_no_more_once_it_is_off() {
    let (world, desk) = connected().await;
    let before = "[user]\n\tname = Ada\n[credential]\n\thelper = store\n";
    fs::write(gitconfig(&desk), before).unwrap();
    let off = git_helper::get_git_helper(&desk, NoArgs {}).await.unwrap();
    assert!(off.installed && !off.enabled && off.hosts.is_empty());
    assert_eq!(off.connected_hosts, [HOST]);
    assert_eq!(asks(&desk, &here("ada")).await, Err(ErrorCode::CredentialsNotAllowed.into()));

    // The proof is asked for by the service, and what was asked for is repeated then. Until then nothing is changed.
    world.clock.advance(TimeDelta::hours(1));
    let asked = git_helper::set_git_helper(&desk, ON).await.unwrap_err();
    assert_eq!(asked.code, ErrorCode::InsufficientUserAuthentication.into());
    assert_eq!(read(&gitconfig(&desk)), before);
    latchkey::commands::password::reauthenticate(&desk, proof(None)).await.unwrap();
    let on = git_helper::set_git_helper(&desk, ON).await.unwrap();
    assert_eq!((on.enabled, on.hosts.as_slice()), (true, &[HOST.to_owned()][..]));
    assert_eq!(on.path.as_deref(), Some("~/.gitconfig"));
    let text = read(&gitconfig(&desk));
    assert!(text.starts_with(before) && text.contains(" git-credential\n") && text.contains("\thelper = \n"), "{text}");
    assert_eq!(asks(&desk, &here("ada")).await, Ok(Some(TOKEN.into())));

    let again = git_helper::set_git_helper(&desk, ON).await.unwrap();
    assert_eq!((again, read(&gitconfig(&desk))), (on, text));
    assert_eq!(kept(&desk).await.len(), 1);
    let off = git_helper::set_git_helper(&desk, OFF).await.unwrap();
    assert!(!off.enabled && off.hosts.is_empty());
    assert_eq!(read(&gitconfig(&desk)), before);
    assert_eq!(kept(&desk).await, Vec::<String>::new());
    assert_eq!(asks(&desk, &here("ada")).await, Err(ErrorCode::CredentialsNotAllowed.into()));
    git_helper::set_git_helper(&desk, OFF).await.unwrap();
}

#[tokio::test]
async fn the_configuration_of_git_follows_what_is_connected() {
    let (world, desk) = connected().await;
    git_helper::set_git_helper(&desk, ON).await.unwrap();
    let id = integrations::list_integrations(&desk, NoArgs {}).await.unwrap().items[0].id.unwrap();
    integrations::disconnect_integration(&desk, IntegrationArgs { provider: Kind::Gitlab, id }).await.unwrap();
    assert_eq!(read(&gitconfig(&desk)), "");
    let GitHelper { enabled, connected_hosts, .. } = git_helper::get_git_helper(&desk, NoArgs {}).await.unwrap();
    assert!(!enabled && connected_hosts.is_empty());
    let refused = git_helper::set_git_helper(&desk, ON).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict.into());
    assert!(refused.detail.unwrap().ends_with("Connect one first."));
    let access = world.service.get_credential_access(&desk.ticket().unwrap().caller()).await.unwrap();
    assert_eq!(access.allowed_since, None, "no tool asks any more");
}

#[tokio::test]
async fn a_credential_is_kept_for_a_while_and_used_while_there_is_no_network() {
    let (_world, desk) = connected().await;
    git_helper::set_git_helper(&desk, ON).await.unwrap();
    let ada = here("ada");
    assert_eq!(asks(&desk, &ada).await, Ok(Some(TOKEN.into())));
    desk.line.fail("/v1/me/git-credential", ErrorCode::Offline);
    for (wait, answer) in [
        (TimeDelta::minutes(4), Ok(Some(TOKEN.to_owned()))),
        (TimeDelta::hours(23), Ok(Some(TOKEN.to_owned()))),
        (TimeDelta::hours(1), Err(ErrorCode::Offline.into())),
    ] {
        desk.clock.advance(wait);
        assert_eq!(asks(&desk, &ada).await, answer);
    }
    desk.line.repair();
    assert_eq!(asks(&desk, &ada).await, Ok(Some(TOKEN.into())));
    // Where the service says no, nothing is left to use.
    desk.clock.advance(TimeDelta::minutes(6));
    desk.line.fail("/v1/me/git-credential", ErrorCode::CredentialsNotAllowed);
    assert_eq!(asks(&desk, &ada).await, Err(ErrorCode::CredentialsNotAllowed.into()));
    assert_eq!(kept(&desk).await, Vec::<String>::new());
}

#[tokio::test]
async fn without_a_keychain_nothing_is_kept_and_what_is_kept_goes_with_the_session() {
    let (_world, desk) = connected().await;
    git_helper::set_git_helper(&desk, ON).await.unwrap();
    desk.keychain.take_away(true);
    assert!(asks(&desk, &here("ada")).await.is_err(), "nobody knows who is signed in");
    desk.keychain.take_away(false);
    assert_eq!(kept(&desk).await, Vec::<String>::new());
    asks(&desk, &here("ada")).await.unwrap();
    assert_eq!(kept(&desk).await.len(), 1);
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    assert_eq!(kept(&desk).await, Vec::<String>::new());
    assert_eq!(asks(&desk, &here("ada")).await, Err(ErrorCode::Unauthenticated.into()));
    desk.signs_in("ada").await.unwrap();
    let after = git_helper::get_git_helper(&desk, NoArgs {}).await.unwrap();
    assert!(!after.enabled, "it was taken out with the session");
    assert!(git_helper::set_git_helper(&desk, ON).await.unwrap().enabled);
}

pub(crate) async fn authorised() -> (World, Arc<Registries>, Desk) {
    let played: Arc<Registries> = Arc::default();
    played.takes("ghcr.io", "maren", PASSWORD);
    played.takes("docker.io", "maren", PASSWORD);
    let registries = played.clone();
    let world =
        World::with(Wiring::Direct).environment(|environment| environment.registries = registries).build().await;
    let desk = Desk::of(&world, "ada").await;
    authorises(&desk, "ghcr.io").await;
    (world, played, desk)
}

async fn authorises(desk: &Desk, host: &str) -> uuid::Uuid {
    let body = AuthoriseRegistry {
        host: host.into(),
        username: "maren".into(),
        password: Secret::new(PASSWORD),
        only_if_verified: Some(true),
    };
    registries::authorise_registry(desk, body).await.unwrap().id
}

#[tokio::test]
async fn container_tools_ask_once_they_are_set_up_and_the_files_are_as_before_once_that_is_undone() {
    let (_world, _, desk) = authorised().await;
    let docker = desk.home.path().join(".docker/config.json");
    let others = desk.home.path().join(".config/containers/auth.json");
    fs::create_dir(docker.parent().unwrap()).unwrap();
    let before = "{\n\t\"auths\": {},\n\t\"credHelpers\": {\n\t\t\"gcr.io\": \"gcloud\"\n\t}\n}";
    fs::write(&docker, before).unwrap();
    let off = container_helper::get_container_helper(&desk, NoArgs {}).await.unwrap();
    assert!(!off.enabled && off.authorised_hosts == ["ghcr.io"]);
    assert_eq!(off.paths, ["~/.docker/config.json", "~/.config/containers/auth.json"]);

    let on = container_helper::set_container_helper(&desk, ON).await.unwrap();
    assert_eq!((on.enabled, on.hosts.as_slice()), (true, &["ghcr.io".to_owned()][..]));
    let program = desk.home.path().join(".local/bin/docker-credential-latchkey");
    assert_eq!(on.not_on_path.as_deref(), Some("~/.local/bin"));
    assert!(read(&program).contains(" docker-credential \"$@\""));
    for file in [&docker, &others] {
        assert!(read(file).contains("\"ghcr.io\": \"latchkey\""), "{}", read(file));
    }
    // What is authorised while it is on is for whoever switches it on again; what is removed is followed.
    let hub = authorises(&desk, "index.docker.io").await;
    registries::list_container_registries(&desk, ListArgs { after: None }).await.unwrap();
    assert!(!read(&docker).contains("docker.io") && !read(&others).contains("docker.io"));
    container_helper::set_container_helper(&desk, ON).await.unwrap();
    assert!(read(&docker).contains("\"https://index.docker.io/v1/\": \"latchkey\""), "{}", read(&docker));
    assert!(read(&others).contains("\"docker.io\": \"latchkey\""), "{}", read(&others));
    let answer = tool_credentials::for_registry(&desk, &here("ada"), "docker.io").await.unwrap().unwrap();
    assert_eq!((answer.username.as_str(), answer.password.expose()), ("maren", PASSWORD));
    assert_eq!(kept(&desk).await.len(), 1);
    registries::remove_registry(&desk, key_of("ada", hub)).await.unwrap();
    assert!(!read(&docker).contains("docker.io") && !read(&others).contains("docker.io"));
    assert_eq!(kept(&desk).await, Vec::<String>::new());

    let off = container_helper::set_container_helper(&desk, OFF).await.unwrap();
    assert!(!off.enabled && off.not_on_path.is_none());
    assert_eq!(read(&docker), before);
    assert!(!others.exists() && !program.exists());
}

#[tokio::test]
async fn a_file_that_does_not_parse_is_refused_and_the_other_one_is_as_it_was() {
    let (_world, _, desk) = authorised().await;
    let others = desk.home.path().join(".config/containers/auth.json");
    fs::create_dir_all(others.parent().unwrap()).unwrap();
    fs::write(&others, "{ mine").unwrap();
    let refused = container_helper::set_container_helper(&desk, ON).await.unwrap_err();
    let detail = refused.detail.unwrap();
    assert!(detail.starts_with(others.to_str().unwrap()) && detail.contains("It stays as it was"), "{detail}");
    assert_eq!(read(&others), "{ mine");
    assert!(!desk.home.path().join(".docker/config.json").exists());
    assert!(!container_helper::get_container_helper(&desk, NoArgs {}).await.unwrap().enabled);
    assert!(!desk.home.path().join(".local/bin/docker-credential-latchkey").exists());
}

#[tokio::test]
async fn the_password_for_the_services_own_registry_is_made_anew_and_kept_nowhere() {
    let registry = RegistrySettings {
        info: RegistryInfo { service: "registry.example".into(), host: "registry.example".into() },
        issuer: "https://accounts.example".into(),
    };
    let world = World::with(Wiring::Direct).settings(|settings| settings.registry = Some(registry)).build().await;
    let desk = Desk::of(&world, "ada").await;
    let on = container_helper::set_container_helper(&desk, ON).await.unwrap();
    assert_eq!(on.hosts, ["registry.example"]);
    let ask = async || {
        let answer = tool_credentials::for_registry(&desk, &here("ada"), "registry.example").await.unwrap().unwrap();
        assert_eq!(answer.username, "ada");
        answer.password.expose().to_owned()
    };
    let (one, two) = (ask().await, ask().await);
    assert!(one.starts_with("lkr_") && one != two);
    assert_eq!(kept(&desk).await, Vec::<String>::new());
    let record = desk.app.helpers.lock().await.read().unwrap();
    assert_eq!(record.accounts(Tool::Containers), [here("ada")]);
}

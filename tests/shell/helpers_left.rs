//! What was set up for tools goes with its account, and is changed by nobody but who switches it.

use std::{fs, sync::Arc};

use latchkey::{
    commands::{account, container_helper, deletion, git_helper, integrations, place, profile, registries},
    helper_record::Tool,
    places::LOCAL,
    tool_credentials,
};
use latchkey_api::{
    common::PageQuery,
    container_registries::{ContainerRegistriesApi, RegistryPath},
    credentials::CredentialsApi,
    deletion::DeleteAccount,
    desktop::{AccountArgs, ListArgs, NoArgs, PlaceArgs},
    problem::ErrorCode,
    sessions::SessionsApi,
    wire::Secret,
};
use latchkey_service::RegistrySettings;
use latchkey_testkit::{PASSWORD, Person, Wiring, World, sign_up};

use crate::{
    connecting::connects,
    desk::{Desk, here},
    helpers::{OFF, ON, authorised, connected, gitconfig, kept, read},
    provider::{HOST, Provider, gitlab_at},
};

const REGISTRY: &str = "registry.example";

/// The account in the window, with an account connected, a registry of the service's own, and all tools set up.
async fn set_up() -> (World, Desk) {
    let info = latchkey_api::instance::RegistryInfo { service: REGISTRY.into(), host: REGISTRY.into() };
    let registry = RegistrySettings { info, issuer: "https://accounts.example".into() };
    let world = World::with(Wiring::Direct)
        .settings(|known| {
            (known.registry, known.integrations) = (Some(registry), vec![gitlab_at("https://git.example")]);
        })
        .environment(|environment| environment.providers = Arc::new(Provider::default()))
        .build()
        .await;
    let desk = Desk::of(&world, "ada").await;
    connects(&world, &desk).await;
    git_helper::set_git_helper(&desk, ON).await.unwrap();
    container_helper::set_container_helper(&desk, ON).await.unwrap();
    (world, desk)
}

fn docker(desk: &Desk) -> std::path::PathBuf {
    desk.home.path().join(".docker/config.json")
}

async fn assert_undone(desk: &Desk, how: &str) {
    assert_eq!(read(&gitconfig(desk)), "", "{how}");
    assert!(!docker(desk).exists() && !desk.home.path().join(".config/containers/auth.json").exists(), "{how}");
    assert!(!desk.home.path().join(".local/bin/docker-credential-latchkey").exists(), "{how}");
    let record = desk.app.helpers.lock().await.read().unwrap();
    for tool in [Tool::Git, Tool::Containers] {
        assert!(record.accounts(tool).is_empty(), "{how}");
    }
}

#[tokio::test]
async fn tools_ask_for_nobody_who_has_left() {
    for how in ["sign out", "delete", "forget the place", "closed elsewhere", "no token"] {
        let (world, desk) = set_up().await;
        assert!(read(&gitconfig(&desk)).contains(HOST) && read(&docker(&desk)).contains(REGISTRY));
        let args = || DeleteAccount { username: "ada".into(), password: Secret::new(PASSWORD), code: None };
        match how {
            "sign out" => drop(account::sign_out(&desk, NoArgs {}).await.unwrap()),
            "delete" => drop(deletion::delete_account(&desk, args()).await.unwrap()),
            "forget the place" => drop(place::forget_place(&desk, PlaceArgs { id: LOCAL.into() }).await.unwrap()),
            "closed elsewhere" => {
                let elsewhere = Person::signs_in(&*world.api, "ada").await;
                world.service.close_other_sessions(&elsewhere.caller).await.unwrap();
                profile::get_profile(&desk, NoArgs {}).await.unwrap_err();
            }
            _ => {
                desk.parts.tokens.forget(&here("ada")).await;
                desk.restart().first_view().await;
            }
        }
        assert_undone(&desk, how).await;
    }
}

#[tokio::test]
async fn what_is_set_up_and_may_not_answer_shows_and_can_be_switched_off() {
    let (world, desk) = set_up().await;
    world.service.refuse_credentials(&desk.ticket().unwrap().caller()).await.unwrap();
    let git = git_helper::get_git_helper(&desk, NoArgs {}).await.unwrap();
    assert_eq!((git.enabled, git.allowed, git.hosts), (true, false, vec![HOST.to_owned()]));
    let tools = container_helper::get_container_helper(&desk, NoArgs {}).await.unwrap();
    assert_eq!((tools.enabled, tools.allowed, tools.hosts), (true, false, vec![REGISTRY.to_owned()]));
    // Lines that the record gives to nobody, or to somebody who is not signed in here, are taken out as well.
    let record = desk.home.path().join("tools.json");
    let lost = fs::read_to_string(&record).unwrap().replace("\"ada\"", "\"gone\"");
    fs::write(&record, lost).unwrap();
    assert!(git_helper::get_git_helper(&desk, NoArgs {}).await.unwrap().enabled);
    assert!(!git_helper::set_git_helper(&desk, OFF).await.unwrap().enabled);
    assert!(!container_helper::set_container_helper(&desk, OFF).await.unwrap().enabled);
    assert_undone(&desk, "off").await;
}

#[tokio::test]
async fn looking_writes_nothing_and_takes_nothing_from_another_account() {
    let (world, desk) = connected().await;
    git_helper::set_git_helper(&desk, ON).await.unwrap();
    let before = read(&gitconfig(&desk));
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    connects(&world, &desk).await;
    desk.app.helpers.lock().await.change(|record| record.set(Tool::Git, "other.example", &here("bob"))).unwrap();
    integrations::list_integrations(&desk, NoArgs {}).await.unwrap();
    let whose = async || desk.app.helpers.lock().await.read().unwrap().account(Tool::Git, HOST).unwrap().username;
    assert_eq!((whose().await.as_str(), read(&gitconfig(&desk))), ("ada", before.clone()));
    assert!(!git_helper::get_git_helper(&desk, NoArgs {}).await.unwrap().enabled);
    git_helper::set_git_helper(&desk, OFF).await.unwrap();
    assert_eq!(read(&gitconfig(&desk)), before, "they are ada's");
    assert!(git_helper::set_git_helper(&desk, ON).await.unwrap().enabled);
    assert_eq!(whose().await, "bob");
    let ada = AccountArgs { place: LOCAL.into(), username: "ada".into() };
    account::switch_account(&desk, ada).await.unwrap();
    integrations::list_integrations(&desk, NoArgs {}).await.unwrap();
    assert_eq!(whose().await, "bob");
}

#[tokio::test]
async fn a_place_that_did_not_say_what_it_is_is_asked_before_its_registry_is_forgotten() {
    let (_world, desk) = set_up().await;
    let before = read(&docker(&desk));
    desk.line.fail("/v1/instance", ErrorCode::Offline);
    let again = desk.restart();
    again.first_view().await;
    assert!(again.view().instance.is_none());
    registries::list_container_registries(&again, ListArgs { after: None }).await.unwrap();
    assert_eq!(read(&docker(&again)), before);
    let unknown = container_helper::get_container_helper(&again, NoArgs {}).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::Offline.into());
    again.line.repair();
    registries::list_container_registries(&again, ListArgs { after: None }).await.unwrap();
    assert_eq!(read(&docker(&again)), before);
    let tools = container_helper::get_container_helper(&again, NoArgs {}).await.unwrap();
    assert_eq!((tools.enabled, tools.authorised_hosts), (true, vec![REGISTRY.to_owned()]));
    assert!(again.view().instance.is_some());
}

#[tokio::test]
async fn what_was_removed_on_another_device_is_kept_no_longer() {
    let (world, _, desk) = authorised().await;
    container_helper::set_container_helper(&desk, ON).await.unwrap();
    tool_credentials::for_registry(&desk, &here("ada"), "ghcr.io").await.unwrap().unwrap();
    assert_eq!(kept(&desk).await.len(), 1);
    let ada = desk.ticket().unwrap().caller();
    let id = world.service.list_container_registries(&ada, PageQuery::default()).await.unwrap().items[0].id;
    world.service.remove_registry(&ada, RegistryPath { id }).await.unwrap();
    registries::list_container_registries(&desk, ListArgs { after: None }).await.unwrap();
    assert_eq!(kept(&desk).await, Vec::<String>::new());
    assert!(!docker(&desk).exists());
}

#[tokio::test]
async fn what_is_too_old_to_be_used_is_kept_no_longer() {
    let (_world, _, desk) = authorised().await;
    container_helper::set_container_helper(&desk, ON).await.unwrap();
    tool_credentials::for_registry(&desk, &here("ada"), "ghcr.io").await.unwrap().unwrap();
    desk.clock.advance(chrono::TimeDelta::days(2));
    desk.line.fail("/v1/me/registry-credential", ErrorCode::Offline);
    tool_credentials::for_registry(&desk, &here("ada"), "ghcr.io").await.unwrap_err();
    assert_eq!(kept(&desk).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_tools_go_by_no_longer_is_undone_as_well() {
    let (_world, _, desk) = authorised().await;
    container_helper::set_container_helper(&desk, ON).await.unwrap();
    // As if DOCKER_CONFIG had led there.
    let (old, record) = (desk.home.path().join("work/config.json"), desk.home.path().join("tools.json"));
    fs::create_dir(old.parent().unwrap()).unwrap();
    fs::rename(docker(&desk), &old).unwrap();
    let text = read(&record).replace(docker(&desk).to_str().unwrap(), old.to_str().unwrap());
    fs::write(&record, text).unwrap();
    let left = container_helper::set_container_helper(&desk, OFF).await.unwrap();
    assert!(!left.enabled && !old.exists(), "{left:?}");
    assert_undone_containers(&desk).await;
}

async fn assert_undone_containers(desk: &Desk) {
    let record = desk.app.helpers.lock().await.read().unwrap();
    assert!(record.accounts(Tool::Containers).is_empty() && record.container_files.is_empty(), "{record:?}");
}

//! The lines of the documentation, run by a shell as somebody would who copied them.

use std::{path::Path, process::Command};

use latchkey_api::{
    api_keys::{CreateApiKey, Scope},
    common::{Caller, PageQuery},
    documentation::{DocumentedEndpoint, api_documentation},
    ssh_keys::AddSshKey,
};
use latchkey_testkit::{Person, Wiring, World};
use uuid::Uuid;

use crate::{others, story::PUBLIC_KEY};

/// What cannot be copied as it stands: a code, a transaction or an attempt has to be put in first, or a picture to be at
/// hand.
const NEEDS_MORE: &[&str] = &[
    "cancel_connection",
    "check_backup_code",
    "confirm_backup_codes",
    "confirm_email",
    "finish_connection",
    "poll_connection",
    "put_avatar",
    "reset_password",
    "sign_in_second_factor",
];

/// What the shell finds in its environment.
#[derive(Default)]
struct Shell {
    session: String,
    key: String,
}

#[tokio::test]
async fn every_line_that_can_be_copied_answers_what_is_documented() {
    let world = World::with(Wiring::Socket).mail().environment(others::environment).settings(others::settings);
    let world = world.build().await;
    let documentation = api_documentation(world.origin.as_deref());
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::default();
    let mut ran = Vec::new();
    for endpoint in documentation.areas.iter().flat_map(|area| &area.endpoints) {
        // What asks for a proof is shown by the story; a line copied an hour later is refused, and rightly so.
        if endpoint.proof.is_some() || NEEDS_MORE.contains(&endpoint.id) {
            continue;
        }
        prepare(&world, &shell, endpoint.id).await;
        let line = completed(&world, &shell, endpoint).await;
        let documented = endpoint.example.as_ref().unwrap().response.status;
        let answered = shell.run(&line, folder.path()).await;
        assert_eq!(answered, documented.to_string(), "{line}");
        ran.push(endpoint.id);
        // Whoever has an account and is signed in has a key from then on.
        if endpoint.id == "sign_in" {
            let ada = Person::signs_in(&*world.api, "ada").await;
            shell.session = ada.caller.credential.as_ref().unwrap().expose().to_owned();
            let generated = world.api.generate_api_key(&ada.caller).await.unwrap();
            shell.key = generated.api_key.expose().to_owned();
        }
    }
    assert!(ran.len() > 20 && ran.contains(&"update_profile"), "{ran:?}");
}

/// What is there already for somebody who copies the line.
async fn prepare(world: &World, shell: &Shell, id: &str) {
    let ada = Caller::with_token(&shell.session);
    if matches!(id, "check_integration" | "disconnect_integration" | "get_git_credential" | "list_repositories") {
        others::connect(world, &ada).await;
    }
    if matches!(id, "get_git_credential" | "get_registry_credential") {
        world.api.allow_credentials(&ada).await.unwrap();
    }
    if id == "remove_ssh_key" {
        let key = AddSshKey { name: "Old".into(), public_key: PUBLIC_KEY.into() };
        world.api.add_ssh_key(&ada, key).await.unwrap();
    }
    if matches!(id, "check_registry" | "get_registry_credential" | "remove_registry") {
        others::authorise(world, &ada).await;
    }
}

/// The documented line with the reader's own id or version in the place of the example's.
async fn completed(world: &World, shell: &Shell, endpoint: &DocumentedEndpoint) -> String {
    let ada = Caller::with_token(&shell.session);
    let own_id = match endpoint.id {
        "close_session" => Person::signs_in(&*world.api, "ada").await.session.id,
        "delete_api_key" => {
            let key = CreateApiKey { name: "Old".into(), scopes: vec![Scope::Api], expires_at: None };
            world.api.create_api_key(&ada, key).await.unwrap().id
        }
        "check_registry" | "remove_registry" => {
            world.api.list_container_registries(&ada, PageQuery::default()).await.unwrap().items[0].id
        }
        "remove_ssh_key" => world.api.list_ssh_keys(&ada, PageQuery::default()).await.unwrap().items[0].id,
        "update_profile" => {
            let etag = world.api.get_profile(&ada).await.unwrap().etag;
            let headers = &endpoint.example.as_ref().unwrap().request.headers;
            let (_, shown) = headers.iter().find(|(name, _)| name == "If-Match").unwrap();
            assert!(endpoint.curl.contains(shown), "{}", endpoint.curl);
            return endpoint.curl.replace(shown, &etag.0);
        }
        _ => return endpoint.curl.clone(),
    };
    let target = &endpoint.example.as_ref().unwrap().request.target;
    let example = target.split('/').find(|part| part.parse::<Uuid>().is_ok()).unwrap();
    endpoint.curl.replace(example, &own_id.to_string())
}

impl Shell {
    /// The status that a line is answered with.
    async fn run(&self, line: &str, folder: &Path) -> String {
        let mut sh = Command::new("sh");
        sh.arg("-c").arg(format!("{line} -sS -w '\\n%{{http_code}}'")).current_dir(folder);
        sh.env("LATCHKEY_SESSION", &self.session).env("LATCHKEY_KEY", &self.key).env("no_proxy", "*");
        let ended = tokio::task::spawn_blocking(move || sh.output()).await.unwrap().unwrap();
        let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(ended.status.success() && err.is_empty(), "{line}\n{err}");
        out.lines().last().unwrap_or_default().to_owned()
    }
}

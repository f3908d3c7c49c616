//! The helper docker, podman and skopeo ask what to sign in with (docker-credential-helpers). Answers and refusals go to
//! standard output: that is where they look.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    process::ExitCode,
};

use latchkey_api::{
    common::Caller,
    container_registries::{
        AuthoriseRegistry, ContainerRegistriesApi, ContainerRegistry, RegistryPath, UpdateRegistry,
    },
    desktop::FailureCode,
    instance::InstanceApi,
    problem::ErrorCode,
    wire::Secret,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    ending::Ending,
    opened,
    print::{Printer, plain},
    tool_account::{in_time, the_account, the_accounts},
};
use crate::{
    commands::registries,
    container_config::{DOCKER_HUB, DOCKER_HUB_URL},
    credential_program::NAME,
    helper_record::Tool,
    saved_session::SavedSession,
    state::AppState,
    tool_credentials,
};

/// What tools look for, word for word, to go on without credentials.
const NOT_FOUND: &str = "credentials not found in native keychain";

/// The most that is read.
const LIMIT: u64 = 64 * 1024;

/// Names of Docker Hub, each with credentials of its own nowhere.
const DOCKER_HUB_NAMES: [&str; 4] = [DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.docker.io"];

/// Why there is no answer.
enum Refused {
    /// There are no credentials. Where that has a reason, a person may want to read it.
    NotFound(Option<String>),
    /// It did not work.
    Failed(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    #[serde(rename = "ServerURL")]
    server_url: String,
    username: String,
    secret: Secret,
}

/// Does what the tool asks for, and says so in its way.
pub(super) async fn run(account: Option<&str>, printer: &Printer, action: &str) -> Result<(), Ending> {
    if action == "version" {
        return printer.bytes(format!("{NAME} {}\n", env!("CARGO_PKG_VERSION")).as_bytes());
    }
    let done = async {
        let app = opened::app()?;
        let done = in_time(async { Ok(act(&app, account, action).await) }).await;
        opened::close(&app).await;
        done?
    };
    match done.await {
        Ok(answer) => printer.bytes(answer.as_bytes()),
        Err(Refused::NotFound(why)) => {
            if let Some(why) = why {
                printer.say(&format!("latchkey: {why}"));
            }
            refuse(printer, NOT_FOUND)
        }
        Err(Refused::Failed(why)) => refuse(printer, &plain(&why)),
    }
}

fn refuse(printer: &Printer, why: &str) -> Result<(), Ending> {
    printer.bytes(format!("{why}\n").as_bytes())?;
    Err(Ending::Told(ExitCode::FAILURE))
}

async fn act(app: &AppState, account: Option<&str>, action: &str) -> Result<Zeroizing<String>, Refused> {
    let nothing = || Zeroizing::new(String::new());
    match action {
        "get" => get(app, account, input().await?.trim()).await,
        "store" => store(app, account, &input().await?).await.map(|()| nothing()),
        "erase" => erase(app, account, input().await?.trim()).await.map(|()| nothing()),
        "list" => list(app, account).await,
        _ => Err(Refused::Failed(format!("{NAME} does get, store, erase, list and version."))),
    }
}

async fn get(app: &AppState, account: Option<&str>, server: &str) -> Result<Zeroizing<String>, Refused> {
    let host = host(server).ok_or(Refused::NotFound(None))?;
    let key = the_account(app, account, Tool::Containers, Some(&host)).map_err(unless_signed_in)?;
    let found = tool_credentials::for_registry(app, &key, &host).await;
    let found = found.map_err(|failure| unless_signed_in(failure.into()))?.ok_or(Refused::NotFound(None))?;
    json(&Credentials { server_url: server.to_owned(), username: found.username, secret: found.password })
}

/// Registries may have images for everybody: who is not signed in goes on without credentials, and reads why.
fn unless_signed_in(ending: Ending) -> Refused {
    match ending {
        Ending::NotSignedIn(why) => Refused::NotFound(Some(why)),
        Ending::NotAllowed => Refused::NotFound(Some(ending.text().to_owned())),
        other => other.into(),
    }
}

async fn list(app: &AppState, account: Option<&str>) -> Result<Zeroizing<String>, Refused> {
    let mut all = BTreeMap::new();
    for key in the_accounts(app, account, Tool::Containers)? {
        let whose = SavedSession::of_key(app, key).await.map_err(Ending::from)?;
        let registries = registries::read_all(app, &whose).await.map_err(Ending::from)?;
        if let Some(own) = own_registry(app, &whose).await? {
            all.entry(own).or_insert_with(|| whose.key.username.clone());
        }
        for registry in registries {
            let url = if registry.host == DOCKER_HUB { DOCKER_HUB_URL.to_owned() } else { registry.host };
            all.entry(url).or_insert(registry.username);
        }
    }
    json(&all)
}

async fn store(app: &AppState, account: Option<&str>, input: &str) -> Result<(), Refused> {
    let wrong = || Refused::Failed("That is not what container tools have kept.".to_owned());
    let Credentials { server_url, username, secret } = serde_json::from_str(input).map_err(|_| wrong())?;
    let host = host(&server_url).ok_or_else(wrong)?;
    if username == "<token>" {
        let why = "Latchkey keeps a user name with a password or an access token, and not the token of a sign-in.";
        return Err(Refused::Failed(why.to_owned()));
    }
    let whose = whose(app, account, &host).await?;
    if own_registry(app, &whose).await?.as_deref() == Some(&*host) {
        let why = format!("Latchkey makes a password for {host} each time one is needed: there is none to keep.");
        return Err(Refused::Failed(why));
    }
    let kept = if let Some(registry) = find(app, &whose, &host).await? {
        let path = RegistryPath { id: registry.id };
        let update = UpdateRegistry { username: Some(username), password: secret, only_if_verified: None };
        whose.call(app, |client, caller| async move { client.update_registry(&caller, path, update).await }).await
    } else {
        let fresh = AuthoriseRegistry { host: host.clone(), username, password: secret, only_if_verified: None };
        whose.call(app, |client, caller| async move { client.authorise_registry(&caller, fresh).await }).await
    };
    match kept {
        Ok(registry) => {
            app.parts.credentials.forget(&whose.key, Tool::Containers, &registry.host).await;
            Ok(())
        }
        Err(asked) if asked.code == FailureCode::Api(ErrorCode::InsufficientUserAuthentication) => {
            Err(Refused::Failed(format!(
                "Latchkey asks for your password before it keeps credentials. Open Latchkey, Container registries, and \
                 authorise {host} there."
            )))
        }
        Err(failure) => Err(Ending::from(failure).into()),
    }
}

/// Removes the registry from the account, as `store` authorises it there. That there is none is what was wanted.
///
/// The configuration is left alone: docker holds a copy of it, and writes that back after this. The app takes the line out
/// when it looks next; until then tools are told that there is nothing.
async fn erase(app: &AppState, account: Option<&str>, server: &str) -> Result<(), Refused> {
    let Some(host) = host(server) else { return Ok(()) };
    let whose = whose(app, account, &host).await?;
    app.parts.credentials.forget(&whose.key, Tool::Containers, &host).await;
    let Some(registry) = find(app, &whose, &host).await? else { return Ok(()) };
    let path = RegistryPath { id: registry.id };
    let removed = whose.call(app, |client, caller| async move { client.remove_registry(&caller, path).await }).await;
    match removed {
        Ok(()) => Ok(()),
        Err(gone) if gone.code == FailureCode::Api(ErrorCode::NotFound) => Ok(()),
        Err(failure) => Err(Ending::from(failure).into()),
    }
}

async fn whose(app: &AppState, account: Option<&str>, host: &str) -> Result<SavedSession, Refused> {
    let key = the_account(app, account, Tool::Containers, Some(host))?;
    Ok(SavedSession::of_key(app, key).await.map_err(Ending::from)?)
}

async fn find(app: &AppState, whose: &SavedSession, host: &str) -> Result<Option<ContainerRegistry>, Refused> {
    let all = registries::read_all(app, whose).await.map_err(Ending::from)?;
    Ok(all.into_iter().find(|registry| registry.host == host))
}

async fn own_registry(app: &AppState, whose: &SavedSession) -> Result<Option<String>, Refused> {
    let ask = |client: latchkey_client::Client, _| async move { client.get_instance(&Caller::default()).await };
    let instance = whose.call(app, ask).await.map_err(Ending::from)?;
    Ok(instance.registry.map(|registry| registry.host.to_ascii_lowercase()))
}

/// The host of what tools call a server: with or without a scheme, in capitals, Docker Hub by any of its names. `None` where
/// something below a registry is meant: tools keep more than passwords under such names.
fn host(server: &str) -> Option<String> {
    let bare = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://")).unwrap_or(server);
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    if !matches!(path, "" | "v1" | "v1/" | "v2" | "v2/") || host.is_empty() || host.contains(char::is_whitespace) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    Some(if DOCKER_HUB_NAMES.contains(&host) { DOCKER_HUB.to_owned() } else { host.to_owned() })
}

async fn input() -> Result<Zeroizing<String>, Refused> {
    let read = tokio::task::spawn_blocking(|| {
        let mut text = Zeroizing::new(String::new());
        io::stdin().lock().take(LIMIT + 1).read_to_string(&mut text).map(|_| text)
    });
    let text = read.await.map_err(|error| Refused::Failed(error.to_string()))?;
    let text = text.map_err(|error| Refused::Failed(format!("What the tool says cannot be read: {error}.")))?;
    if text.len() as u64 > LIMIT {
        return Err(Refused::Failed("That is more than container tools say.".to_owned()));
    }
    Ok(text)
}

fn json(answer: &impl Serialize) -> Result<Zeroizing<String>, Refused> {
    let text = serde_json::to_string(answer).map_err(|error| Refused::Failed(error.to_string()))?;
    let mut text = Zeroizing::new(text);
    text.push('\n');
    Ok(text)
}

impl From<Ending> for Refused {
    fn from(ending: Ending) -> Self {
        Self::Failed(ending.text().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_host() {
        for (server, expected) in [
            ("ghcr.io", Some("ghcr.io")),
            ("https://GHCR.io/", Some("ghcr.io")),
            ("http://127.0.0.1:5000/v2/", Some("127.0.0.1:5000")),
            ("registry.example:443", Some("registry.example")),
            (DOCKER_HUB_URL, Some(DOCKER_HUB)),
            ("registry-1.docker.io", Some(DOCKER_HUB)),
            ("https://index.docker.io/v1/access-token", None),
            ("ghcr.io/maren", None),
            ("https://", None),
            ("", None),
            ("a b", None),
        ] {
            assert_eq!(host(server).as_deref(), expected, "{server}");
        }
    }
}

//! Whether container tools on this computer ask Latchkey what to sign in with.

use latchkey_api::{
    common::PageQuery,
    container_registries::{ContainerRegistriesApi, ContainerRegistry},
    credentials::CredentialsApi,
    desktop::{ContainerHelper, Failure, NoArgs, SetHelper},
    instance::Instance,
    problem::{ErrorCode, Problem},
};
use latchkey_client::Client;

use super::credential_access::{allow, difference, in_order, is_allowed, is_used, its, recorded, refuse_if_unused};
use crate::{
    blocking::blocking,
    container_config::{self, ConfigFile},
    credential_program,
    error::{cancelled, refused},
    helper_record::{ContainerFile, HelperRecord, Tool},
    opening,
    places::AccountKey,
    saved_session::SavedSession,
    session::Ticket,
    state::AppState,
    tool_environment::ToolEnvironment,
};

/// Registries a page: more than an account may have.
const ALL: u8 = 100;

/// Says how it stands.
pub async fn get_container_helper(app: &AppState, _: NoArgs) -> Result<ContainerHelper, Failure> {
    let ticket = app.ticket()?;
    let authorised_hosts = authorised(app, &ticket).await?;
    let allowed = is_allowed(app, &ticket).await?;
    let hosts = its(app, Tool::Containers, &ticket.key, written(app).await?).await?;
    let tools = app.parts.tools.clone();
    blocking(move || {
        let not_on_path = credential_program::not_on_path(&tools).filter(|_| !hosts.is_empty());
        let paths = container_config::files(&tools).iter().map(|file| file.path.display().to_string()).collect();
        Ok(ContainerHelper { enabled: !hosts.is_empty(), allowed, hosts, authorised_hosts, paths, not_on_path })
    })
    .await
}

/// The registries container tools ask Latchkey about, whoever answers.
async fn written(app: &AppState) -> Result<Vec<String>, Failure> {
    let (record, tools) = (app.helpers.lock().await.clone(), app.parts.tools.clone());
    blocking(move || {
        let changed = record.read()?.container_files;
        Ok(container_config::files_and(&tools, changed.keys()).iter().flat_map(ConfigFile::hosts).collect())
    })
    .await
}

/// Has container tools ask Latchkey about each registry that is authorised, or about none any more.
pub async fn set_container_helper(app: &AppState, args: SetHelper) -> Result<ContainerHelper, Failure> {
    let ticket = app.ticket()?;
    let authorised = if args.enabled { authorised(app, &ticket).await? } else { Vec::new() };
    if args.enabled && authorised.is_empty() {
        let detail = "No registry is authorised that container tools could sign in to. Authorise one first.";
        return Err(refused(Problem::new(ErrorCode::Conflict).detail(detail)));
    }
    if args.enabled {
        allow(app, &ticket).await?;
    }
    let written = its(app, Tool::Containers, &ticket.key, written(app).await?).await?;
    change(app, &ticket.key, move |there| {
        let (_, gone) = difference(&in_order([there, written].concat()), &authorised);
        // All of them: a line that somebody took out is put in again.
        (authorised, gone)
    })
    .await?;
    if !args.enabled {
        app.parts.credentials.forget_all(&ticket.key, Tool::Containers).await;
        refuse_if_unused(app, &ticket).await?;
    }
    get_container_helper(app, NoArgs {}).await
}

/// Where container tools ask Latchkey for the account in the window, they are to ask about no registry that is not authorised
/// any more. Nothing is added: that is for whoever switches it on. What does not work is told by [`get_container_helper`].
pub(crate) async fn follow(app: &AppState, ticket: &Ticket) {
    let Ok(there) = recorded(&*app.helpers.lock().await, Tool::Containers, &ticket.key) else { return };
    if there.is_empty() {
        return;
    }
    let Ok(authorised) = authorised(app, ticket).await else { return };
    let (_, gone) = difference(&there, &authorised);
    if gone.is_empty() {
        return;
    }
    for host in &gone {
        app.parts.credentials.forget(&ticket.key, Tool::Containers, host).await;
    }
    if let Err(failure) = change(app, &ticket.key, |_| (Vec::new(), gone)).await {
        tracing::warn!(code = ?failure.code, "the configuration of container tools does not follow the registries");
    }
    let _ = refuse_if_unused(app, ticket).await;
}

/// An account leaves this computer: container tools ask about nothing of its any more.
pub(super) async fn undo(app: &AppState, key: &AccountKey) {
    if let Err(failure) = change(app, key, |there| (Vec::new(), there)).await {
        tracing::warn!(code = ?failure.code, "the configuration of container tools still names an account that has left");
    }
}

/// A registry was removed, of whichever account: nobody is asked about it any more, and nothing of it is kept.
pub(crate) async fn removed(app: &AppState, whose: &SavedSession, host: &str) {
    app.parts.credentials.forget(&whose.key, Tool::Containers, host).await;
    let there = recorded(&*app.helpers.lock().await, Tool::Containers, &whose.key).unwrap_or_default();
    if !there.iter().any(|there| there == host) {
        return;
    }
    if let Err(failure) = change(app, &whose.key, |_| (Vec::new(), vec![host.to_owned()])).await {
        tracing::warn!(code = ?failure.code, "the configuration of container tools still names a registry");
    }
    let record = app.helpers.lock().await.read();
    if record.is_ok_and(|record| !is_used(&record, &whose.key)) {
        let _ = whose.call(app, |client, caller| async move { client.refuse_credentials(&caller).await }).await;
    }
}

/// Changes the configuration by what `which` makes of the hosts that are there: those to add, and those to take out.
async fn change(
    app: &AppState,
    key: &AccountKey,
    which: impl FnOnce(Vec<String>) -> (Vec<String>, Vec<String>),
) -> Result<(), Failure> {
    let helpers = app.helpers.lock().await;
    let (more, gone) = which(recorded(&helpers, Tool::Containers, key)?);
    let (record, tools, key) = (helpers.clone(), app.parts.tools.clone(), key.clone());
    blocking(move || write(&record, &tools, &key, &more, &gone)).await
}

fn write(
    record: &HelperRecord,
    tools: &ToolEnvironment,
    key: &AccountKey,
    more: &[String],
    gone: &[String],
) -> Result<(), Failure> {
    if more.is_empty() && gone.is_empty() {
        return Ok(());
    }
    if !more.is_empty() {
        credential_program::provide(tools)?;
    }
    let written = gone
        .iter()
        .try_for_each(|host| take_out(record, tools, host))
        .and_then(|()| more.iter().try_for_each(|host| put_in(record, tools, key, host)));
    if record.read()?.accounts(Tool::Containers).is_empty() {
        credential_program::remove(tools)?;
    }
    written
}

fn put_in(record: &HelperRecord, tools: &ToolEnvironment, key: &AccountKey, host: &str) -> Result<(), Failure> {
    record.change(|record| record.set(Tool::Containers, host, key))?;
    for file in container_config::files(tools) {
        let path = file.path.display().to_string();
        let mut note = record.read()?.container_files.get(&path).cloned().unwrap_or_default();
        let keep = |note: &ContainerFile| {
            record.change(|record| record.container_files.insert(path.clone(), note.clone())).map(drop)
        };
        if let Err(failure) = file.add(host, &mut note, keep) {
            // As it was: neither file asks about it.
            let _ = take_out(record, tools, host);
            record.change(|record| record.forget(Tool::Containers, host))?;
            return Err(failure);
        }
    }
    Ok(())
}

/// All files are tried: one that is damaged does not keep the others as they are.
fn take_out(record: &HelperRecord, tools: &ToolEnvironment, host: &str) -> Result<(), Failure> {
    let mut failed = None;
    let changed = record.read()?.container_files;
    for file in container_config::files_and(tools, changed.keys()) {
        let path = file.path.display().to_string();
        let mut note = record.read()?.container_files.get(&path).cloned().unwrap_or_default();
        if let Err(failure) = file.remove(host, &mut note) {
            failed = Some(failure);
            continue;
        }
        let is_over = note == ContainerFile::default();
        record.change(|record| {
            if is_over { record.container_files.remove(&path) } else { record.container_files.insert(path, note) }
        })?;
    }
    match failed {
        Some(failure) => Err(failure),
        None => record.change(|record| record.forget(Tool::Containers, host)),
    }
}

/// The registries that are authorised, and the service's own.
async fn authorised(app: &AppState, ticket: &Ticket) -> Result<Vec<String>, Failure> {
    let list = |client: Client, caller| async move {
        client.list_container_registries(&caller, PageQuery { limit: Some(ALL), after: None }).await
    };
    let all: Vec<ContainerRegistry> = app.call_as(ticket, ticket.client.clone(), list).await?.items;
    let own = instance(app, ticket).await?.registry.map(|registry| registry.host);
    Ok(in_order(all.into_iter().map(|registry| registry.host).chain(own).collect()))
}

/// What the place in the window says of itself. It is asked where it did not answer when it was opened: not to know of its own
/// registry is not to have none.
async fn instance(app: &AppState, ticket: &Ticket) -> Result<Instance, Failure> {
    if let Some(known) = app.session.scene().instance {
        return Ok(known);
    }
    let instance = opening::ask(&ticket.client).await.map_err(refused)?;
    if !app.session.holds(ticket) {
        return Err(cancelled());
    }
    app.session.take_instance(&ticket.key.place, instance.clone());
    Ok(instance)
}

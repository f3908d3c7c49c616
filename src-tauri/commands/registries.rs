//! Container registries: the list, authorising one, new credentials, a check, removing one.

use latchkey_api::{
    common::{Page, PageQuery},
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi, ContainerRegistry, RegistryPath},
    desktop::{Failure, ListArgs, RegistryArgs, RemoveKey, UpdateRegistryArgs},
};

use latchkey_client::Client;

use super::container_helper;
use crate::{helper_record::Tool, saved_session::SavedSession, snapshot, state::AppState};

/// Registries a page: more than an account may have.
const ALL: u8 = 100;

/// Lists the registries.
pub async fn list_container_registries(app: &AppState, args: ListArgs) -> Result<Page<ContainerRegistry>, Failure> {
    let ticket = app.ticket()?;
    let first = args.after.is_none();
    let query = PageQuery { limit: None, after: args.after };
    let list = |client: Client, caller| async move { client.list_container_registries(&caller, query).await };
    let page = app.call_as(&ticket, ticket.client.clone(), list).await?;
    // What changed on another device is followed as well.
    container_helper::follow(app, &ticket).await;
    if first {
        snapshot::keep(app, &ticket, &page, |newer| &mut newer.registries);
    }
    Ok(page)
}

/// Authorises a registry.
pub async fn authorise_registry(app: &AppState, args: AuthoriseRegistry) -> Result<ContainerRegistry, Failure> {
    let ticket = app.ticket()?;
    let authorise = |client: Client, caller| async move { client.authorise_registry(&caller, args).await };
    let registry = app.call_as(&ticket, ticket.client.clone(), authorise).await?;
    container_helper::follow(app, &ticket).await;
    Ok(registry)
}

/// Puts new credentials in the place of the old ones, which are not handed out any more.
pub async fn update_registry(app: &AppState, args: UpdateRegistryArgs) -> Result<ContainerRegistry, Failure> {
    let ticket = app.ticket()?;
    let path = RegistryPath { id: args.id };
    let update = |client: Client, caller| async move { client.update_registry(&caller, path, args.update).await };
    let registry = app.call_as(&ticket, ticket.client.clone(), update).await?;
    app.parts.credentials.forget(&ticket.key, Tool::Containers, &registry.host).await;
    Ok(registry)
}

/// Tries the credentials again.
pub async fn check_registry(app: &AppState, args: RegistryArgs) -> Result<ContainerRegistry, Failure> {
    let path = RegistryPath { id: args.id };
    app.call(|client, caller| async move { client.check_registry(&caller, path).await }).await
}

/// Removes a registry, for the account it was listed for. Nothing of it is handed out on this computer any more.
pub async fn remove_registry(app: &AppState, args: RemoveKey) -> Result<(), Failure> {
    let whose = SavedSession::of(app, args.account).await?;
    let all = read_all(app, &whose).await?;
    let path = RegistryPath { id: args.id };
    whose.call(app, |client, caller| async move { client.remove_registry(&caller, path).await }).await?;
    if let Some(registry) = all.into_iter().find(|registry| registry.id == args.id) {
        container_helper::removed(app, &whose, &registry.host).await;
    }
    Ok(())
}

/// All registries of an account: there are never more than a page.
pub(crate) async fn read_all(app: &AppState, whose: &SavedSession) -> Result<Vec<ContainerRegistry>, Failure> {
    let query = PageQuery { limit: Some(ALL), after: None };
    let list = |client: Client, caller| async move { client.list_container_registries(&caller, query).await };
    Ok(whose.call(app, list).await?.items)
}

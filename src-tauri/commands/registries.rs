//! Container registries: the list, authorising one, new credentials, a check, removing one.

use latchkey_api::{
    common::{Page, PageQuery},
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi, ContainerRegistry, RegistryPath},
    desktop::{Failure, ListArgs, RegistryArgs, RemoveKey, UpdateRegistryArgs},
};

use crate::{saved_session::SavedSession, state::AppState};

/// Lists the registries.
pub async fn list_container_registries(app: &AppState, args: ListArgs) -> Result<Page<ContainerRegistry>, Failure> {
    let query = PageQuery { limit: None, after: args.after };
    app.call(|client, caller| async move { client.list_container_registries(&caller, query).await }).await
}

/// Authorises a registry.
pub async fn authorise_registry(app: &AppState, args: AuthoriseRegistry) -> Result<ContainerRegistry, Failure> {
    app.call(|client, caller| async move { client.authorise_registry(&caller, args).await }).await
}

/// Puts new credentials in the place of the old ones.
pub async fn update_registry(app: &AppState, args: UpdateRegistryArgs) -> Result<ContainerRegistry, Failure> {
    let path = RegistryPath { id: args.id };
    app.call(|client, caller| async move { client.update_registry(&caller, path, args.update).await }).await
}

/// Tries the credentials again.
pub async fn check_registry(app: &AppState, args: RegistryArgs) -> Result<ContainerRegistry, Failure> {
    let path = RegistryPath { id: args.id };
    app.call(|client, caller| async move { client.check_registry(&caller, path).await }).await
}

/// Removes a registry, for the account it was listed for.
pub async fn remove_registry(app: &AppState, args: RemoveKey) -> Result<(), Failure> {
    let path = RegistryPath { id: args.id };
    let whose = SavedSession::of(app, args.account).await?;
    whose.call(app, |client, caller| async move { client.remove_registry(&caller, path).await }).await
}

//! Connections with providers of source code, and the repositories they reach.

use latchkey_api::{
    common::Page,
    desktop::{Failure, IntegrationArgs, ListRepositories, NoArgs, OpenRepository},
    integrations::{Disconnected, Integration, IntegrationPath, IntegrationsApi, RepositoriesQuery, Repository},
    problem::{ErrorCode, Problem},
};
use latchkey_client::Client;
use url::Url;

use super::git_helper;
use crate::{browser, error::refused, helper_record::Tool, session::Ticket, snapshot, state::AppState};

/// Lists connections, and providers that could be connected.
pub async fn list_integrations(app: &AppState, _: NoArgs) -> Result<Page<Integration>, Failure> {
    let ticket = app.ticket()?;
    let page = read(app, &ticket).await?;
    // What changed on another device is followed as well.
    git_helper::follow(app, &ticket, &page.items).await;
    snapshot::keep(app, &ticket, &page, |newer| &mut newer.integrations);
    Ok(page)
}

/// The configuration of `git` follows what is connected now.
pub(super) async fn changed(app: &AppState, ticket: &Ticket) {
    if let Ok(page) = read(app, ticket).await {
        git_helper::follow(app, ticket, &page.items).await;
    }
}

async fn read(app: &AppState, ticket: &Ticket) -> Result<Page<Integration>, Failure> {
    let list = |client: Client, caller| async move { client.list_integrations(&caller).await };
    app.call_as(ticket, ticket.client.clone(), list).await
}

/// Looks whether a connection works.
pub async fn check_integration(app: &AppState, args: IntegrationArgs) -> Result<Integration, Failure> {
    let path = IntegrationPath { provider: args.provider, id: Some(args.id) };
    app.call(|client, caller| async move { client.check_integration(&caller, path).await }).await
}

/// Disconnects an account. Nothing of it is handed out on this computer any more.
pub async fn disconnect_integration(app: &AppState, args: IntegrationArgs) -> Result<Disconnected, Failure> {
    let ticket = app.ticket()?;
    let path = IntegrationPath { provider: args.provider, id: Some(args.id) };
    let disconnect = |client: Client, caller| async move { client.disconnect_integration(&caller, path).await };
    let done = app.call_as(&ticket, ticket.client.clone(), disconnect).await?;
    app.parts.credentials.forget_all(&ticket.key, Tool::Git).await;
    changed(app, &ticket).await;
    Ok(done)
}

/// Lists the repositories a connection reaches.
pub async fn list_repositories(app: &AppState, args: ListRepositories) -> Result<Page<Repository>, Failure> {
    let search = args.search.filter(|search| !search.trim().is_empty());
    let query =
        RepositoriesQuery { provider: args.provider, id: Some(args.id), search, limit: None, after: args.after };
    app.call(|client, caller| async move { client.list_repositories(&caller, query).await }).await
}

/// Opens the provider's page where the person sees what they granted.
pub async fn open_integration_page(app: &AppState, args: IntegrationArgs) -> Result<(), Failure> {
    let nowhere = || nothing("The provider has no page for that.");
    let page = find(app, &args).await?.manage_url.ok_or_else(nowhere)?;
    browser::open(app, page).await
}

/// Opens a repository's page, if it is on the connection's host.
pub async fn open_repository(app: &AppState, args: OpenRepository) -> Result<(), Failure> {
    let connection = find(app, &IntegrationArgs { provider: args.provider, id: args.id }).await?;
    let page = Url::parse(&args.web_url).ok().filter(|page| host(page).as_deref() == Some(connection.host.as_str()));
    let page = page.ok_or_else(|| nothing("This page is not on the provider's host."))?;
    browser::open(app, page.into()).await
}

async fn find(app: &AppState, args: &IntegrationArgs) -> Result<Integration, Failure> {
    let all = read(app, &app.ticket()?).await?.items;
    let found = all.into_iter().find(|one| one.provider == args.provider && one.id == Some(args.id));
    found.ok_or_else(|| nothing("There is no such connection any more."))
}

/// Host and, where it is not the usual one, port.
fn host(page: &Url) -> Option<String> {
    let host = page.host_str()?;
    Some(page.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn nothing(detail: &str) -> Failure {
    refused(Problem::new(ErrorCode::NotFound).detail(detail))
}

//! Whether the session of the account in the window may read credentials for tools: it may from the moment one of them is
//! set up, which takes a fresh proof, until the last one is undone.

use latchkey_api::{credentials::CredentialsApi, desktop::Failure};
use latchkey_client::Client;

use super::{container_helper, git_helper};
use crate::{
    error::cancelled,
    helper_record::{HelperRecord, Record, Tool},
    places::AccountKey,
    session::Ticket,
    state::AppState,
};

/// Whether it may.
pub(super) async fn is_allowed(app: &AppState, ticket: &Ticket) -> Result<bool, Failure> {
    let access = |client: Client, caller| async move { client.get_credential_access(&caller).await };
    Ok(app.call_as(ticket, ticket.client.clone(), access).await?.allowed_since.is_some())
}

/// Lets it. What it may do already is not asked for again.
pub(super) async fn allow(app: &AppState, ticket: &Ticket) -> Result<(), Failure> {
    if !is_allowed(app, ticket).await? {
        let allow = |client: Client, caller| async move { client.allow_credentials(&caller).await };
        app.call_as(ticket, ticket.client.clone(), allow).await?;
    }
    // What is about to be written is for whoever is in the window.
    if app.session.holds(ticket) { Ok(()) } else { Err(cancelled()) }
}

/// Takes it back where no tool asks any more.
pub(super) async fn refuse_if_unused(app: &AppState, ticket: &Ticket) -> Result<(), Failure> {
    // The record is let go of first: an answer may end the session, which changes it.
    let record = app.helpers.lock().await.read()?;
    if is_used(&record, &ticket.key) {
        return Ok(());
    }
    let refuse = |client: Client, caller| async move { client.refuse_credentials(&caller).await };
    app.call_as(ticket, ticket.client.clone(), refuse).await
}

/// Whether a tool asks about anything for an account.
pub(super) fn is_used(record: &Record, key: &AccountKey) -> bool {
    [Tool::Git, Tool::Containers].iter().any(|tool| !record.hosts(*tool, key).is_empty())
}

/// An account leaves this computer: no tool asks Latchkey for it any more. Nothing is asked of the service.
pub(crate) async fn undo(app: &AppState, key: &AccountKey) {
    git_helper::undo(app, key).await;
    container_helper::undo(app, key).await;
}

/// Of the hosts a tool asks about, those an account answers about, or nobody who is signed in on this computer.
pub(super) async fn its(
    app: &AppState,
    tool: Tool,
    key: &AccountKey,
    written: Vec<String>,
) -> Result<Vec<String>, Failure> {
    let record = app.helpers.lock().await.read()?;
    let known = app.parts.places.known();
    let is_its = |host: &String| record.account(tool, host).is_none_or(|whose| whose == *key || !known.has(&whose));
    Ok(in_order(written.into_iter().filter(is_its).collect()))
}

/// The hosts that are to be asked about and are not, and those that are and are not to be.
pub(super) fn difference(there: &[String], wanted: &[String]) -> (Vec<String>, Vec<String>) {
    let lacks = |all: &[String], some: &[String]| some.iter().filter(|one| !all.contains(one)).cloned().collect();
    (lacks(there, wanted), lacks(wanted, there))
}

/// Hosts without repetitions, in order.
pub(super) fn in_order(mut hosts: Vec<String>) -> Vec<String> {
    hosts.sort();
    hosts.dedup();
    hosts
}

/// The hosts an account answers a tool about.
pub(super) fn recorded(record: &HelperRecord, tool: Tool, key: &AccountKey) -> Result<Vec<String>, Failure> {
    Ok(record.read()?.hosts(tool, key))
}

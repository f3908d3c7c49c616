//! Whether `git` on this computer asks Latchkey what to sign in with.

use latchkey_api::{
    desktop::{Failure, GitHelper, NoArgs, SetHelper},
    integrations::{Integration, IntegrationsApi},
    problem::{ErrorCode, Problem},
};
use latchkey_client::Client;

use super::credential_access::{allow, difference, in_order, is_allowed, its, recorded, refuse_if_unused};
use crate::{
    blocking::blocking,
    error::refused,
    git_config::Git,
    helper_record::{GitLines, HelperRecord, Tool},
    places::AccountKey,
    session::Ticket,
    state::AppState,
    tool_environment::ToolEnvironment,
};

/// Says how it stands.
pub async fn get_git_helper(app: &AppState, _: NoArgs) -> Result<GitHelper, Failure> {
    let ticket = app.ticket()?;
    let connected = connected(app, &ticket).await?;
    look(app, &ticket, connected).await
}

/// Has `git` ask Latchkey about each host that is connected, or about none any more.
pub async fn set_git_helper(app: &AppState, args: SetHelper) -> Result<GitHelper, Failure> {
    let ticket = app.ticket()?;
    let connected = if args.enabled { connected(app, &ticket).await? } else { Vec::new() };
    if args.enabled && connected.is_empty() {
        let detail = "No account is connected that git could sign in with. Connect one first.";
        return Err(refused(Problem::new(ErrorCode::Conflict).detail(detail)));
    }
    if args.enabled {
        if Git::find(&app.parts.tools).is_none() {
            return Err(refused(Problem::new(ErrorCode::NotFound).detail("There is no git on this computer.")));
        }
        allow(app, &ticket).await?;
    }
    let written = its(app, Tool::Git, &ticket.key, written(app).await?).await?;
    change(app, &ticket.key, move |there| {
        let (_, gone) = difference(&in_order([there, written].concat()), &connected);
        // All of them: whatever stands there is written anew, by the path the program has now.
        (connected, gone)
    })
    .await?;
    if !args.enabled {
        app.parts.credentials.forget_all(&ticket.key, Tool::Git).await;
        refuse_if_unused(app, &ticket).await?;
    }
    get_git_helper(app, NoArgs {}).await
}

/// Where `git` asks Latchkey for an account, it is to ask about no host that is not connected any more. Nothing is added: that
/// is for whoever switches it on. What does not work is told by [`get_git_helper`].
pub(crate) async fn follow(app: &AppState, ticket: &Ticket, all: &[Integration]) {
    let connected = hosts(all);
    let Ok(there) = recorded(&*app.helpers.lock().await, Tool::Git, &ticket.key) else { return };
    if difference(&there, &connected).1.is_empty() {
        return;
    }
    app.parts.credentials.forget_all(&ticket.key, Tool::Git).await;
    let gone = |there: Vec<String>| (Vec::new(), difference(&there, &connected).1);
    if let Err(failure) = change(app, &ticket.key, gone).await {
        tracing::warn!(code = ?failure.code, "the configuration of git does not follow what is connected");
    }
    let _ = refuse_if_unused(app, ticket).await;
}

/// An account leaves this computer: `git` asks about nothing of its any more.
pub(super) async fn undo(app: &AppState, key: &AccountKey) {
    if let Err(failure) = change(app, key, |there| (Vec::new(), there)).await {
        tracing::warn!(code = ?failure.code, "the configuration of git still names an account that has left");
    }
}

/// Changes the configuration by what `which` makes of the hosts that are there: those to add, and those to take out.
async fn change(
    app: &AppState,
    key: &AccountKey,
    which: impl FnOnce(Vec<String>) -> (Vec<String>, Vec<String>),
) -> Result<(), Failure> {
    let helpers = app.helpers.lock().await;
    let (more, gone) = which(recorded(&helpers, Tool::Git, key)?);
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
    // What stands in the configuration stays known to be ours until there is a git again to take it out.
    let Some(git) = find(record, tools)? else { return Ok(()) };
    for host in gone {
        git.remove(host)?;
        record.change(|record| record.forget(Tool::Git, host))?;
    }
    for host in more {
        // Noted first: what is written, whole or in part, is known to be ours.
        let GitLines { files, commands } = git.to_note()?;
        record.change(|record| {
            record.set(Tool::Git, host, key);
            record.git_lines.files.extend(files);
            record.git_lines.commands.extend(commands);
        })?;
        if let Err(failure) = git.add(host) {
            let _ = git.remove(host);
            record.change(|record| record.forget(Tool::Git, host))?;
            return Err(failure);
        }
    }
    Ok(())
}

/// `git`, knowing what was written into its configuration. Blocks.
fn find<'a>(record: &HelperRecord, tools: &'a ToolEnvironment) -> Result<Option<Git<'a>>, Failure> {
    Git::find(tools).map(|git| Ok(git.knowing(&record.read()?.git_lines))).transpose()
}

async fn look(app: &AppState, ticket: &Ticket, connected_hosts: Vec<String>) -> Result<GitHelper, Failure> {
    let allowed = is_allowed(app, ticket).await?;
    let hosts = its(app, Tool::Git, &ticket.key, written(app).await?).await?;
    let enabled = !hosts.is_empty();
    let (record, tools) = (app.helpers.lock().await.clone(), app.parts.tools.clone());
    blocking(move || {
        let git = find(&record, &tools)?;
        let path = git.as_ref().map(Git::file).transpose()?.flatten();
        Ok(GitHelper { installed: git.is_some(), enabled, allowed, hosts, connected_hosts, path })
    })
    .await
}

/// The hosts `git` asks Latchkey about, whoever answers.
async fn written(app: &AppState) -> Result<Vec<String>, Failure> {
    let (record, tools) = (app.helpers.lock().await.clone(), app.parts.tools.clone());
    blocking(move || find(&record, &tools)?.map_or(Ok(Vec::new()), |git| git.hosts())).await
}

async fn connected(app: &AppState, ticket: &Ticket) -> Result<Vec<String>, Failure> {
    let list = |client: Client, caller| async move { client.list_integrations(&caller).await };
    Ok(hosts(&app.call_as(ticket, ticket.client.clone(), list).await?.items))
}

fn hosts(all: &[Integration]) -> Vec<String> {
    in_order(all.iter().filter(|one| one.connected).map(|one| one.host.clone()).collect())
}

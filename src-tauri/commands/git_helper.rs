//! Whether `git` on this computer asks Latchkey what to sign in with.

use latchkey_api::{
    desktop::{Failure, GitHelper, NoArgs, SetHelper},
    integrations::{Integration, IntegrationsApi},
    problem::{ErrorCode, Problem},
};
use latchkey_client::Client;

use super::credential_access::{allow, difference, in_order, is_allowed, recorded, refuse_if_unused};
use crate::{
    blocking::blocking,
    error::refused,
    git_config::Git,
    helper_record::{HelperRecord, Tool},
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
    change(app, &ticket.key, move |there| {
        if !args.enabled {
            return (Vec::new(), there);
        }
        // All of them: whatever stands there is written anew, by the path the program has now.
        let (_, gone) = difference(&there, &connected);
        (connected, gone)
    })
    .await?;
    if !args.enabled {
        app.parts.credentials.forget_all(&ticket.key, Tool::Git).await;
        let record = app.helpers.lock().await.read()?;
        refuse_if_unused(app, &ticket, &record).await?;
    }
    get_git_helper(app, NoArgs {}).await
}

/// Where `git` asks Latchkey for an account, it is to ask about the hosts that are connected and no others. What does not work
/// is told by [`get_git_helper`].
pub(crate) async fn follow(app: &AppState, ticket: &Ticket, all: &[Integration]) {
    let connected = hosts(all);
    let Ok(there) = recorded(&*app.helpers.lock().await, Tool::Git, &ticket.key) else { return };
    if there.is_empty() || in_order(there) == connected {
        return;
    }
    app.parts.credentials.forget_all(&ticket.key, Tool::Git).await;
    if let Err(failure) = change(app, &ticket.key, |there| difference(&there, &connected)).await {
        tracing::warn!(code = ?failure.code, "the configuration of git does not follow what is connected");
    }
    if connected.is_empty()
        && let Ok(record) = app.helpers.lock().await.read()
    {
        let _ = refuse_if_unused(app, ticket, &record).await;
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
    let git = Git::find(tools);
    for host in gone {
        if let Some(git) = &git {
            git.remove(host)?;
        }
        record.change(|record| record.forget(Tool::Git, host))?;
    }
    for host in more {
        // Noted first: what is written, whole or in part, is known to be ours.
        record.change(|record| record.set(Tool::Git, host, key))?;
        let Some(git) = &git else { continue };
        if let Err(failure) = git.add(host) {
            let _ = git.remove(host);
            record.change(|record| record.forget(Tool::Git, host))?;
            return Err(failure);
        }
    }
    Ok(())
}

async fn look(app: &AppState, ticket: &Ticket, connected_hosts: Vec<String>) -> Result<GitHelper, Failure> {
    let is_allowed = is_allowed(app, ticket).await?;
    let recorded = recorded(&*app.helpers.lock().await, Tool::Git, &ticket.key)?;
    let tools = app.parts.tools.clone();
    blocking(move || {
        let Some(git) = Git::find(&tools) else {
            return Ok(GitHelper { installed: false, enabled: false, hosts: Vec::new(), connected_hosts, path: None });
        };
        let written = git.hosts()?;
        // A session that may not read credentials answers nothing, whatever stands there.
        let hosts: Vec<String> = recorded.into_iter().filter(|host| is_allowed && written.contains(host)).collect();
        Ok(GitHelper { installed: true, enabled: !hosts.is_empty(), hosts, connected_hosts, path: git.file()? })
    })
    .await
}

async fn connected(app: &AppState, ticket: &Ticket) -> Result<Vec<String>, Failure> {
    let list = |client: Client, caller| async move { client.list_integrations(&caller).await };
    Ok(hosts(&app.call_as(ticket, ticket.client.clone(), list).await?.items))
}

fn hosts(all: &[Integration]) -> Vec<String> {
    in_order(all.iter().filter(|one| one.connected).map(|one| one.host.clone()).collect())
}

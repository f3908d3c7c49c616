//! The devices that are signed in.

use latchkey_api::{
    common::{Page, PageQuery},
    desktop::{Failure, ListArgs, NoArgs, SessionArgs},
    sessions::{Closed, Session, SessionPath, SessionsApi},
};

use latchkey_client::Client;

use crate::{snapshot, state::AppState};

/// Lists the devices that are signed in.
pub async fn list_sessions(app: &AppState, args: ListArgs) -> Result<Page<Session>, Failure> {
    let ticket = app.ticket()?;
    let first = args.after.is_none();
    let query = PageQuery { limit: None, after: args.after };
    let list = |client: Client, caller| async move { client.list_sessions(&caller, query).await };
    let page = app.call_as(&ticket, ticket.client.clone(), list).await?;
    if first {
        snapshot::keep(app, &ticket, &page, |newer| &mut newer.sessions);
    }
    Ok(page)
}

/// Signs another device out.
pub async fn close_session(app: &AppState, args: SessionArgs) -> Result<(), Failure> {
    let path = SessionPath { id: args.id };
    app.call(|client, caller| async move { client.close_session(&caller, path).await }).await
}

/// Signs all other devices out.
pub async fn close_other_sessions(app: &AppState, _: NoArgs) -> Result<Closed, Failure> {
    app.call(|client, caller| async move { client.close_other_sessions(&caller).await }).await
}

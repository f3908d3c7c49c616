//! The devices that are signed in.

use latchkey_api::{
    common::{Page, PageQuery},
    desktop::{Failure, ListArgs, NoArgs, SessionArgs},
    sessions::{Closed, Session, SessionPath, SessionsApi},
};

use crate::state::AppState;

/// Lists the devices that are signed in.
pub async fn list_sessions(app: &AppState, args: ListArgs) -> Result<Page<Session>, Failure> {
    let query = PageQuery { limit: None, after: args.after };
    app.call(|client, caller| async move { client.list_sessions(&caller, query).await }).await
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

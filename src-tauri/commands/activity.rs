//! What happened on the account.

use chrono::{DateTime, Utc};
use latchkey_api::{
    activity::{Activity, ActivityApi, ActivityQuery},
    common::Page,
    desktop::{Failure, ListActivity, NoArgs, SavedFile},
};
use latchkey_client::Client;
use serde::Serialize;

use super::place::reached;
use crate::{
    dialogs::SaveFile,
    saved_file::{self, pretty_json, server_name},
    session::Ticket,
    snapshot,
    state::AppState,
};

/// Events a page while all of them are read.
const PAGE: u8 = 100;

/// Lists what happened on the account.
pub async fn list_activity(app: &AppState, args: ListActivity) -> Result<Page<Activity>, Failure> {
    let ticket = app.ticket()?;
    let newest = args.after.is_none() && args.category.is_none();
    let query = ActivityQuery { limit: None, after: args.after, category: args.category };
    let list = |client: Client, caller| async move { client.list_events(&caller, query).await };
    let page = app.call_as(&ticket, ticket.client.clone(), list).await?;
    if newest {
        snapshot::keep(app, &ticket, &page, |newer| &mut newer.activity);
    }
    Ok(page)
}

/// Writes the whole activity as JSON. It is read before the dialog opens: what cannot be read needs no file.
pub async fn save_activity(app: &AppState, _: NoArgs) -> Result<Option<SavedFile>, Failure> {
    #[derive(Serialize)]
    struct Document<'a> {
        account: &'a str,
        server: String,
        saved_at: DateTime<Utc>,
        events: Vec<Activity>,
    }
    let ticket = app.ticket()?;
    let (place, _, _) = reached(app)?;
    let document = Document {
        account: &ticket.key.username,
        server: server_name(&place),
        saved_at: app.parts.clock.now(),
        events: everything(app, &ticket).await?,
    };
    let (words, name) = (app.words.now(), saved_file::suggest("activity", &place, &ticket.key.username, "json"));
    let ask = SaveFile::json(&words.dialogs, &words.dialogs.save_activity, name);
    saved_file::ask_and_write(app, &ticket, ask, pretty_json(&document)?).await
}

async fn everything(app: &AppState, ticket: &Ticket) -> Result<Vec<Activity>, Failure> {
    let mut events = Vec::new();
    let mut after = None;
    loop {
        let query = ActivityQuery { limit: Some(PAGE), after, category: None };
        let list = |client: Client, caller| async move { client.list_events(&caller, query).await };
        let page = app.call_as(ticket, ticket.client.clone(), list).await?;
        events.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(events);
        }
    }
}

//! API keys: the personal one, which goes from the keychain to the clipboard and never into the page, and named ones.

use latchkey_api::{
    api_keys::{ApiKey, ApiKeyPath, ApiKeysApi, CreateApiKey, NewApiKey, PersonalApiKey},
    common::{Page, PageQuery},
    desktop::{ApiKeyView, CopiedSecret, Failure, ListArgs, NoArgs, RemoveKey},
    wire::Secret,
};
use latchkey_client::Client;

use super::outside::put_on_clipboard;
use crate::{error::cancelled, saved_session::SavedSession, session::Ticket, snapshot, state::AppState};

/// Describes the personal API key.
pub async fn get_api_key(app: &AppState, _: NoArgs) -> Result<ApiKeyView, Failure> {
    let ticket = app.ticket()?;
    let _alone = app.parts.keys.alone(&ticket.key).await;
    let key = describe(app, &ticket).await?;
    let in_keychain = kept(app, &ticket, &key).await.is_some();
    let view = ApiKeyView { key, in_keychain };
    snapshot::keep(app, &ticket, &view, |newer| &mut newer.api_key);
    Ok(view)
}

/// Generates the personal API key. Without a keychain it is kept nowhere: copying it takes a fresh proof then.
pub async fn generate_api_key(app: &AppState, _: NoArgs) -> Result<ApiKeyView, Failure> {
    let ticket = app.ticket()?;
    let _alone = app.parts.keys.alone(&ticket.key).await;
    let fresh = match ticket.client.generate_api_key(&ticket.caller()).await {
        Ok(fresh) => fresh.api_key,
        Err(problem) => return Err(app.fail(&ticket, problem).await),
    };
    let in_keychain = keep(app, &ticket, &fresh).await?;
    // It holds, whether the service can be asked about it just now or not.
    let key = describe(app, &ticket).await.unwrap_or_else(|_| PersonalApiKey {
        exists: true,
        masked: Some(format!("lk_••••••••{}", end(fresh.expose()).unwrap_or_default())),
        created_at: Some(app.parts.clock.now()),
        last_used_at: None,
    });
    Ok(ApiKeyView { key, in_keychain })
}

/// Puts the personal API key on the clipboard for a minute: the one in the keychain, if it is the one that holds, and
/// otherwise the one the service shows, which may ask for a fresh proof first.
pub async fn copy_api_key(app: &AppState, _: NoArgs) -> Result<CopiedSecret, Failure> {
    let ticket = app.ticket()?;
    let _alone = app.parts.keys.alone(&ticket.key).await;
    let described = describe(app, &ticket).await?;
    let key = if let Some(key) = kept(app, &ticket, &described).await {
        key
    } else {
        let reveal = |client: Client, caller| async move { client.reveal_api_key(&caller).await };
        let key = app.call_as(&ticket, ticket.client.clone(), reveal).await?.api_key;
        keep(app, &ticket, &key).await?;
        key
    };
    if !app.session.holds(&ticket) {
        return Err(cancelled());
    }
    put_on_clipboard(app, key).await
}

/// Lists the named API keys.
pub async fn list_api_keys(app: &AppState, args: ListArgs) -> Result<Page<ApiKey>, Failure> {
    let ticket = app.ticket()?;
    let first = args.after.is_none();
    let query = PageQuery { limit: None, after: args.after };
    let list = |client: Client, caller| async move { client.list_api_keys(&caller, query).await };
    let page = app.call_as(&ticket, ticket.client.clone(), list).await?;
    if first {
        snapshot::keep(app, &ticket, &page, |newer| &mut newer.api_keys);
    }
    Ok(page)
}

/// Creates a named API key.
pub async fn create_api_key(app: &AppState, args: CreateApiKey) -> Result<NewApiKey, Failure> {
    app.call(|client, caller| async move { client.create_api_key(&caller, args).await }).await
}

/// Deletes a named API key, for the account it was listed for.
pub async fn delete_api_key(app: &AppState, args: RemoveKey) -> Result<(), Failure> {
    let path = ApiKeyPath { id: args.id };
    let whose = SavedSession::of(app, args.account).await?;
    whose.call(app, |client, caller| async move { client.delete_api_key(&caller, path).await }).await
}

async fn describe(app: &AppState, ticket: &Ticket) -> Result<PersonalApiKey, Failure> {
    let describe = |client: Client, caller| async move { client.get_api_key(&caller).await };
    app.call_as(ticket, ticket.client.clone(), describe).await
}

/// The key in the keychain, if it is the one the service describes. Another one was replaced, here or elsewhere, and
/// is let go of.
async fn kept(app: &AppState, ticket: &Ticket, described: &PersonalApiKey) -> Option<Secret> {
    let key = app.parts.keys.api_key(&ticket.key).await?;
    if described.masked.as_deref().is_some_and(|masked| same_end(masked, key.expose())) {
        return Some(key);
    }
    app.parts.keys.forget_api_key(&ticket.key, &key).await;
    None
}

/// Keeps a key for as long as the account is signed in here: one that comes when it no longer is goes nowhere. Its token
/// says so, and not the list of accounts, which another program may have changed.
async fn keep(app: &AppState, ticket: &Ticket, key: &Secret) -> Result<bool, Failure> {
    let keep = app.parts.keys.keep_api_key(&ticket.key, key);
    app.parts.tokens.while_kept(&ticket.key, keep).await.ok_or_else(cancelled)
}

fn same_end(masked: &str, key: &str) -> bool {
    end(masked).is_some_and(|four| end(key) == Some(four))
}

/// The last four characters.
fn end(text: &str) -> Option<&str> {
    text.char_indices().rev().nth(3).map(|(at, _)| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::same_end;

    #[test]
    fn the_last_four_characters_tell_keys_apart() {
        assert!(same_end("lk_••••••••3f9a", "lk_0000000000003f9a"));
        assert!(!same_end("lk_••••••••3f9a", "lk_0000000000003f9b"));
        assert!(!same_end("3f9", "3f9") && !same_end("••", "••"), "too short to tell");
        assert!(!same_end("lk_••••3f9a", "9a"));
    }
}

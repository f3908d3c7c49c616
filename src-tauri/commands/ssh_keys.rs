//! SSH keys: the list, adding a public key, removing one.

use std::collections::HashSet;

use latchkey_api::{
    common::{Page, PageQuery},
    desktop::{
        CopiedSecret, Failure, ListArgs, NoArgs, ReadSshKey, RemoveKey, ShellCode, SshKeyArgs, SshKeyPreview,
        SshKeyView,
    },
    problem::{ErrorCode, Problem},
    ssh_keys::{AddSshKey, SshKey, SshKeyPath, SshKeysApi},
};
use latchkey_client::Client;
use uuid::Uuid;

use super::outside::put_on_clipboard;
use crate::{
    blocking::blocking,
    error::{cancelled, failure, refused},
    public_key_file,
    saved_session::SavedSession,
    session::Ticket,
    snapshot,
    state::AppState,
};

/// Keys a page while one of them is looked for: as many as an account may have.
const ALL: u8 = 100;

/// Lists the SSH keys.
pub async fn list_ssh_keys(app: &AppState, args: ListArgs) -> Result<Page<SshKeyView>, Failure> {
    let ticket = app.ticket()?;
    let first = args.after.is_none();
    let page = page(app, &ticket, PageQuery { limit: None, after: args.after }).await?;
    let whole = first && page.next.is_none();
    // A keychain that does not work may ask to be unlocked: not where it can have nothing to say.
    let kept = if page.items.is_empty() && !app.parts.tokens.status().available {
        HashSet::new()
    } else {
        app.parts.keys.passphrases(&ticket.key).await
    };
    if whole && kept.iter().any(|kept| page.items.iter().all(|key| key.fingerprint != *kept)) {
        forget_passphrases_of_none(app, &ticket, &kept).await;
    }
    let view = |key: SshKey| SshKeyView { passphrase_in_keychain: kept.contains(&key.fingerprint), key };
    let page = Page { items: page.items.into_iter().map(view).collect(), next: page.next };
    if first {
        snapshot::keep(app, &ticket, &page, |newer| &mut newer.ssh_keys);
    }
    Ok(page)
}

/// Lets go of passphrases whose keys were removed elsewhere. The list is read once more: a key that was generated
/// meanwhile is on it by the time its passphrase is kept.
async fn forget_passphrases_of_none(app: &AppState, ticket: &Ticket, kept: &HashSet<String>) {
    let Ok(page) = page(app, ticket, PageQuery { limit: Some(ALL), after: None }).await else { return };
    if page.next.is_some() {
        return;
    }
    for gone in kept.iter().filter(|kept| page.items.iter().all(|key| key.fingerprint != **kept)) {
        app.parts.keys.forget_passphrase(&ticket.key, gone).await;
    }
}

/// Reads a public key that was typed or pasted; nothing is sent.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn read_ssh_key(_: &AppState, args: ReadSshKey) -> Result<SshKeyPreview, Failure> {
    public_key_file::look(&args.text, "")
}

/// Opens the native picker for a public key.
pub async fn choose_ssh_key(app: &AppState, _: NoArgs) -> Result<Option<SshKeyPreview>, Failure> {
    let begin = app.parts.home.join(".ssh");
    let words = app.words.now();
    let Some(path) = app.parts.dialogs.open_public_key(&words.dialogs, begin).await else { return Ok(None) };
    blocking(move || public_key_file::read(&path)).await.map(Some)
}

/// Adds a public key. What would be refused is refused here, before anything is sent.
pub async fn add_ssh_key(app: &AppState, args: AddSshKey) -> Result<SshKey, Failure> {
    let preview = public_key_file::look(&args.public_key, "")?;
    let body = AddSshKey { name: args.name, public_key: preview.public_key };
    app.call(|client, caller| async move { client.add_ssh_key(&caller, body).await }).await
}

/// Removes an SSH key, for the account it was listed for; the passphrase of its private half leaves the keychain.
pub async fn remove_ssh_key(app: &AppState, args: RemoveKey) -> Result<(), Failure> {
    let whose = SavedSession::of(app, args.account).await?;
    let key = find(args.id, |query| {
        whose.call(app, |client, caller| async move { client.list_ssh_keys(&caller, query).await })
    })
    .await?;
    let path = SshKeyPath { id: args.id };
    whose.call(app, |client, caller| async move { client.remove_ssh_key(&caller, path).await }).await?;
    if let Some(key) = key {
        app.parts.keys.forget_passphrase(&whose.key, &key.fingerprint).await;
    }
    Ok(())
}

/// Puts the passphrase of a private key on the clipboard for a minute.
pub async fn copy_ssh_passphrase(app: &AppState, args: SshKeyArgs) -> Result<CopiedSecret, Failure> {
    let ticket = app.ticket()?;
    let nothing = |detail: &str| refused(Problem::new(ErrorCode::NotFound).detail(detail));
    let found = find(args.id, |query| page(app, &ticket, query)).await?;
    let key = found.ok_or_else(|| nothing("There is no such SSH key any more."))?;
    let kept = app.parts.keys.passphrase(&ticket.key, &key.fingerprint).await;
    let kept = kept.map_err(|error| failure(ShellCode::KeychainUnavailable, error.to_string()))?;
    let text = kept.ok_or_else(|| nothing("The keychain of this computer has no passphrase of this key."))?;
    if !app.session.holds(&ticket) {
        return Err(cancelled());
    }
    put_on_clipboard(app, text).await
}

/// The keys alone, without what the keychain says of them.
pub(crate) async fn read_page(app: &AppState, args: ListArgs) -> Result<Page<SshKey>, Failure> {
    page(app, &app.ticket()?, PageQuery { limit: None, after: args.after }).await
}

async fn page(app: &AppState, ticket: &Ticket, query: PageQuery) -> Result<Page<SshKey>, Failure> {
    let list = |client: Client, caller| async move { client.list_ssh_keys(&caller, query).await };
    app.call_as(ticket, ticket.client.clone(), list).await
}

async fn find<F>(id: Uuid, list: impl Fn(PageQuery) -> F) -> Result<Option<SshKey>, Failure>
where
    F: Future<Output = Result<Page<SshKey>, Failure>>,
{
    let mut after = None;
    loop {
        let page = list(PageQuery { limit: Some(ALL), after }).await?;
        let found = page.items.into_iter().find(|key| key.id == id);
        after = page.next;
        if found.is_some() || after.is_none() {
            return Ok(found);
        }
    }
}

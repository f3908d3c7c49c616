//! Leaving: everything the service holds, as a file, and deleting the account.

use latchkey_api::{
    deletion::{DeleteAccount, Deletion, DeletionApi},
    desktop::{Failure, NoArgs, SavedFile, SignedOutReason, View},
};
use latchkey_client::Client;

use super::{account::instance_of, credential_access, place::reached};
use crate::{
    dialogs::SaveFile,
    opening,
    saved_file::{self, pretty_json},
    state::AppState,
};

/// Says what deleting the account removes.
pub async fn get_deletion(app: &AppState, _: NoArgs) -> Result<Deletion, Failure> {
    app.call(|client, caller| async move { client.get_deletion(&caller).await }).await
}

/// Writes everything the service holds as JSON. It is read before the dialog opens, so that a proof is asked for first.
pub async fn save_export(app: &AppState, _: NoArgs) -> Result<Option<SavedFile>, Failure> {
    let ticket = app.ticket()?;
    let (place, _, _) = reached(app)?;
    let export = |client: Client, caller| async move { client.export_account(&caller).await };
    let export = app.call_as(&ticket, ticket.client.clone(), export).await?;
    let (words, name) = (app.words.now(), saved_file::suggest("data", &place, &ticket.key.username, "json"));
    let ask = SaveFile::json(&words.dialogs, &words.dialogs.save_export, name);
    saved_file::ask_and_write(app, &ticket, ask, pretty_json(&export)?).await
}

/// Deletes the account for good: nothing of it stays on this computer. A failure leaves the window where it is.
pub async fn delete_account(app: &AppState, args: DeleteAccount) -> Result<View, Failure> {
    let ticket = app.ticket()?;
    let (place, client, scene) = reached(app)?;
    let attempt = app.session.attempt();
    let _quiet = app.session.quiet();
    if let Err(problem) = client.delete_account(&ticket.caller(), args).await {
        return Err(app.fail(&ticket, problem).await);
    }
    credential_access::undo(app, &ticket.key).await;
    app.parts.tokens.forget(&ticket.key).await;
    app.parts.places.change(|known| known.forget_deleted(&ticket.key));
    app.parts.snapshots.forget(&ticket.key);
    let instance = instance_of(&client, scene.instance).await;
    app.land(attempt, opening::signed_out(place, client, instance, Some(SignedOutReason::Deleted), None))
}

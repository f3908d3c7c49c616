//! Backup codes: new ones, putting them into use, and keeping them in a file.

use std::fmt::Write;

use latchkey_api::{
    desktop::{BackupCodeSetArgs, BackupCodesView, Failure, NoArgs, Place, SaveBackupCodes, SavedFile},
    two_factor::{BackupCodeSet, TwoFactorApi},
    wire::Secret,
};
use latchkey_client::Client;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::place::reached;
use crate::{
    dialogs::SaveFile,
    saved_file::{self, server_name},
    session::Ticket,
    state::AppState,
};

/// Title of the dialog: the label of the button that opens it.
pub const DOWNLOAD_BACKUP_CODES: &str = "Download Backup Codes";

/// Makes new backup codes. The old ones stay in use until the new ones are confirmed.
pub async fn generate_backup_codes(app: &AppState, _: NoArgs) -> Result<BackupCodesView, Failure> {
    let ticket = app.ticket()?;
    let generate = |client: Client, caller| async move { client.generate_backup_codes(&caller).await };
    let pending = app.call_as(&ticket, ticket.client.clone(), generate).await?;
    Ok(sheet(app, &ticket, Some(pending.set_id), pending.backup_codes))
}

/// Puts new backup codes into use.
pub async fn confirm_backup_codes(app: &AppState, args: BackupCodeSetArgs) -> Result<(), Failure> {
    let path = BackupCodeSet { set_id: args.set_id };
    app.call(|client, caller| async move { client.confirm_backup_codes(&caller, path).await }).await
}

/// Writes the codes on the screen to a file for the person alone.
pub async fn save_backup_codes(app: &AppState, args: SaveBackupCodes) -> Result<Option<SavedFile>, Failure> {
    let ticket = app.ticket()?;
    let (place, _, _) = reached(app)?;
    let username = &ticket.key.username;
    let name = saved_file::suggest("backup-codes", &place, username, "txt");
    let content = text(&args, &place, username);
    saved_file::ask_and_write(app, &ticket, SaveFile::text(DOWNLOAD_BACKUP_CODES, name), content).await
}

/// What the page shows and prints.
pub(super) fn sheet(app: &AppState, ticket: &Ticket, set_id: Option<Uuid>, codes: Vec<Secret>) -> BackupCodesView {
    let server = app.session.scene().place.as_ref().map(server_name).unwrap_or_default();
    let created_at = app.parts.clock.now();
    BackupCodesView { set_id, codes, username: ticket.profile.profile.username.clone(), server, created_at }
}

/// What the file says: whose codes they are, and then one code a line.
fn text(args: &SaveBackupCodes, place: &Place, username: &str) -> Zeroizing<Vec<u8>> {
    let mut text = String::from("Latchkey backup codes\n\n");
    let created = args.created_at.format("%-d %B %Y, %H:%M UTC");
    let _ = writeln!(text, "Account: {username}\nServer: {}\nCreated: {created}\n", server_name(place));
    text.push_str("Each code works once, in the place of a code of your authenticator app.\n\n");
    for code in &args.codes {
        let _ = writeln!(text, "{}", code.expose());
    }
    Zeroizing::new(text.into_bytes())
}

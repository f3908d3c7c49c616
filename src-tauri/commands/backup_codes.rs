//! Backup codes: new ones, putting them into use, and keeping them in a file.

use chrono::Datelike;
use latchkey_api::{
    desktop::{
        BackupCodeSetArgs, BackupCodeWords, BackupCodesView, Failure, NoArgs, Place, SaveBackupCodes, SavedFile,
        Transport,
    },
    two_factor::{BackupCodeSet, CheckBackupCode, CheckedBackupCode, TwoFactorApi},
    wire::Secret,
};
use latchkey_client::Client;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::place::reached;
use crate::{
    dialogs::SaveFile,
    native_words::fill,
    saved_file::{self, server_name},
    session::Ticket,
    state::AppState,
};

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

/// Says what a backup code is worth, without spending it.
pub async fn check_backup_code(app: &AppState, args: CheckBackupCode) -> Result<CheckedBackupCode, Failure> {
    app.call(|client, caller| async move { client.check_backup_code(&caller, args).await }).await
}

/// Writes the codes on the screen to a file for the person alone.
pub async fn save_backup_codes(app: &AppState, args: SaveBackupCodes) -> Result<Option<SavedFile>, Failure> {
    let ticket = app.ticket()?;
    let (place, _, _) = reached(app)?;
    let username = &ticket.key.username;
    let name = saved_file::suggest("backup-codes", &place, username, "txt");
    let words = app.words.now();
    let content = text(&words.backup_codes, &args, &place, username);
    let ask = SaveFile::text(&words.dialogs, &words.dialogs.save_backup_codes, name);
    saved_file::ask_and_write(app, &ticket, ask, content).await
}

/// What the page shows and prints.
pub(super) fn sheet(app: &AppState, ticket: &Ticket, set_id: Option<Uuid>, codes: Vec<Secret>) -> BackupCodesView {
    let words = app.words.now();
    let place = app.session.scene().place;
    let server = place.as_ref().map(|place| server_in(&words.backup_codes, place)).unwrap_or_default();
    let created_at = app.parts.clock.now();
    BackupCodesView { set_id, codes, username: ticket.profile.profile.username.clone(), server, created_at }
}

/// What the file and the sheet call a place.
fn server_in(words: &BackupCodeWords, place: &Place) -> String {
    if place.transport == Transport::Local { words.this_computer.clone() } else { server_name(place) }
}

/// What the file says: whose codes they are, and then one code a line.
fn text(words: &BackupCodeWords, args: &SaveBackupCodes, place: &Place, username: &str) -> Zeroizing<Vec<u8>> {
    let made = args.created_at;
    let month = words.months.get(made.month0() as usize).map_or("", String::as_str);
    let (day, year, time) = (made.day().to_string(), made.year().to_string(), made.format("%H:%M").to_string());
    let created = [("day", day.as_str()), ("month", month), ("year", &year), ("time", &time)];
    let mut text = Zeroizing::new(Vec::new());
    for line in [
        words.title.as_str(),
        "",
        &fill(&words.account, &[("username", username)]),
        &fill(&words.server, &[("server", &server_in(words, place))]),
        &fill(&words.created, &created),
        "",
        &words.how,
        "",
    ]
    .into_iter()
    .chain(args.codes.iter().map(Secret::expose))
    {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    text
}

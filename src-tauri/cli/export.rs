//! Everything the service holds about the account.

use std::path::PathBuf;

use latchkey_api::deletion::DeletionApi;

use super::{ending::Ending, opened::Opened, print::Printer, proof::proved};
use crate::{
    blocking::blocking,
    saved_file::{self, pretty_json},
};

/// Writes it to standard output, or to a file for the person alone, which replaces the one that is there.
pub(super) async fn run(opened: &Opened, printer: &Printer, file: Option<PathBuf>) -> Result<(), Ending> {
    let read = async || opened.app.call(|client, caller| async move { client.export_account(&caller).await }).await;
    let json = pretty_json(&proved(opened, read).await?)?;
    let Some(file) = file.filter(|file| file.as_os_str() != "-") else { return printer.bytes(&json) };
    let file = std::path::absolute(file)?;
    let saved = blocking(move || saved_file::write(&file, &json)).await?;
    printer.say(&format!("Saved as {} in {}.", saved.name, saved.folder));
    Ok(())
}

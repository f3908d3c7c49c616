//! Everything the service holds about the account.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use latchkey_api::deletion::DeletionApi;

use super::{ending::Ending, opened::Opened, print::Printer, proof::proved};
use crate::{
    blocking::blocking,
    saved_file::{self, pretty_json},
};

/// Writes it to standard output, or to a file for the person alone, which replaces the one that is there. Pipes and
/// devices are written to: a name such as `/dev/stdout` is not this program's to give to something else.
pub(super) async fn run(opened: &Opened, printer: &Printer, file: Option<PathBuf>) -> Result<(), Ending> {
    let read = async || opened.app.call(|client, caller| async move { client.export_account(&caller).await }).await;
    let json = pretty_json(&proved(opened, read).await?)?;
    let Some(file) = file.filter(|file| file.as_os_str() != "-") else { return printer.bytes(&json) };
    let file = std::path::absolute(file)?;
    if is_stream(&file) {
        return Ok(blocking(move || Ok(write_to(&file, &json))).await??);
    }
    let saved = blocking(move || saved_file::write(&file, &json)).await?;
    printer.say(&format!("Saved as {} in {}.", saved.name, saved.folder));
    Ok(())
}

fn is_stream(file: &Path) -> bool {
    let of_the_system = ["/dev", "/proc"].iter().any(|folder| file.starts_with(folder));
    fs::metadata(file).is_ok_and(|found| !found.is_dir() && (of_the_system || !found.is_file()))
}

fn write_to(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut stream = File::options().write(true).open(file)?;
    stream.write_all(content)?;
    stream.flush()
}

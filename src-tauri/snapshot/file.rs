//! The files snapshots are in, one an account. Their names say neither whose they are nor where.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    places::AccountKey,
    private,
    saved_file::{Draft, on_disk},
};

/// The most a file may hold. An account with every list full of the longest rows has less.
pub(super) const LIMIT: usize = 4 * 1024 * 1024;

/// Where the snapshot of an account is.
pub(super) fn path(folder: &Path, account: &AccountKey) -> PathBuf {
    folder.join(name(account))
}

fn name(account: &AccountKey) -> String {
    let names = [account.place.as_bytes(), b"\n", account.username.as_bytes()].concat();
    format!("{}.sealed", data_encoding::HEXLOWER.encode(&Sha256::digest(names)[..16]))
}

/// What a file holds; `None` where there is none. Blocks.
pub(super) fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut sealed = Vec::new();
    opened.take(LIMIT as u64 + 1).read_to_end(&mut sealed)?;
    if sealed.len() > LIMIT { Err(ErrorKind::FileTooLarge.into()) } else { Ok(Some(sealed)) }
}

/// Whoever reads meanwhile, or after a power failure, finds the file before or this one; of two writers the last one's.
/// Blocks.
pub(super) fn write(file: &Path, sealed: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    private::folder(folder)?;
    Draft::write(folder, sealed)?.take_name(file)?;
    on_disk(folder)
}

/// That there is none is no error. Blocks.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes whatever is in the folder and is of none of these accounts: files of accounts that left while the app did not
/// run, and what a process that was ended in between left half written. Blocks.
pub(super) fn remove_others(folder: &Path, accounts: &[AccountKey]) -> io::Result<()> {
    let wanted: HashSet<OsString> = accounts.iter().map(|account| name(account).into()).collect();
    let files = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        files => files?,
    };
    for file in files {
        let file = file?;
        if !wanted.contains(&file.file_name()) {
            remove(&file.path())?;
        }
    }
    Ok(())
}

//! Files of the person's own that are changed for them: the text is changed in one step, a link stays one, and so does the
//! mode. What another program writes meanwhile is not lost.

use std::{
    fs::{self, File, Metadata, Permissions},
    io::{self, ErrorKind, Read, Write},
    path::Path,
};

use latchkey_api::desktop::{Failure, ShellCode};

use crate::{
    error::failure,
    saved_file::{Draft, on_disk},
};

/// The most that is read: whoever has more than that generates it.
const LIMIT: u64 = 4 * 1024 * 1024;

/// How often it is begun anew where another program changes the file at the same moment.
const TRIES: u32 = 3;

/// Changes what a file holds; one that is missing holds nothing, and is made. Blocks.
pub(crate) fn change<E: ToString>(file: &Path, change: impl Fn(&str) -> Result<String, E>) -> Result<(), Failure> {
    change_with(file, change, || ())
}

/// [`change`], with something to do at the last moment another program could write to it.
pub(crate) fn change_with<E: ToString>(
    file: &Path,
    change: impl Fn(&str) -> Result<String, E>,
    before_it_is_replaced: impl Fn(),
) -> Result<(), Failure> {
    let told = |error: io::Error| explain(&error, file);
    for _ in 0..TRIES {
        let text = read(file).map_err(told)?;
        let changed = change(&text).map_err(|error| failure(ShellCode::FileUnwritable, error.to_string()))?;
        if changed == text || replace(file, &text, &changed, &before_it_is_replaced).map_err(told)? {
            return Ok(());
        }
    }
    Err(told(ErrorKind::ResourceBusy.into()))
}

/// What it holds; nothing where there is none. Blocks.
pub(crate) fn read(file: &Path) -> io::Result<String> {
    match fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound && file.symlink_metadata().is_err() => {
            return Ok(String::new());
        }
        Err(error) => return Err(error),
        Ok(found) if !found.is_file() => return Err(ErrorKind::IsADirectory.into()),
        Ok(_) => {}
    }
    let mut text = String::new();
    File::open(file)?.take(LIMIT + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LIMIT { Err(ErrorKind::FileTooLarge.into()) } else { Ok(text) }
}

/// Whoever reads meanwhile, or after a power failure, finds the old file or the new one. A link stays one, and what it
/// leads to is replaced, with the mode it has. False, and nothing was done, where it does not hold `before` any more.
fn replace(file: &Path, before: &str, text: &str, before_it_is_replaced: impl Fn()) -> io::Result<bool> {
    let target = match file.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => file.to_owned(),
        _ => fs::canonicalize(file)?,
    };
    let mode = match fs::metadata(&target) {
        // A file that may not be written to is not written to: the person, or whoever looks after this computer, said so.
        Ok(there) if there.permissions().readonly() => return Err(ErrorKind::PermissionDenied.into()),
        // The other name would keep what there was before.
        Ok(there) if has_other_names(&there) => return Err(ErrorKind::TooManyLinks.into()),
        Ok(there) => Some(there.permissions()),
        Err(_) => None,
    };
    let folder = target.parent().unwrap_or(Path::new("/"));
    let (mut out, draft) = Draft::create(folder)?;
    out.write_all(text.as_bytes())?;
    set_mode(&out, mode)?;
    out.sync_all()?;
    before_it_is_replaced();
    if read(file)? != before {
        return Ok(false);
    }
    draft.take_name(&target)?;
    // It has its name: that is changed, if not against a power failure right now.
    if let Err(error) = on_disk(folder) {
        tracing::warn!(%error, "a configuration file may be the one before after a power failure");
    }
    Ok(true)
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix tells"))]
fn has_other_names(file: &Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(file) > 1;
    #[cfg(not(unix))]
    false
}

fn set_mode(file: &File, mode: Option<Permissions>) -> io::Result<()> {
    mode.map_or(Ok(()), |mode| file.set_permissions(mode))
}

/// What went wrong with it, in words.
pub(crate) fn explain(error: &io::Error, file: &Path) -> Failure {
    tracing::warn!(%error, "a configuration file is not changed");
    let file = file.display();
    let why = match error.kind() {
        ErrorKind::InvalidData => "is not UTF-8 text".to_owned(),
        ErrorKind::PermissionDenied => "may not be changed".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "is on a disk that is read-only".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "cannot be changed: there is no room".to_owned(),
        ErrorKind::NotFound => "leads to a file that is not there".to_owned(),
        ErrorKind::IsADirectory => "is not a file".to_owned(),
        ErrorKind::FileTooLarge => "is too large".to_owned(),
        ErrorKind::TooManyLinks => "has more than one name (hard links), and only one would be changed".to_owned(),
        ErrorKind::ResourceBusy => "is being changed by another program".to_owned(),
        _ => format!("cannot be changed: {error}"),
    };
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ShellCode::DiskFull,
        _ => ShellCode::FileUnwritable,
    };
    failure(code, format!("{file} {why}. It stays as it was; change it by hand."))
}

//! A public key in a file, or in text that was pasted. It is looked at here, and only then sent anywhere: a private key
//! that was chosen by mistake stays on this computer, and is let go of at once.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::Path,
};

use latchkey_api::{
    desktop::{Failure, ShellCode, SshKeyPreview},
    problem::{FieldCode, FieldError, Problem},
};
use latchkey_ssh::TEXT_LIMIT;
use zeroize::Zeroizing;

use crate::error::{failure, refused};

/// The field of a public key.
const FIELD: &str = "/public_key";

/// Looks at a text. What is refused says why at `/public_key`.
pub fn look(text: &str, name: &str) -> Result<SshKeyPreview, Failure> {
    let key = latchkey_ssh::read(text).map_err(|refusal| {
        tracing::debug!(code = refusal.code(), "a public key was refused");
        field(FIELD, code(&refusal), refusal.to_string())
    })?;
    let name = if key.comment().is_empty() { name } else { key.comment() };
    Ok(SshKeyPreview {
        public_key: key.line_with(key.comment()),
        kind: key.algorithm().to_owned(),
        bits: key.bits(),
        fingerprint: key.fingerprint(),
        // As long as a name may be.
        name: name.chars().take(100).collect(),
    })
}

/// Looks at a file. Blocks. Answers `file_unreadable`, or what [`look`] says. No more of it is read than a key may have.
pub fn read(path: &Path) -> Result<SshKeyPreview, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = bounded(path).map_err(|error| unreadable(&name, &error))?;
    // What is no text is no key, and is refused as that.
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    look(&text, name.strip_suffix(".pub").unwrap_or(&name))
}

/// A field that does not fit.
pub(crate) fn field(pointer: &str, code: FieldCode, detail: String) -> Failure {
    refused(Problem::fields(vec![FieldError { pointer: pointer.to_owned(), code, detail }]))
}

fn code(refusal: &latchkey_ssh::Refusal) -> FieldCode {
    match refusal {
        latchkey_ssh::Refusal::Empty => FieldCode::Blank,
        latchkey_ssh::Refusal::TooLarge => FieldCode::TooLong,
        latchkey_ssh::Refusal::RsaTooShort { .. } | latchkey_ssh::Refusal::Dsa => FieldCode::TooWeak,
        _ => FieldCode::Invalid,
    }
}

/// One byte more than a key may have, so that a longer file is seen to be longer.
fn bounded(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    // Opening a pipe would wait for its other end: look before.
    if !fs::metadata(path)?.is_file() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(TEXT_LIMIT + 1));
    File::open(path)?.take(TEXT_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    let why = match error.kind() {
        ErrorKind::NotFound => "It is not there any more.".to_owned(),
        ErrorKind::PermissionDenied => "You may not read it.".to_owned(),
        ErrorKind::IsADirectory => "It is not a file.".to_owned(),
        _ => format!("{error}."),
    };
    failure(ShellCode::FileUnreadable, format!("{name} cannot be read. {why}"))
}

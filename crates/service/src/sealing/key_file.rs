//! The file of a [`KeyFile`](super::KeyFile).

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::Path,
};

use zeroize::Zeroizing;

use super::{SealingKey, hex};

pub(super) fn read_or_make(path: &Path, new: Option<SealingKey>) -> io::Result<SealingKey> {
    match read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let Some(new) = new else {
                let gone = format!(
                    "The key file {} is gone. What was sealed with it cannot be read; put the file back.",
                    path.display()
                );
                return Err(io::Error::new(ErrorKind::NotFound, gone));
            };
            // Under another name first, then linked: a reader never sees half a key, and of several programs the
            // first one wins.
            make(path, &new).map_err(|error| told(path, "cannot be written", &error))?;
            read(path)
        }
        other => other,
    }
    .map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::InvalidData | ErrorKind::Other => error,
        _ => told(path, "cannot be read", &error),
    })
}

fn told(path: &Path, what: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("The key file {} {what}: {error}.", path.display()))
}

fn read(path: &Path) -> io::Result<SealingKey> {
    let text = Zeroizing::new(fs::read_to_string(path)?);
    let digits = text.trim().as_bytes();
    let mut key = Zeroizing::new([0; 32]);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let whole = digits.len() == 64 && digits.is_ascii();
    for (at, pair) in digits.chunks(2).enumerate().take(32) {
        match byte(pair) {
            Some(byte) if whole => key[at] = byte,
            _ => {
                let wrong = format!("The key file {} is not 64 hexadecimal digits.", path.display());
                return Err(io::Error::new(ErrorKind::InvalidData, wrong));
            }
        }
    }
    if whole {
        Ok(key)
    } else {
        Err(io::Error::new(ErrorKind::InvalidData, format!("The key file {} is empty.", path.display())))
    }
}

fn make(path: &Path, key: &SealingKey) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(Zeroizing::new(format!("{}\n", hex(&**key))).as_bytes())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&draft);
    linked?;
    // The name is on the disk as well.
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

//! The file of a [`KeyFile`](super::KeyFile).

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{SealingKey, format::mark, hex, unhex};

pub(super) fn read_or_make(path: &Path, new: Option<SealingKey>) -> io::Result<Vec<SealingKey>> {
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

/// Writes the file anew with other keys. A reader sees the keys before or after it; of two programs, the second waits
/// for the first.
pub(super) fn change(path: &Path, change: impl FnOnce(&mut Vec<SealingKey>)) -> io::Result<()> {
    let unwritten = |error| told(path, "cannot be written", &error);
    let folder = File::open(folder(path)).map_err(unwritten)?;
    folder.lock().map_err(unwritten)?;
    let mut keys = read_or_make(path, None)?;
    change(&mut keys);
    replace(path, &keys).and_then(|()| folder.sync_all()).map_err(unwritten)
}

fn replace(path: &Path, keys: &[SealingKey]) -> io::Result<()> {
    let draft = draft(path);
    // Of a program that was killed and had the same number.
    let _ = fs::remove_file(&draft);
    let replaced = write(&draft, keys).and_then(|file| {
        // Whoever may read it goes on doing so: the program may be run by root.
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let (theirs, ours) = (fs::metadata(path)?, file.metadata()?);
            if (theirs.uid(), theirs.gid()) != (ours.uid(), ours.gid()) {
                fchown(&file, Some(theirs.uid()), Some(theirs.gid()))?;
            }
        }
        drop(file);
        fs::rename(&draft, path)
    });
    if replaced.is_err() {
        let _ = fs::remove_file(&draft);
    }
    replaced
}

fn told(path: &Path, what: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("The key file {} {what}: {error}.", path.display()))
}

fn read(path: &Path) -> io::Result<Vec<SealingKey>> {
    let mut file = File::open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let handed_over = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        is_private(path, file.metadata()?.mode(), handed_over.as_deref())?;
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text)?;
    let key = |line: &str| {
        let bytes = unhex(line.trim()).map(Zeroizing::new)?;
        <[u8; 32]>::try_from(&bytes[..]).ok().map(Zeroizing::new)
    };
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Err(io::Error::new(ErrorKind::InvalidData, format!("The key file {} is empty.", path.display())));
    }
    lines.into_iter().map(key).collect::<Option<_>>().ok_or_else(|| {
        let wrong = format!("The key file {} is not 64 hexadecimal digits in each line.", path.display());
        io::Error::new(ErrorKind::InvalidData, wrong)
    })
}

/// Refuses a file that its group or others may read or write. What systemd hands over is kept by it, in a folder of the
/// service's own, and has modes as it likes.
#[cfg(unix)]
fn is_private(path: &Path, mode: u32, handed_over: Option<&Path>) -> io::Result<()> {
    let to_others = mode & 0o077;
    if to_others == 0 || handed_over.is_some_and(|folder| path.starts_with(folder)) {
        return Ok(());
    }
    let open = format!(
        "The key file {0} is open to others than its owner (mode {1:o}). Close it: chmod 600 {0}.",
        path.display(),
        mode & 0o777
    );
    Err(io::Error::new(ErrorKind::InvalidData, open))
}

fn make(path: &Path, key: &SealingKey) -> io::Result<()> {
    // A name that goes by the key: who makes another one at the same moment, in this program or beside it, has another draft.
    let draft = path.with_extension(format!("{}.new", hex(&mark(key))));
    let written = write(&draft, std::slice::from_ref(key));
    let linked = written.and_then(|_| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&draft);
    linked?;
    // The name is on the disk as well.
    File::open(folder(path))?.sync_all()
}

/// A new file for its owner alone, on the disk.
fn write(draft: &Path, keys: &[SealingKey]) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    for key in keys {
        let line = Zeroizing::new([Zeroizing::new(hex(&**key)).as_bytes(), b"\n"].concat());
        file.write_all(&line)?;
    }
    file.sync_all()?;
    Ok(file)
}

/// Of this program: nobody else writes it, and one change at a time has the folder locked.
fn draft(path: &Path) -> PathBuf {
    path.with_extension(format!("{}.new", std::process::id()))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_may_open_is_refused_unless_systemd_hands_it_over() {
        let path = Path::new("/run/credentials/latchkey.service/sealing.key");
        for mode in [0o100_600, 0o100_400] {
            assert!(is_private(path, mode, None).is_ok(), "{mode:o}");
        }
        for mode in [0o100_640, 0o100_604, 0o100_620, 0o100_440] {
            let refused = is_private(path, mode, None).unwrap_err().to_string();
            assert!(
                refused.contains(&format!("(mode {:o})", mode & 0o777)) && refused.contains("chmod 600"),
                "{refused}"
            );
            assert!(is_private(path, mode, Some(Path::new("/run/credentials/latchkey.service"))).is_ok(), "{mode:o}");
            assert!(is_private(path, mode, Some(Path::new("/run/credentials/other.service"))).is_err(), "{mode:o}");
        }
    }
}

//! Files for the person alone: they are written whole or not at all, read back, and only then called saved.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use latchkey_api::{
    desktop::{Failure, Place, SavedFile, ShellCode},
    problem::Problem,
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    dialogs::SaveFile,
    error::{cancelled, failure, refused},
    private,
    session::Ticket,
    state::AppState,
};

/// A place as a file or a sheet of paper names it: its display name, with its host where it has one.
pub fn server_name(place: &Place) -> String {
    match &place.host {
        Some(host) if *host != place.name => format!("{} ({host})", place.name),
        _ => place.name.clone(),
    }
}

/// The name a file about an account is suggested under. Characters that a file name cannot have everywhere become `-`.
pub fn suggest(what: &str, place: &Place, username: &str, ending: &str) -> String {
    let server = place.host.as_deref().unwrap_or("this-computer");
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let name: String = format!("latchkey-{what}-{server}-{username}").chars().map(safe).take(200).collect();
    format!("{name}.{ending}")
}

/// A document as indented JSON, with a line break at its end.
pub(crate) fn pretty_json(document: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut json = serde_json::to_vec_pretty(document).map_err(|error| refused(Problem::internal(error)))?;
    json.push(b'\n');
    Ok(Zeroizing::new(json))
}

/// Asks the person where, and writes there. `None` when they changed their mind.
pub(crate) async fn ask_and_write(
    app: &AppState,
    ticket: &Ticket,
    ask: SaveFile,
    content: Zeroizing<Vec<u8>>,
) -> Result<Option<SavedFile>, Failure> {
    let Some(path) = app.parts.dialogs.save_file(ask).await else { return Ok(None) };
    // A dialog can stay open for long: what it answers is for whoever opened it.
    if !app.session.holds(ticket) {
        return Err(cancelled());
    }
    let written = tokio::task::spawn_blocking(move || write(&path, &content)).await;
    written.unwrap_or_else(|error| Err(refused(Problem::internal(error)))).map(Some)
}

/// Writes a file that nobody else may read.
///
/// The content goes to a new file in the same folder, to the disk, and back, before it takes the name: until then,
/// whatever fails, a file that was there before stays as it was. Where the name is a link, the link is replaced and
/// what it points to is left alone.
pub fn write(path: &Path, content: &[u8]) -> Result<SavedFile, Failure> {
    write_with(path, content, on_disk)
}

fn write_with(path: &Path, content: &[u8], settle: impl FnOnce(&Path) -> io::Result<()>) -> Result<SavedFile, Failure> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(failure(ShellCode::FileUnwritable, "Choose a name for the file.".to_owned()));
    };
    let name = name.to_string_lossy().into_owned();
    let told = |error: io::Error| explain(&error, folder, &name);
    // Rename would say the same, in words of its own on each system.
    if path.is_dir() {
        return Err(told(ErrorKind::IsADirectory.into()));
    }
    let draft = Draft::write(folder, content).map_err(told)?;
    draft.take_name(path).map_err(told)?;
    // The content is on the disk and has its name: that is saved, if not against a power failure right now.
    if let Err(error) = settle(folder) {
        tracing::warn!(%error, "the name of a file that was saved may not outlive a power failure");
    }
    compare(path, content).map_err(|error| differs(&error, folder, &name))?;
    Ok(SavedFile { name: name.clone(), folder: folder.display().to_string() })
}

/// A file under a name of its own until it is whole. It is removed when it is dropped.
pub(crate) struct Draft(PathBuf);

impl Draft {
    /// What was written, on the disk and read back.
    pub(crate) fn write(folder: &Path, content: &[u8]) -> io::Result<Self> {
        let (mut file, draft) = Self::create(folder)?;
        file.write_all(content)?;
        file.sync_all()?;
        compare(&draft.0, content)?;
        Ok(draft)
    }

    /// A name nobody has: an existing file, or a link somebody left in the way, is never opened.
    pub(crate) fn create(folder: &Path) -> io::Result<(File, Self)> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!(".latchkey-{}-{number}.part", std::process::id()));
            match private::options().create_new(true).open(&path) {
                Ok(file) => return Ok((file, Self(path))),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn take_name(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After it took its name there is nothing here.
        let _ = fs::remove_file(&self.0);
    }
}

fn compare(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut read = Zeroizing::new(Vec::with_capacity(content.len() + 1));
    File::open(path)?.take(content.len() as u64 + 1).read_to_end(&mut read)?;
    if *read == content { Ok(()) } else { Err(ErrorKind::InvalidData.into()) }
}

/// Makes the new name last through a power failure. Some file systems have no such thing for folders.
pub(crate) fn on_disk(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => return Err(error),
        _ => {}
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// What went wrong, and what to do.
fn explain(error: &io::Error, folder: &Path, name: &str) -> Failure {
    let folder = folder.display();
    tracing::warn!(%error, "a file cannot be written");
    let unwritable = |detail: String| failure(ShellCode::FileUnwritable, detail);
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            let detail = format!("There is no room for {name} in {folder}. Free some space, or choose another folder.");
            failure(ShellCode::DiskFull, detail)
        }
        ErrorKind::PermissionDenied => unwritable(format!("You may not write to {folder}. Choose another folder.")),
        ErrorKind::ReadOnlyFilesystem => unwritable(format!("{folder} is read-only. Choose another folder.")),
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            unwritable(format!("There is no folder {folder}. Choose another folder."))
        }
        ErrorKind::IsADirectory => unwritable(format!("{name} is a folder. Choose another name.")),
        ErrorKind::InvalidFilename => unwritable("This name is too long. Choose a shorter one.".to_owned()),
        ErrorKind::InvalidData => unwritable(format!(
            "{name} did not read back as it was written: the disk may be damaged. Choose a folder on another disk."
        )),
        _ => unwritable(format!("{name} cannot be written to {folder}: {error}. Choose another folder.")),
    }
}

/// A file that has its name, and cannot be relied on.
fn differs(error: &io::Error, folder: &Path, name: &str) -> Failure {
    tracing::warn!(%error, "a file does not read back");
    let folder = folder.display();
    let detail = match error.kind() {
        ErrorKind::InvalidData => format!(
            "{name} is in {folder}, but does not read back as it was written: the disk may be damaged, or another \
             program changed it. Save it again in a folder on another disk."
        ),
        _ => format!("{name} was written to {folder}, but cannot be read back: {error}. Save it in another folder."),
    };
    failure(ShellCode::FileUnwritable, detail)
}

#[cfg(test)]
mod tests {
    use latchkey_api::desktop::Transport;

    use super::*;
    use crate::places::this_computer;

    fn northwind() -> Place {
        let host = "accounts.northwind.example:8443";
        Place {
            id: format!("https://{host}"),
            name: "Northwind".into(),
            host: Some(host.into()),
            transport: Transport::Tls,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_says_whose_it_is_in_its_name() {
        assert_eq!(server_name(&northwind()), "Northwind (accounts.northwind.example:8443)");
        assert_eq!(server_name(&this_computer()), "This computer");
        let suggest = |place: &Place, name| suggest("backup-codes", place, name, "txt");
        assert_eq!(suggest(&this_computer(), "ada"), "latchkey-backup-codes-this-computer-ada.txt");
        let name = suggest(&northwind(), "../a b/\u{202e}:*?");
        assert_eq!(name, "latchkey-backup-codes-accounts.northwind.example-8443-..-a-b-----.txt");
    }

    #[test]
    fn what_the_system_says_is_put_in_words() {
        let explain = |code: i32| explain(&io::Error::from_raw_os_error(code), Path::new("/media/stick"), "codes.txt");
        // ENOSPC, EDQUOT; EACCES, EROFS, ENAMETOOLONG, EIO
        for full in [28, 122] {
            let failure = explain(full);
            assert_eq!(failure.code, ShellCode::DiskFull.into());
            assert!(failure.detail.unwrap().contains("/media/stick"));
        }
        for unwritable in [13, 30, 36, 5] {
            let failure = explain(unwritable);
            assert_eq!(failure.code, ShellCode::FileUnwritable.into());
            assert!(failure.detail.unwrap().contains("Choose a"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_the_persons_alone_and_nothing_else_is_left() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("codes.txt");
        let saved = write(&path, b"one\n").unwrap();
        assert_eq!((saved.name.as_str(), Path::new(&saved.folder)), ("codes.txt", folder.path()));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o600, b"one\n".to_vec()));

        // Over a file others may read, and over a link.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write(&path, b"two\n").unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o600, b"two\n".to_vec()));
        let link = folder.path().join("link.txt");
        symlink(&path, &link).unwrap();
        write(&link, b"three\n").unwrap();
        assert!(!link.is_symlink(), "the link itself was replaced");
        assert_eq!((fs::read(&link).unwrap(), fs::read(&path).unwrap()), (b"three\n".to_vec(), b"two\n".to_vec()));
        let mut left = names(folder.path());
        left.sort();
        assert_eq!(left, ["codes.txt", "link.txt"]);
    }

    #[test]
    fn once_a_file_has_its_name_only_its_content_decides_whether_it_is_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("codes.txt");
        write_with(&path, b"one\n", |_| Err(ErrorKind::PermissionDenied.into())).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\n");

        // But what does not read back then is called that, and is there.
        let damage = |_: &Path| fs::write(&path, "something else");
        let detail = write_with(&path, b"one\n", damage).unwrap_err().detail.unwrap();
        assert!(detail.starts_with("codes.txt is in ") && detail.contains("does not read back"), "{detail}");
        let detail = write_with(&path, b"one\n", |_| fs::remove_file(&path)).unwrap_err().detail.unwrap();
        assert!(detail.starts_with("codes.txt was written to ") && detail.contains("cannot be read back"), "{detail}");
    }

    #[test]
    fn what_cannot_be_written_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "in the way").unwrap();
        fs::create_dir(folder.path().join("codes.txt")).unwrap();
        let refused = |path: &Path| {
            let failure = write(path, b"x").unwrap_err();
            assert_eq!(failure.code, ShellCode::FileUnwritable.into(), "{}", path.display());
            failure.detail.unwrap()
        };
        assert!(refused(&file.join("codes.txt")).starts_with("There is no folder"));
        assert!(refused(&folder.path().join("gone/codes.txt")).starts_with("There is no folder"));
        assert!(refused(&folder.path().join("codes.txt")).contains("codes.txt is a folder"));
        assert!(refused(&folder.path().join("x".repeat(300))).contains("too long"));
        if cfg!(target_os = "linux") {
            refused(Path::new("/proc/codes.txt"));
        }
        refused(Path::new("/"));
        let mut left = names(folder.path());
        left.sort();
        assert_eq!(left, ["codes.txt", "file"], "no draft is left");
    }
}

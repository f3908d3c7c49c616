//! The configuration of the OpenSSH client: a block for one host goes in, and comes out again. Everything else in the file
//! stays as it is, byte for byte.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use latchkey_api::desktop::{Failure, ShellCode};
use latchkey_ssh::config::{ConfigError, HostBlock, hosts_named, with_host, without_host};

use crate::{error::failure, private};

/// The most that is read: whoever has more than that generates it.
const LIMIT: u64 = 4 * 1024 * 1024;

/// The file in a person's home.
pub fn path(home: &Path) -> PathBuf {
    home.join(".ssh/config")
}

/// Puts a block in, in the place of the one with its id. Blocks.
pub fn add(file: &Path, block: &HostBlock<'_>) -> Result<(), Failure> {
    change(file, |text| with_host(text, block))
}

/// Takes the block with this id out. Blocks. That there is none is no failure.
pub fn remove(file: &Path, id: &str) -> Result<(), Failure> {
    change(file, |text| without_host(text, id))
}

/// Whether the person has a block of their own for this name. Blocks. What cannot be read has none.
pub fn names(file: &Path, alias: &str) -> bool {
    read(file).is_ok_and(|text| hosts_named(&text, alias))
}

fn change(file: &Path, change: impl FnOnce(&str) -> Result<String, ConfigError>) -> Result<(), Failure> {
    let told = |error: io::Error| explain(&error, file);
    let text = read(file).map_err(told)?;
    let changed = change(&text).map_err(|error| failure(ShellCode::FileUnwritable, error.to_string()))?;
    if changed == text { Ok(()) } else { replace(file, &changed).map_err(told) }
}

fn read(file: &Path) -> io::Result<String> {
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
/// leads to is replaced, with the mode it has.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let target = match file.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => file.to_owned(),
        _ => fs::canonicalize(file)?,
    };
    let mode = match fs::metadata(&target) {
        // A file that may not be written to is not written to: the person, or whoever looks after this computer, said so.
        Ok(there) if there.permissions().readonly() => return Err(ErrorKind::PermissionDenied.into()),
        Ok(there) => Some(there.permissions()),
        Err(_) => None,
    };
    let draft = Draft::new(&target);
    let mut out = private::options().create_new(true).open(&draft.0)?;
    out.write_all(text.as_bytes())?;
    set_mode(&out, mode)?;
    out.sync_all()?;
    fs::rename(&draft.0, &target)
}

fn set_mode(file: &File, mode: Option<Permissions>) -> io::Result<()> {
    mode.map_or(Ok(()), |mode| file.set_permissions(mode))
}

/// A name beside a file, which is free again when this is dropped.
struct Draft(PathBuf);

impl Draft {
    fn new(target: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(target.with_file_name(format!(".latchkey-{}-{number}.part", std::process::id())))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After it took its name there is nothing here.
        let _ = fs::remove_file(&self.0);
    }
}

fn explain(error: &io::Error, file: &Path) -> Failure {
    tracing::warn!(%error, "the configuration of ssh is not changed");
    let file = file.display();
    let why = match error.kind() {
        ErrorKind::InvalidData => "is not UTF-8 text".to_owned(),
        ErrorKind::PermissionDenied => "may not be changed".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "is on a disk that is read-only".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "cannot be changed: there is no room".to_owned(),
        ErrorKind::NotFound => "leads to a file that is not there".to_owned(),
        ErrorKind::IsADirectory => "is not a file".to_owned(),
        ErrorKind::FileTooLarge => "is too large".to_owned(),
        _ => format!("cannot be changed: {error}"),
    };
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ShellCode::DiskFull,
        _ => ShellCode::FileUnwritable,
    };
    failure(code, format!("{file} {why}. It stays as it was; change it by hand."))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn block(id: &str) -> HostBlock<'_> {
        let identity_file = "~/.ssh/id_ed25519";
        HostBlock { id, alias: "build", host_name: "build.example.org", user: None, port: None, identity_file }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_the_persons_alone_and_an_old_one_keeps_its_mode_and_every_byte() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        add(&file, &block("a")).unwrap();
        assert_eq!(mode(&file), 0o600);
        assert!(fs::read_to_string(&file).unwrap().contains("HostName build.example.org"));
        remove(&file, "a").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "");

        for before in ["Host x\n  User y", "Host x\r\n\tUser y\r\n\r\n# é\r\n", "\u{feff}Host x\n"] {
            fs::write(&file, before).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
            add(&file, &block("a")).unwrap();
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.ends_with(before.trim_start_matches('\u{feff}')), "{text}");
            assert_eq!(text.contains("\r\n    HostName"), before.contains('\r'), "{text}");
            assert_eq!(mode(&file), 0o640);
            remove(&file, "a").unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), before);
        }
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "no draft is left");
    }

    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (file, kept) = (folder.path().join("config"), folder.path().join("dotfiles"));
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("ssh"), "User ada\n").unwrap();
        symlink("dotfiles/ssh", &file).unwrap();
        add(&file, &block("a")).unwrap();
        assert!(file.is_symlink());
        assert!(fs::read_to_string(kept.join("ssh")).unwrap().ends_with("User ada\n"));
        assert_eq!(fs::read_dir(&kept).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_changed_stays_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |file: &Path| {
            let failure = add(file, &block("a")).unwrap_err();
            assert_eq!(failure.code, ShellCode::FileUnwritable.into());
            failure.detail.unwrap()
        };
        let latin = folder.path().join("latin");
        fs::write(&latin, b"# \xe9\n").unwrap();
        assert!(refused(&latin).contains("is not UTF-8 text. It stays"));
        assert_eq!(fs::read(&latin).unwrap(), b"# \xe9\n");
        let locked = folder.path().join("locked");
        fs::write(&locked, "").unwrap();
        fs::set_permissions(&locked, Permissions::from_mode(0o400)).unwrap();
        assert!(refused(&locked).contains("may not be changed"));
        assert!(refused(folder.path()).contains("is not a file"));
        let nowhere = folder.path().join("nowhere");
        symlink("gone", &nowhere).unwrap();
        assert!(refused(&nowhere).contains("leads to a file that is not there"));
        let damaged = folder.path().join("damaged");
        fs::write(&damaged, "# Latchkey: begin a\nHost x\n").unwrap();
        assert!(refused(&damaged).contains("damaged"));
        let huge = folder.path().join("huge");
        fs::write(&huge, vec![b'#'; 4 * 1024 * 1024 + 1]).unwrap();
        assert!(refused(&huge).contains("too large"));
    }
}

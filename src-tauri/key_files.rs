//! A pair of keys on its way into files. What is there already is never opened, and a pair that is not whole leaves
//! nothing.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use latchkey_api::{
    desktop::{Failure, ShellCode},
    problem::FieldCode,
};
use zeroize::Zeroizing;

use crate::{error::failure, private, public_key_file::field};

/// What the public half has behind its name.
const PUBLIC: &str = ".pub";

/// The longest name of a private half: with `.pub` behind it, as long as file systems take.
const NAME_LIMIT: usize = 250;

/// Names that mean something to `ssh` and `sshd` in a person's `.ssh`, or to the file system.
const RESERVED: [&str; 9] =
    [".", "..", "authorized_keys", "authorized_keys2", "config", "environment", "known_hosts", "known_hosts2", "rc"];

/// Where a pair goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    folder: PathBuf,
    name: String,
}

impl Destination {
    /// A folder, given as an absolute path, and the file name of the private half. What does not fit says so at
    /// `/folder` or `/file_name`.
    pub fn new(folder: &str, name: &str) -> Result<Self, Failure> {
        let folder = PathBuf::from(folder);
        if !folder.is_absolute() {
            let detail = "Choose a folder by its whole path.".to_owned();
            return Err(field("/folder", FieldCode::Invalid, detail));
        }
        let wrong = |code, detail: &str| Err(field("/file_name", code, detail.to_owned()));
        match name {
            _ if name.trim().is_empty() => wrong(FieldCode::Blank, "Give the file a name."),
            _ if name.len() > NAME_LIMIT => wrong(FieldCode::TooLong, "This name is too long. Choose a shorter one."),
            _ if name.ends_with(PUBLIC) => {
                wrong(FieldCode::Invalid, "Leave out .pub: the public half gets it by itself.")
            }
            _ if RESERVED.contains(&name) => {
                wrong(FieldCode::Reserved, "This name stands for something else. Choose another one.")
            }
            _ if name.contains(['/', '\\']) || name.chars().any(char::is_control) => {
                wrong(FieldCode::Invalid, "A file name has no slashes and no control characters.")
            }
            _ => Ok(Self { folder, name: name.to_owned() }),
        }
    }

    /// Path of the private half.
    pub fn private(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Path of the public half.
    pub fn public(&self) -> PathBuf {
        self.folder.join(format!("{}{PUBLIC}", self.name))
    }

    /// Whether nothing has either name, not even a link that leads nowhere.
    pub fn is_free(&self) -> bool {
        [self.private(), self.public()].iter().all(|path| path.symlink_metadata().is_err())
    }

    /// Writes both halves, to the disk and back. Blocks. What is there already says so at `/file_name`.
    pub fn write(&self, private: &str, public: &str) -> Result<Written, Failure> {
        let told = |error: io::Error| self.explain(&error);
        let mut written = Written { paths: Vec::new(), kept: false };
        written.add(&self.private(), 0o600, private.as_bytes()).map_err(told)?;
        written.add(&self.public(), 0o644, public.as_bytes()).map_err(told)?;
        if let Err(error) = File::open(&self.folder).and_then(|folder| folder.sync_all()) {
            tracing::debug!(%error, "the names of two files may not outlive a power failure");
        }
        Ok(written)
    }

    fn explain(&self, error: &io::Error) -> Failure {
        tracing::warn!(%error, "a pair of keys cannot be written");
        let folder = self.folder.display();
        match error.kind() {
            ErrorKind::AlreadyExists => {
                let detail = format!("{} is there already. Choose another name.", self.name);
                field("/file_name", FieldCode::Taken, detail)
            }
            ErrorKind::NotFound | ErrorKind::NotADirectory => {
                field("/folder", FieldCode::Invalid, format!("There is no folder {folder}. Choose another folder."))
            }
            ErrorKind::PermissionDenied => {
                let detail = format!("You may not write to {folder}. Choose another folder.");
                field("/folder", FieldCode::Invalid, detail)
            }
            ErrorKind::ReadOnlyFilesystem => {
                field("/folder", FieldCode::Invalid, format!("{folder} is read-only. Choose another folder."))
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                let detail = format!("There is no room in {folder}. Free some space, or choose another folder.");
                failure(ShellCode::DiskFull, detail)
            }
            ErrorKind::InvalidData => {
                let detail = "The key did not read back as it was written: the disk may be damaged. Choose a folder on \
                              another disk.";
                failure(ShellCode::FileUnwritable, detail.to_owned())
            }
            _ => {
                let detail = format!("The key cannot be written to {folder}: {error}. Choose another folder.");
                failure(ShellCode::FileUnwritable, detail)
            }
        }
    }
}

/// Files that were written. They are removed again when this is dropped, unless they are kept.
pub struct Written {
    paths: Vec<PathBuf>,
    kept: bool,
}

impl Written {
    /// The files stay.
    pub fn keep(mut self) {
        self.kept = true;
    }

    /// Makes a new file, which no link and no file of before can stand in for.
    fn add(&mut self, path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
        let mut file = private::options_with(mode).create_new(true).open(path)?;
        self.paths.push(path.to_owned());
        file.write_all(content)?;
        file.sync_all()?;
        compare(path, content)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        for path in &self.paths {
            if let Err(error) = fs::remove_file(path) {
                tracing::warn!(%error, "half of a pair of keys stays");
            }
        }
    }
}

fn compare(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut read = Zeroizing::new(Vec::with_capacity(content.len() + 1));
    File::open(path)?.take(content.len() as u64 + 1).read_to_end(&mut read)?;
    if *read == content { Ok(()) } else { Err(ErrorKind::InvalidData.into()) }
}

/// A name that is free in a folder: `id_ed25519`, else one that says whose it is.
pub fn free_name(folder: &Path) -> String {
    let further = (2..1000).map(|number| format!("id_ed25519_latchkey_{number}"));
    let names = ["id_ed25519".to_owned(), "id_ed25519_latchkey".to_owned()].into_iter().chain(further);
    let is_free = |name: &String| Destination { folder: folder.to_owned(), name: name.clone() }.is_free();
    // Whoever has a thousand keys is told that the name is taken.
    names.into_iter().find(is_free).unwrap_or_else(|| "id_ed25519".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(refused: &Failure) -> (&str, FieldCode) {
        (&refused.errors[0].pointer, refused.errors[0].code)
    }

    #[test]
    fn names_that_mean_something_else_are_refused() {
        for (name, code) in [
            ("", FieldCode::Blank),
            (" ", FieldCode::Blank),
            ("..", FieldCode::Reserved),
            ("config", FieldCode::Reserved),
            ("authorized_keys", FieldCode::Reserved),
            ("authorized_keys2", FieldCode::Reserved),
            ("known_hosts", FieldCode::Reserved),
            ("known_hosts2", FieldCode::Reserved),
            ("environment", FieldCode::Reserved),
            ("rc", FieldCode::Reserved),
            ("a/b", FieldCode::Invalid),
            ("a\nb", FieldCode::Invalid),
            ("id.pub", FieldCode::Invalid),
            (&"x".repeat(251), FieldCode::TooLong),
        ] {
            assert_eq!(pointer(&Destination::new("/tmp", name).unwrap_err()), ("/file_name", code), "{name}");
        }
        assert_eq!(pointer(&Destination::new("keys", "id").unwrap_err()), ("/folder", FieldCode::Invalid));
        assert!(Destination::new("/tmp", "id_ed25519").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_that_is_there_is_touched_and_nothing_half_is_left() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let to = |name: &str| Destination::new(&folder.path().display().to_string(), name).unwrap();
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(free_name(folder.path()), "id_ed25519");
        to("id_ed25519").write("private", "public").unwrap().keep();
        assert_eq!((mode(to("id_ed25519").private()), mode(to("id_ed25519").public())), (0o600, 0o644));
        assert_eq!(free_name(folder.path()), "id_ed25519_latchkey");

        // A file, the public half of another key, and a link to a place where there is nothing.
        fs::write(to("other").public(), "another key").unwrap();
        symlink(folder.path().join("elsewhere"), to("link").private()).unwrap();
        for name in ["id_ed25519", "other", "link"] {
            let refused = to(name).write("new", "new").map(Written::keep).unwrap_err();
            assert_eq!(pointer(&refused), ("/file_name", FieldCode::Taken), "{name}");
        }
        assert_eq!(fs::read_to_string(to("id_ed25519").private()).unwrap(), "private");
        assert_eq!(fs::read_to_string(to("other").public()).unwrap(), "another key");
        drop(to("third").write("private", "public").unwrap());
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["id_ed25519", "id_ed25519.pub", "link", "other.pub"]);

        for name in ["id_ed25519_latchkey.pub", "id_ed25519_latchkey_2"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(free_name(folder.path()), "id_ed25519_latchkey_3");
        let gone = Destination::new(&folder.path().join("gone").display().to_string(), "id").unwrap();
        assert_eq!(pointer(&gone.write("x", "y").map(Written::keep).unwrap_err()), ("/folder", FieldCode::Invalid));
    }
}

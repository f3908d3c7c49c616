//! The configuration of the OpenSSH client: a block for one host goes in, and comes out again. Everything else in the file
//! stays as it is, byte for byte.

use std::path::{Path, PathBuf};

use latchkey_api::desktop::Failure;
use latchkey_ssh::config::{HostBlock, hosts_named, with_host, without_host};

use crate::edited_file;

/// The file in a person's home.
pub fn path(home: &Path) -> PathBuf {
    home.join(".ssh/config")
}

/// Puts a block in, in the place of the one with its id. Blocks.
pub fn add(file: &Path, block: &HostBlock<'_>) -> Result<(), Failure> {
    edited_file::change(file, |text| with_host(text, block))
}

/// Takes the block with this id out. Blocks. That there is none is no failure.
pub fn remove(file: &Path, id: &str) -> Result<(), Failure> {
    edited_file::change(file, |text| without_host(text, id))
}

/// Whether the person has a block of their own for this name. Blocks. What cannot be read has none.
pub fn names(file: &Path, alias: &str) -> bool {
    edited_file::read(file).is_ok_and(|text| hosts_named(&text, alias))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::{PermissionsExt, symlink},
    };

    use latchkey_api::desktop::ShellCode;

    use super::*;
    use crate::edited_file::change_with;

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
        let twice = folder.path().join("twice");
        fs::write(&twice, "User ada\n").unwrap();
        fs::hard_link(&twice, folder.path().join("other name")).unwrap();
        assert!(refused(&twice).contains("more than one name"));
        assert_eq!(fs::read_to_string(&twice).unwrap(), "User ada\n");
        let huge = folder.path().join("huge");
        fs::write(&huge, vec![b'#'; 4 * 1024 * 1024 + 1]).unwrap();
        assert!(refused(&huge).contains("too large"));
    }

    #[test]
    fn what_another_program_writes_meanwhile_is_not_lost_and_its_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        fs::write(&file, "User ada\n").unwrap();
        // A draft of another one, which has the name the next draft here would have.
        let number = std::process::id();
        for n in 0..64 {
            fs::write(folder.path().join(format!(".latchkey-{number}-{n}.part")), "theirs").unwrap();
        }
        let once = std::cell::Cell::new(true);
        let meanwhile = || {
            if once.replace(false) {
                fs::write(&file, "User bob\n").unwrap();
            }
        };
        change_with(&file, |text| with_host(text, &block("a")), meanwhile).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("HostName build.example.org") && text.ends_with("User bob\n"), "{text}");

        let count = std::cell::Cell::new(0);
        let always = || {
            count.set(count.get() + 1);
            fs::write(&file, format!("User u{}\n", count.get())).unwrap();
        };
        let refused = change_with(&file, |text| with_host(text, &block("b")), always).unwrap_err();
        assert!(refused.detail.unwrap().contains("is being changed by another program"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "User u3\n");
        let theirs = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let theirs = theirs.filter(|path| fs::read(path).unwrap() == b"theirs").count();
        assert_eq!(theirs, 64);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 65, "no draft of ours is left");
    }
}

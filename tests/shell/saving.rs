//! Backup codes on paper and in a file.

use std::{fs, path::Path, sync::atomic::Ordering};

use chrono::DateTime;
use latchkey::{
    commands::{account, backup_codes, outside},
    dialogs::SaveFile,
    places::LOCAL,
};
use latchkey_api::{
    desktop::{Failure, NativeWords, NoArgs, SaveBackupCodes, SavedFile, ShellCode},
    wire::Secret,
};
use latchkey_testkit::{Wiring, World, sign_up};

use crate::desk::Desk;

const CODES: [&str; 3] = ["abcde-fghjk", "mnpqr-stuvw", "xyz23-45678"];

async fn saves(desk: &Desk) -> Result<Option<SavedFile>, Failure> {
    let codes = CODES.map(Secret::new).into();
    let created_at = DateTime::from_timestamp(1_768_219_200, 0).unwrap();
    backup_codes::save_backup_codes(desk, SaveBackupCodes { codes, created_at }).await
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn backup_codes_become_a_file_for_the_person_alone() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes.txt");
    desk.dialogs.answer(Some(path.clone()));
    let saved = saves(&desk).await.unwrap().unwrap();
    assert_eq!((saved.name.as_str(), Path::new(&saved.folder)), ("codes.txt", folder.path()));
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "Latchkey backup codes\n\nAccount: ada\nServer: This computer\nCreated: 12 January 2026, 12:00 UTC\n\n\
         Each code works once, in the place of a code of your authenticator app.\n\n\
         abcde-fghjk\nmnpqr-stuvw\nxyz23-45678\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let name = "latchkey-backup-codes-this-computer-ada.txt".to_owned();
    assert_eq!(desk.dialogs.asked(), [SaveFile::text(&NativeWords::default().dialogs, "Download Backup Codes", name)]);
    assert_eq!(names(folder.path()), ["codes.txt"]);
}

#[tokio::test]
async fn a_file_of_a_server_says_so() {
    let world = World::new(Wiring::Socket).await;
    let desk = Desk::new(&world);
    let origin = world.origin.clone().unwrap();
    desk.chooses(&origin).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    let path = desk.home.path().join("codes.txt");
    desk.dialogs.answer(Some(path.clone()));
    saves(&desk).await.unwrap();
    let host = origin.strip_prefix("http://").unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(&format!("Server: Latchkey ({host})\n")), "{text}");
    let name = format!("latchkey-backup-codes-{}-ada.txt", host.replace(':', "-"));
    assert_eq!(desk.dialogs.asked()[0].name, name);
}

#[tokio::test]
async fn who_changes_their_mind_leaves_nothing() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.dialogs.answer(None);
    assert_eq!(saves(&desk).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_saved_says_what_to_do_and_keeps_what_was_there() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("codes.txt");
    fs::create_dir(&taken).unwrap();
    let precious = taken.join("precious");
    fs::write(&precious, "keep me").unwrap();
    for path in [taken.clone(), precious.join("codes.txt"), folder.path().join("gone/codes.txt")] {
        desk.dialogs.answer(Some(path.clone()));
        let failure = saves(&desk).await.unwrap_err();
        assert_eq!(failure.code, ShellCode::FileUnwritable.into(), "{}", path.display());
        assert!(failure.detail.unwrap().contains("Choose another"));
    }
    assert_eq!(fs::read_to_string(&precious).unwrap(), "keep me");
    assert_eq!((names(folder.path()), names(&taken)), (vec!["codes.txt".into()], vec!["precious".into()]));
}

/// A disk of four pages, where this machine lets one be made.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_said_and_the_file_before_it_stays() {
    use std::process::Command;
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"]).arg(folder.path()).output();
    if !mounted.is_ok_and(|done| done.status.success()) {
        eprintln!("no disk can be made here: the words for a full one are tested in saved_file alone");
        return;
    }
    let path = folder.path().join("codes.txt");
    fs::write(&path, "the codes before\n").unwrap();
    let filled = fs::write(folder.path().join("film"), vec![0; 64 * 1024]);
    desk.dialogs.answer(Some(path.clone()));
    let failure = saves(&desk).await;
    let (kept, left) = (fs::read_to_string(&path), names(folder.path()));
    assert!(Command::new("umount").arg(folder.path()).status().unwrap().success());
    assert!(filled.is_err());
    assert_eq!(failure.unwrap_err().code, ShellCode::DiskFull.into());
    assert_eq!(kept.unwrap(), "the codes before\n");
    assert_eq!(left, ["codes.txt", "film"]);
}

#[tokio::test]
async fn what_a_dialog_answers_is_for_whoever_opened_it() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.chooses(LOCAL).await.unwrap();
    assert!(saves(&desk).await.is_err(), "nobody is signed in, and no dialog opens");
    assert!(desk.dialogs.asked().is_empty());
}

#[tokio::test]
async fn the_page_is_printed_or_it_is_said_that_it_cannot_be() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    outside::print_page(&desk, NoArgs {}).await.unwrap();
    assert_eq!(*desk.printer.printed.lock().unwrap(), 1);
    desk.printer.gone.store(true, Ordering::SeqCst);
    let failure = outside::print_page(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(failure.code, ShellCode::PrinterUnavailable.into());
}

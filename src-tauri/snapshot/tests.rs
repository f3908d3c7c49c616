use std::{fs, sync::Arc};

use latchkey_api::{
    common::Page,
    profile::{AvatarLink, Profile},
    wire::{ETag, Secret},
};

use super::*;
use crate::vault::{Memory, Vault};

struct Shelf {
    snapshots: Snapshots,
    keychain: Arc<Memory>,
    home: tempfile::TempDir,
}

impl Shelf {
    fn new() -> Self {
        let (keychain, home) = (Arc::new(Memory::default()), tempfile::tempdir().unwrap());
        let snapshots = Snapshots::new(home.path().join("snapshots"), SnapshotKeys::new(keychain.clone()));
        Self { snapshots, keychain, home }
    }

    /// The same folder and keychain, used by another process.
    fn again(&self) -> Snapshots {
        Snapshots::new(self.home.path().join("snapshots"), SnapshotKeys::new(self.keychain.clone()))
    }

    fn file(&self, account: &AccountKey) -> PathBuf {
        file::path(&self.snapshots.folder, account)
    }

    async fn seen(&self, account: &AccountKey) -> Option<Snapshot> {
        self.again().open(account).await.map(|seen| seen.snapshot)
    }
}

fn account(username: &str) -> AccountKey {
    AccountKey { place: "https://accounts.example.org".into(), username: username.into() }
}

fn profile(name: &str, version: &str) -> Kept<ProfileView> {
    let profile = Profile {
        id: uuid::Uuid::nil(),
        username: "ada".into(),
        name: name.into(),
        email: "ada@example.org".into(),
        pending_email: None,
        location: None,
        bio: None,
        avatar: AvatarLink { url: "/v1/users/ada/avatar".into(), custom: true },
        two_factor_enabled: false,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    Kept { at: DateTime::UNIX_EPOCH, value: ProfileView { profile, etag: ETag(version.into()) } }
}

fn of(name: &str) -> Snapshot {
    Snapshot { profile: Some(profile(name, "\"1\"")), ..Snapshot::default() }
}

#[tokio::test]
async fn what_is_newer_takes_the_place_of_what_was_there_and_leaves_the_rest() {
    let (shelf, ada) = (Shelf::new(), account("ada"));
    let mut first = of("Ada");
    first.sessions = Some(Kept { at: DateTime::UNIX_EPOCH, value: Page { items: Vec::new(), next: None } });
    first.avatar.insert(64, "data:image/webp;base64,AAAA".into());
    shelf.snapshots.write(&ada, first.clone()).await;
    assert_eq!(shelf.seen(&ada).await, Some(first.clone()));

    shelf.snapshots.write(&ada, of("Ada Lovelace")).await;
    let seen = shelf.seen(&ada).await.unwrap();
    assert_eq!(seen.profile.unwrap().value.profile.name, "Ada Lovelace");
    assert_eq!((seen.sessions, seen.avatar), (first.sessions, first.avatar));

    let other = Snapshot { profile: Some(profile("Ada", "\"2\"")), ..Snapshot::default() };
    shelf.snapshots.write(&ada, other).await;
    assert!(shelf.seen(&ada).await.unwrap().avatar.is_empty(), "another version may have another picture");
}

#[tokio::test]
async fn nothing_of_it_can_be_read_in_the_file_or_by_anybody_else() {
    let (shelf, ada) = (Shelf::new(), account("ada"));
    shelf.snapshots.write(&ada, of("Ada")).await;
    let file = shelf.file(&ada);
    let bytes = fs::read(&file).unwrap();
    for word in ["Ada", "ada", "example.org", "profile", "username"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
        assert!(!file.file_name().unwrap().to_string_lossy().contains(word), "{word}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }
}

#[tokio::test]
async fn what_does_not_open_is_removed_and_the_next_one_is_kept() {
    let (shelf, ada, bob) = (Shelf::new(), account("ada"), account("bob"));
    shelf.snapshots.write(&bob, of("Bob")).await;
    let of_bob = fs::read(shelf.file(&bob)).unwrap();
    shelf.snapshots.write(&ada, of("Ada")).await;
    let whole = fs::read(shelf.file(&ada)).unwrap();
    let mut newer = whole.clone();
    newer[18] = b'2';
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    let key = shelf.snapshots.keys.read(&ada).await.unwrap().unwrap();
    let nonsense = sealed::seal(&key, &ada, b"nothing like it").unwrap();
    for (what, bytes) in [
        ("changed", changed),
        ("cut off", whole[..whole.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("of another account", of_bob),
        ("of another version", newer),
        ("no snapshot", nonsense),
        ("too large", vec![0; file::LIMIT + 1]),
    ] {
        fs::write(shelf.file(&ada), bytes).unwrap();
        assert_eq!(shelf.seen(&ada).await, None, "{what}");
        assert!(!shelf.file(&ada).exists(), "{what}");
        shelf.snapshots.write(&ada, of("Ada")).await;
        assert_eq!(shelf.seen(&ada).await, Some(of("Ada")), "{what}");
    }
    shelf.keychain.forget(&ada.snapshot_key()).await.unwrap();
    assert_eq!(shelf.seen(&ada).await, None, "without its key");
    assert!(!shelf.file(&ada).exists());
    assert_eq!(shelf.seen(&bob).await, Some(of("Bob")), "and others stay");
}

#[tokio::test]
async fn where_it_cannot_be_written_what_was_there_stays() {
    let (shelf, ada) = (Shelf::new(), account("ada"));
    // A folder in the place of the file: nothing takes its name, whoever runs this.
    fs::create_dir_all(shelf.file(&ada)).unwrap();
    shelf.snapshots.write(&ada, of("Ada")).await;
    assert!(shelf.file(&ada).is_dir());
    let left = fs::read_dir(&shelf.snapshots.folder).unwrap().count();
    assert_eq!(left, 1, "nothing half written is left");

    let blocked = Shelf::new();
    fs::write(blocked.home.path().join("snapshots"), "in the way").unwrap();
    blocked.snapshots.write(&ada, of("Ada")).await;
    assert_eq!(blocked.seen(&ada).await, None);
    blocked.snapshots.forget(&ada);
}

#[tokio::test]
async fn what_was_left_half_written_is_not_read_and_goes_with_accounts_that_left() {
    let (shelf, ada, bob) = (Shelf::new(), account("ada"), account("bob"));
    shelf.snapshots.write(&ada, of("Ada")).await;
    shelf.snapshots.write(&bob, of("Bob")).await;
    let half = shelf.snapshots.folder.join(".latchkey-1-1.part");
    fs::write(&half, "half").unwrap();
    assert_eq!(shelf.seen(&ada).await, Some(of("Ada")));
    file::remove_others(&shelf.snapshots.folder, std::slice::from_ref(&ada)).unwrap();
    assert!(!half.exists() && !shelf.file(&bob).exists());
    assert_eq!(shelf.seen(&ada).await, Some(of("Ada")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn of_two_who_write_at_once_the_last_one_is_there_and_whole() {
    let (shelf, ada) = (Shelf::new(), account("ada"));
    shelf.snapshots.write(&ada, of("0")).await;
    let writers = ["1", "2"].map(|name| {
        let (snapshots, ada) = (shelf.again(), ada.clone());
        tokio::spawn(async move {
            for _ in 0..20 {
                snapshots.write(&ada, of(name)).await;
            }
        })
    });
    for _ in 0..50 {
        let name = shelf.seen(&ada).await.expect("it is whole").profile.unwrap().value.profile.name;
        assert!(["0", "1", "2"].contains(&name.as_str()));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let name = shelf.seen(&ada).await.unwrap().profile.unwrap().value.profile.name;
    assert!(["1", "2"].contains(&name.as_str()));
}

#[tokio::test]
async fn what_is_too_large_is_kept_without_its_pictures() {
    let (shelf, ada) = (Shelf::new(), account("ada"));
    let mut large = of("Ada");
    large.avatar.insert(512, "A".repeat(file::LIMIT));
    shelf.snapshots.write(&ada, large).await;
    assert_eq!(shelf.seen(&ada).await, Some(of("Ada")));

    let endless = Snapshot { profile: Some(profile(&"A".repeat(file::LIMIT), "\"1\"")), ..Snapshot::default() };
    shelf.snapshots.write(&ada, endless).await;
    assert_eq!(shelf.seen(&ada).await, Some(of("Ada")), "what was there stays");
}

/// No keychain.
struct Absent;

#[async_trait::async_trait]
impl Vault for Absent {
    async fn read(&self, _: &AccountKey) -> Result<Option<Secret>, VaultError> {
        Err(VaultError::Absent)
    }

    async fn write(&self, _: &AccountKey, _: &Secret) -> Result<(), VaultError> {
        Err(VaultError::Absent)
    }

    async fn forget(&self, _: &AccountKey) -> Result<(), VaultError> {
        Err(VaultError::Absent)
    }

    async fn names(&self, _: &str) -> Result<Vec<String>, VaultError> {
        Err(VaultError::Absent)
    }
}

#[tokio::test]
async fn without_a_key_nothing_is_written() {
    let (shelf, ada) = (Shelf::new(), account("ada"));
    shelf.keychain.write(&ada.snapshot_key(), &Secret::new("damaged")).await.unwrap();
    shelf.snapshots.write(&ada, of("Ada")).await;
    assert!(shelf.seen(&ada).await.is_some(), "a damaged key is replaced");

    let without = Snapshots::new(shelf.home.path().join("without"), SnapshotKeys::new(Arc::new(Absent)));
    without.write(&ada, of("Ada")).await;
    assert!(!shelf.home.path().join("without").exists());
    let here = Snapshots::new(shelf.snapshots.folder.clone(), SnapshotKeys::new(Arc::new(Absent)));
    assert!(here.open(&ada).await.is_none());
    assert!(shelf.file(&ada).exists(), "a keychain that does not answer says nothing of the file");
}

#[test]
fn of_the_service_in_this_process_nothing_is_kept() {
    let shelf = Shelf::new();
    let here = AccountKey { place: LOCAL.into(), username: "ada".into() };
    shelf.snapshots.keep(&here, |newer| newer.profile = Some(profile("Ada", "\"1\"")));
    assert!(shelf.snapshots.take_waiting().is_empty());
}

/// A disk of four pages, where this machine lets one be made.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_leaves_what_was_there() {
    use std::process::Command;
    let (shelf, ada) = (Shelf::new(), account("ada"));
    fs::create_dir_all(&shelf.snapshots.folder).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k,mode=700", "tmpfs"])
        .arg(&shelf.snapshots.folder)
        .output();
    if !mount.is_ok_and(|done| done.status.success()) {
        eprintln!("no disk can be made here: a folder that cannot be written to is tested all the same");
        return;
    }
    shelf.snapshots.write(&ada, of("Ada")).await;
    let mut larger = of("Ada Lovelace");
    larger.avatar.insert(512, "A".repeat(64 * 1024));
    shelf.snapshots.write(&ada, larger).await;
    let (seen, left) = (shelf.seen(&ada).await, fs::read_dir(&shelf.snapshots.folder).unwrap().count());
    assert!(Command::new("umount").arg(&shelf.snapshots.folder).status().unwrap().success());
    assert_eq!(seen, Some(of("Ada")));
    assert_eq!(left, 1, "nothing half written is left");
}

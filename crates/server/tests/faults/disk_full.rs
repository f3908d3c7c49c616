//! No room on the disk: writes are refused and say why, reads go on, nothing is damaged, and when there is room again
//! everything goes on by itself.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use latchkey_api::profile::ProfileApi;

use crate::{
    chance::chance,
    load::{Load, Told, WhenLost, told},
    program::{Home, Served, ended},
    rows::Rows,
    running::{SETTINGS, crowd, somebody, without_faults},
    tools,
};

/// What is on it, as a copy: SQLite leaves its files beside the database, which is another file system from out here.
fn rows(disk: &SmallDisk, home: &Home) -> Rows {
    let copy = home.file("copy.sqlite3", "");
    fs::copy(disk.path("latchkey.sqlite3"), &copy).unwrap();
    Rows::Sqlite(copy)
}

/// A small file system in memory, in a name space of its own: it is seen by what runs in there alone, and is gone with the
/// last of it, however the test ends. Without being root, a user name space lets us mount it.
struct SmallDisk {
    holder: Child,
    folder: PathBuf,
}

impl SmallDisk {
    fn new(folder: &Path, kib: u32) -> Self {
        fs::create_dir_all(folder).unwrap();
        let mut unshare = tools::command("unshare");
        if !is_root() {
            unshare.args(["--user", "--map-root-user"]);
        }
        let script = "mount -t tmpfs -o mode=700,size=$1k small \"$2\" && echo ready && exec cat";
        unshare.args(["--mount", "--propagation", "private", "sh", "-c", script, "sh", &kib.to_string()]).arg(folder);
        let mut holder = unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "a small disk is mounted; that takes root, or user name spaces");
        Self { holder, folder: folder.into() }
    }

    /// What stands before a program that sees it.
    fn inside(&self) -> Vec<String> {
        let target = self.holder.id().to_string();
        let mut words = vec!["nsenter".into(), "--target".into(), target, "--mount".into()];
        if !is_root() {
            words.extend(["--user".into(), "--preserve-credentials".into()]);
        }
        words.push("--".into());
        words
    }

    /// A file on it, as it is seen from outside.
    fn path(&self, name: &str) -> PathBuf {
        let folder = self.folder.canonicalize().unwrap();
        Path::new(&format!("/proc/{}/root", self.holder.id())).join(folder.strip_prefix("/").unwrap()).join(name)
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = fs::File::create(self.path("filler")).unwrap();
        for size in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.path("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_nothing_is_lost() {
    let (home, mut rng) = (Home::new(), chance());
    let disk = SmallDisk::new(&home.data(), 24 * 1024);
    let inside = disk.inside();
    let inside: Vec<_> = inside.iter().map(String::as_str).collect();
    let serve = || Served::start(home.serving(&inside, "127.0.0.1:0", &SETTINGS));
    let served = serve();
    let client = served.client();
    let (mut workers, contested) = crowd(&client, &mut rng).await;
    let (mut ada, me) = somebody(&client, "ada").await;
    let mut full = 0;
    for _ in 0..3 {
        let load = Load::start(workers, &contested, || served.client(), WhenLost::GoOn);
        tokio::time::sleep(Duration::from_millis(400)).await;
        disk.fill();
        tokio::time::sleep(Duration::from_millis(600)).await;
        client.get_profile(&me).await.expect("reads go on");
        disk.make_room();
        tokio::time::sleep(Duration::from_millis(400)).await;
        workers = load.end().await;
        for person in workers.iter_mut().flat_map(|worker| &mut worker.people).chain([&mut ada]) {
            person.settle(&client).await.unwrap_or_else(|lost| panic!("{lost}"));
        }
        contested.settle(&client).await.unwrap_or_else(|lost| panic!("the profile everybody edits: {lost}"));
        let said = told(&workers);
        println!("{said:?}");
        let unexpected: Vec<_> = said.not.keys().filter(|(code, _)| *code != "storage_full").collect();
        assert!(unexpected.is_empty(), "{unexpected:?}");
        full += said.not.values().sum::<u64>();
        for worker in &mut workers {
            worker.told = Told::default();
        }
    }
    assert!(full > 10, "{full} writes met a full disk");
    served.signal("TERM");
    without_faults(&served.end().err);
    assert_eq!(rows(&disk, &home).half_done(), [""; 0]);
    // Where there is no room at all it does not start, and says why.
    disk.fill();
    let refused = ended(&mut home.serving(&inside, "127.0.0.1:0", &SETTINGS), "");
    assert!(refused.code == 1 && refused.err.contains("no room left"), "{}", refused.err);
    disk.make_room();
    let served = serve();
    ada.settle(&served.client()).await.unwrap();
    let mut check = Command::new(inside[0]);
    check.args(&inside[1..]).arg(env!("CARGO_BIN_EXE_latchkey-server")).args(["admin", "verify-activity", "--data"]);
    let verified = ended(check.arg(home.data()), "");
    assert_eq!(verified.code, 0, "{}", verified.err);
}

//! The program while it runs, and how it is put under load.

use std::{path::Path, sync::Arc};

use fastrand::Rng;
use latchkey_api::common::Caller;
use latchkey_client::Client;

use crate::{change::Change, contested::Contested, load::Worker, people::Person, program::Served};

/// How many work at the same time.
pub(crate) const WORKERS: u64 = 6;

/// Nobody is slowed down: these people have much to do. Mail is written for a server that never takes it.
pub(crate) const SETTINGS: [(&str, &str); 3] = [
    ("LATCHKEY_POLICY__THROTTLES", "off"),
    ("LATCHKEY_SMTP__URL", "smtp://localhost:9"),
    ("LATCHKEY_SMTP__FROM", "accounts@example.org"),
];

/// Those who work, and the profile all of them edit.
pub(crate) async fn crowd(client: &Client, rng: &mut Rng) -> (Vec<Worker>, Arc<Contested>) {
    let (mut editor, _) = Person::joins(client, "contested".into()).await;
    editor.makes(client, &Change::SignIn).await;
    let contested = Contested::new(client, editor.caller()).await;
    (Worker::all(WORKERS, rng), Arc::new(contested))
}

/// Somebody who is signed in.
pub(crate) async fn somebody(client: &Client, name: &str) -> (Person, Caller) {
    let (mut person, _) = Person::joins(client, name.into()).await;
    person.makes(client, &Change::SignIn).await;
    let caller = person.caller();
    (person, caller)
}

/// Ends it in the middle of whatever it does; what it wrote to its log.
pub(crate) fn kill(mut served: Served) -> String {
    served.child.kill().unwrap();
    served.child.wait().unwrap();
    served.log.take().unwrap().join().unwrap()
}

/// Nothing in a log says that the program is at fault.
pub(crate) fn without_faults(log: &str) -> &str {
    assert!(!log.contains("panicked") && !log.contains("fault of the program"), "{log}");
    log
}

/// What the program holds of the memory, in KiB.
pub(crate) fn resident(served: &Served) -> u64 {
    of_status(served, "VmRSS:").trim_end_matches(" kB").trim().parse().unwrap()
}

/// How many files and connections it has open.
pub(crate) fn open_files(served: &Served) -> usize {
    std::fs::read_dir(Path::new("/proc").join(served.child.id().to_string()).join("fd")).unwrap().count()
}

fn of_status(served: &Served, name: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name} is not in {status}")).trim().to_owned()
}

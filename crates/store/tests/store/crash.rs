use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use latchkey_store::*;

use crate::{
    home::connect,
    rerun::{rerun, role},
    world::*,
};

const ROUNDS: u32 = 12;
const WRITERS: usize = 32;

/// A process that writes as fast as it can is killed at a random moment, again and again, on one database.
/// Whatever it had been told is kept is there, and nothing half-done is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_survives_a_kill() {
    if let Some(role) = role() {
        return write_until_killed(&role).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latchkey.db");
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let told = kill_after(&path, round, Duration::from_millis(40 + u64::from(round * 37 % 160)));
        verify(&path, &told).await;
        acknowledged.extend(told);
    }
    verify(&path, &acknowledged).await;
    println!("{} writes acknowledged before {ROUNDS} kills", acknowledged.len());
}

/// The names of the accounts the killed process was told are kept.
fn kill_after(path: &Path, round: u32, span: Duration) -> BTreeSet<String> {
    let role = format!("{round} {}", path.display());
    let mut child =
        rerun(&[], "crash::every_acknowledged_write_survives_a_kill", &role).stdout(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (begun, begins) = std::sync::mpsc::channel();
    let reading = std::thread::spawn(move || {
        let mut told = BTreeSet::new();
        for line in out.split(b'\n') {
            // The last line may be cut, so every whole one ends with a stop.
            let line = String::from_utf8(line.unwrap()).unwrap();
            if let Some(name) = line.strip_prefix("kept ").and_then(|l| l.strip_suffix('.')) {
                let _ = begun.send(());
                told.insert(name.to_owned());
            }
        }
        told
    });
    // The span counts from the first write, however long the process took to start.
    begins.recv_timeout(Duration::from_secs(30)).expect("a first write");
    std::thread::sleep(span);
    child.kill().unwrap();
    assert!(child.wait().unwrap().code().is_none(), "ended by the signal");
    reading.join().unwrap()
}

async fn write_until_killed(role: &str) {
    let (round, path) = role.split_once(' ').unwrap();
    let store = Store::open(Path::new(path)).await.unwrap();
    let out = Arc::new(Mutex::new(std::io::stdout()));
    at_once(WRITERS, |writer| {
        let (store, out, round) = (store.clone(), out.clone(), round.to_owned());
        async move {
            for i in 0.. {
                let name = format!("r{round}w{writer}n{i}");
                // Not the counter of this process: another one has begun with the same.
                let id = AccountId(Uuid::from_u128(u128::from_be_bytes(id_of(&name))));
                let account = store.sign_up(NewAccount { account_id: id, ..person(&name) }).await.unwrap();
                let mut session = session_of(account.account_id, NOW);
                session.token_hash[..16].copy_from_slice(id.0.as_bytes());
                session.session_id = SessionId(id.0);
                store.add_session(session, PHC, event("signed_in", NOW)).await.unwrap().unwrap();
                let mut out = out.lock().unwrap();
                writeln!(out, "\nkept {name}.").and_then(|()| out.flush()).unwrap();
            }
        }
    })
    .await;
}

fn id_of(name: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes
}

async fn verify(path: &Path, acknowledged: &BTreeSet<String>) {
    let store = Store::open(path).await.unwrap();
    for name in acknowledged {
        let id = store.find_login(LoginKind::Username, name).await.unwrap().expect(name);
        assert_eq!(store.find_login(LoginKind::Email, &format!("{name}@example.org")).await.unwrap(), Some(id));
        assert!(store.credentials(id).await.unwrap().is_some_and(|c| c.account.username == *name));
        assert_eq!(store.list_sessions(id, NOW, None, 10).await.unwrap().len(), 1, "{name}");
    }
    store.close().await;
    let mut c = connect(path).await;
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut c).await.unwrap();
    assert_eq!(sound, "ok");
    let halves: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM accounts a LEFT JOIN passwords p ON p.account_id = a.account_id \
         LEFT JOIN (SELECT account_id, COUNT(*) AS names FROM logins GROUP BY account_id) l \
         ON l.account_id = a.account_id WHERE p.account_id IS NULL OR l.names IS NOT 2) \
         + (SELECT COUNT(*) FROM logins WHERE account_id NOT IN (SELECT account_id FROM accounts))",
    )
    .fetch_one(&mut c)
    .await
    .unwrap();
    assert_eq!(halves, 0);
}

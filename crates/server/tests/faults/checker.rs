//! Whether what looks for losses finds them: each is made by hand, in the database of a service that was ended.

use std::time::Duration;

use crate::{
    chance::chance,
    load::{Load, WhenLost},
    program::{Home, Served},
    rows::Rows,
    running::{SETTINGS, crowd},
};

/// What is done to the newest account that has some, and whether its person has to miss something, or the tables to be
/// found half done.
const LOSSES: [(&str, &str, bool, bool); 7] = [
    (
        "an API key",
        "DELETE FROM api_keys WHERE key_id = (SELECT key_id FROM api_keys ORDER BY created_at DESC LIMIT 1)",
        true,
        true,
    ),
    (
        "an SSH key",
        "DELETE FROM ssh_keys WHERE key_id = (SELECT key_id FROM ssh_keys ORDER BY added_at DESC LIMIT 1)",
        true,
        true,
    ),
    (
        "a session",
        "DELETE FROM sessions WHERE session_id = (SELECT session_id FROM sessions WHERE closed_at IS NULL AND account_id \
         <> (SELECT account_id FROM accounts WHERE username = 'contested') LIMIT 1)",
        true,
        true,
    ),
    (
        "a name that was changed",
        "UPDATE accounts SET name = 'before' WHERE account_id = (SELECT account_id FROM events \
         WHERE kind = 'profile_updated' AND account_id <> \
         (SELECT account_id FROM accounts WHERE username = 'contested') LIMIT 1)",
        true,
        false,
    ),
    (
        "the last event",
        "DELETE FROM events WHERE event_id = (SELECT event_id FROM events WHERE account_id <> \
         (SELECT account_id FROM accounts WHERE username = 'contested') ORDER BY at DESC LIMIT 1)",
        true,
        true,
    ),
    (
        "a whole account",
        "PRAGMA foreign_keys = ON; DELETE FROM accounts WHERE account_id = (SELECT account_id FROM api_keys LIMIT 1)",
        true,
        true,
    ),
    (
        "a claim of a name",
        "DELETE FROM logins WHERE login_key = (SELECT login_key FROM logins WHERE login_key LIKE 'e:w%' LIMIT 1)",
        false,
        true,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_loss_is_found() {
    let (home, mut rng) = (Home::new(), chance());
    let served = home.serve(&SETTINGS);
    let (workers, contested) = crowd(&served.client(), &mut rng).await;
    let load = Load::start(workers, &contested, || served.client(), WhenLost::Stop);
    let file = home.data().join("latchkey.sqlite3");
    let rows = Rows::Sqlite(file.clone());
    // Until there is of everything what is taken away below.
    let enough = "SELECT (SELECT COUNT(*) FROM api_keys) > 3 AND (SELECT COUNT(*) FROM ssh_keys) > 3 AND \
        (SELECT COUNT(*) FROM events WHERE kind = 'profile_updated') > 9";
    while rows.sql(enough) != "1" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut workers = load.end().await;
    // Whoever has no session yet signs in: what follows happens to copies of one and the same database.
    for person in workers.iter_mut().flat_map(|worker| &mut worker.people) {
        person.settle(&served.client()).await.unwrap();
    }
    end(served);
    let whole = std::fs::read(&file).unwrap();
    for (what, statement, missed, half_done) in LOSSES {
        std::fs::write(&file, &whole).unwrap();
        rows.sql(statement);
        assert_eq!(!rows.half_done().is_empty(), half_done, "{what}: {:?}", rows.half_done());
        let served = home.serve(&SETTINGS);
        let mut found = Vec::new();
        for person in workers.iter_mut().flat_map(|worker| &mut worker.people) {
            found.extend(person.settle(&served.client()).await.err());
        }
        assert_eq!(found.len(), usize::from(missed), "{what}: {found:#?}");
        end(served);
    }
    // And where nothing was taken, nothing is missed.
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(rows.half_done(), [""; 0]);
    let served = home.serve(&SETTINGS);
    for person in workers.iter_mut().flat_map(|worker| &mut worker.people) {
        person.settle(&served.client()).await.unwrap();
    }
    contested.settle(&served.client()).await.unwrap();
}

fn end(served: Served) {
    served.signal("TERM");
    assert_eq!(served.end().code, 0);
}

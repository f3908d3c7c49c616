//! A rolling upgrade: the schema is that of the next version while nodes of this one serve.
//!
//! The next version is played by the statements of its migration, which `psql` runs, and by its line in the list of those
//! that were run. That a program itself migrates under load is shown in `crates/store/src/postgres/schema/tests.rs`.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::{Caller, PageQuery},
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionPath, SessionsApi, SignIn},
    wire::ETag,
};
use latchkey_client::Client;

use super::{Nodes, ada_joins};
use crate::{
    metrics::ask,
    program::Home,
    serving::{ada, sign_in},
};

/// Adds what a next version could need: a column with a value for all rows, a table, an index.
const ADDS: &str = "ALTER TABLE accounts ADD COLUMN pronouns TEXT COLLATE \"C\"; \
    ALTER TABLE sessions ADD COLUMN trusted BOOLEAN NOT NULL DEFAULT FALSE; \
    CREATE TABLE passkeys (account_id UUID NOT NULL, passkey_id UUID NOT NULL, \
    CONSTRAINT passkeys_pkey PRIMARY KEY (account_id, passkey_id), \
    CONSTRAINT passkeys_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (account_id) ON DELETE CASCADE); \
    CREATE INDEX sessions_trusted ON sessions (account_id) WHERE trusted";
/// Takes away what no program of schema 98 and later reads.
const TAKES: &str = "ALTER TABLE accounts DROP COLUMN bio";

fn migration(statements: &str, version: i64, name: &str) -> String {
    format!(
        "BEGIN; SET LOCAL lock_timeout = '2s'; {statements}; INSERT INTO _sqlx_migrations \
         (version, description, success, checksum, execution_time) VALUES ({version}, '{name}', TRUE, '', 0); COMMIT"
    )
}

/// What somebody does all day; each of it has to go well.
async fn a_day(client: &Client, name: &str) {
    let nobody = Caller::default();
    let login = SignIn { login: name.into(), ..sign_in() };
    let me = Caller::with_token(client.sign_in(&nobody, login).await.unwrap().token.expose());
    let patch = ProfilePatch { bio: Some(Some("Counts".into())), ..ProfilePatch::default() };
    client.update_profile(&me, IfMatch { if_match: ETag("*".into()) }, patch).await.unwrap();
    assert!(!client.list_sessions(&me, PageQuery::default()).await.unwrap().items.is_empty());
    assert_eq!(client.get_profile(&me).await.unwrap().value.bio.as_deref(), Some("Counts"));
    client.close_session(&me, SessionPath { id: "current".into() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_while_the_next_version_changes_the_schema() {
    let nodes = Nodes::new();
    let clients = nodes.clients();
    let (stop, days) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut people = Vec::new();
    for (number, client) in clients.iter().enumerate() {
        let (username, email) = (format!("ada{number}"), format!("ada{number}@example.org"));
        client.create_account(&Caller::default(), SignUp { username: username.clone(), email, ..ada() }).await.unwrap();
        let (client, stop, days) = (client.clone(), stop.clone(), days.clone());
        people.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                a_day(&client, &username).await;
                days.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    let some_days = async |more: usize| {
        let (until, given_up) = (days.load(Ordering::Relaxed) + more, Instant::now() + Duration::from_mins(2));
        while days.load(Ordering::Relaxed) < until && people.iter().all(|person| !person.is_finished()) {
            assert!(Instant::now() < given_up);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    some_days(4).await;
    let url = nodes.database.url();
    // As the program does: where a table is in use for too long, or each waits for the other, the others go first.
    let migrated = tokio::task::spawn_blocking(move || {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--set", "VERBOSITY=sqlstate", "--command"]);
        psql.arg(migration(ADDS, 98, "passkeys")).arg(url);
        let given_up = Instant::now() + Duration::from_mins(1);
        loop {
            let ran = psql.output().unwrap();
            let said = String::from_utf8(ran.stderr).unwrap();
            if ran.status.success() {
                return;
            }
            assert!(["55P03", "40P01"].iter().any(|code| said.contains(code)) && Instant::now() < given_up, "{said}");
            std::thread::sleep(Duration::from_millis(500));
        }
    });
    migrated.await.unwrap();
    some_days(6).await;
    stop.store(true, Ordering::Relaxed);
    for person in people {
        person.await.expect("every request went well");
    }
    // One that starts now finds a schema it does not know, and serves.
    let late = nodes.home.serve(&[("LATCHKEY_STORAGE__DATABASE", &nodes.database.url())]);
    assert!(ask(late.address, "/health/ready").starts_with("HTTP/1.1 200 "));
    a_day(&late.client(), "ada0").await;
    // Who deletes an account here deletes what the next version keeps of it.
    nodes.database.sql("INSERT INTO passkeys SELECT account_id, account_id FROM accounts");
    assert_eq!(nodes.database.sql("SELECT COUNT(*) FROM passkeys"), "2");
    nodes.database.sql("DELETE FROM accounts");
    assert_eq!(nodes.database.sql("SELECT COUNT(*) FROM passkeys"), "0");
}

#[tokio::test]
async fn a_node_that_is_too_old_takes_itself_out_and_none_starts() {
    let nodes = Nodes::new();
    ada_joins(&nodes.clients()).await;
    let ready = |number: usize| ask(nodes.served[number].address, "/health/ready").starts_with("HTTP/1.1 200 ");
    assert!(ready(0) && ready(1));
    nodes.database.sql(&migration(ADDS, 98, "passkeys"));
    assert!(ready(0) && ready(1));
    nodes.database.sql(&migration(TAKES, 99, "no more bios needs 98"));
    assert!(!ready(0) && !ready(1));
    assert!(ask(nodes.served[0].address, "/health/live").starts_with("HTTP/1.1 200 "));
    let refused = Home::new().run(&["serve", "--listen", "127.0.0.1:0", "--database", &nodes.database.url()], "");
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("newer version of Latchkey (schema 99"), "{}", refused.err);
}

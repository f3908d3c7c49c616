//! The program on a PostgreSQL server.

use latchkey_api::{
    accounts::AccountsApi, api_keys::ApiKeysApi, common::Caller, problem::ErrorCode, profile::ProfileApi,
    sessions::SessionsApi,
};
use latchkey_postgres_testkit::{Server, TestDatabase};

use crate::{
    metrics::ask,
    program::{Home, ended, program},
    serving::{ada, sign_in},
};

/// Everybody is there after the move, and can go on.
#[tokio::test]
async fn a_service_moves_from_a_file_to_a_server() {
    let home = Home::new();
    let password = format!("{}\n", ada().password.expose());
    home.run(&["admin", "user", "create", "ada", "--email", "ada@example.org"], &password).well();
    let served = home.serve(&[]);
    let token = served.client().sign_in(&Caller::default(), sign_in()).await.unwrap().token;
    served.signal("TERM");
    assert_eq!(served.end().code, 0);

    let database = TestDatabase::empty();
    let from = format!("sqlite:{}", home.data().join("latchkey.sqlite3").display());
    let copied = home.run(&["copy", "--from", &from, "--to", &database.url()], "").well();
    assert!(copied.contains("accounts\t1 rows\tsha256 ") && copied.contains("Everything is there: "), "{copied}");
    let again = home.run(&["copy", "--from", &from, "--to", &database.url()], "");
    assert!(again.code == 1 && again.err.contains("has rows in accounts already"), "{}", again.err);

    let place = [("LATCHKEY_STORAGE__DATABASE", &*database.url())];
    let nodes = [home.serve(&place), home.serve(&place)];
    let me = Caller::with_token(token.expose());
    for node in &nodes {
        assert_eq!(node.client().get_profile(&me).await.unwrap().value.username, "ada");
        assert!(ask(node.address, "/health/ready").starts_with("HTTP/1.1 200 "));
    }
    nodes[0].client().close_session(&me, latchkey_api::sessions::SessionPath { id: "current".into() }).await.unwrap();
    let closed = nodes[1].client().get_profile(&me).await.unwrap_err();
    assert_eq!(closed.code(), ErrorCode::SessionClosed, "at once, on every node");
    let listed = home.run(&["admin", "user", "list", "--database", &database.url()], "").well();
    assert_eq!(listed, "ada\tada@example.org\tada\tactive\n");
    let verified = home.run(&["admin", "verify-activity", "--database", &database.url()], "");
    assert_eq!(verified.code, 0, "{}", verified.err);
}

#[tokio::test]
async fn passwords_are_kept_to_themselves_and_a_server_that_is_gone_is_told() {
    const SECRET: &str = "zebra-crossing";
    let (home, mut server) = (Home::new(), Server::start(&[]));
    server.sql("postgres", &format!("CREATE ROLE ada LOGIN PASSWORD '{SECRET}'"));
    server.sql("postgres", "CREATE DATABASE latchkey OWNER ada");
    let url = |password: &str| format!("postgres://ada{password}@127.0.0.1:{}/latchkey", server.port());
    let (with, without) = (url(&format!(":{SECRET}")), url(""));

    let seen = home.run(&["migrate", "--database", &with], "");
    assert_eq!((seen.code, seen.out.as_str()), (0, "The database is up to date.\n"));
    assert!(seen.err.contains("every user of this computer") && !seen.err.contains(SECRET), "{}", seen.err);
    let unseen = |name: &str, value: &str| {
        let mut command = program();
        command.args(["migrate", "--data"]).arg(home.data());
        ended(
            command.env("LATCHKEY_STORAGE__DATABASE", if value == with { &with } else { &without }).env(name, value),
            "",
        )
    };
    unseen("LATCHKEY_STORAGE__DATABASE", &with).well();
    let file = home.file("password", &format!("{SECRET}\n"));
    unseen("LATCHKEY_STORAGE__DATABASE_PASSWORD_FILE", &file.display().to_string()).well();
    unseen("PGPASSWORD", SECRET).well();
    let refused = unseen("PGPASSWORD", "zebra-wrong");
    assert!(refused.code == 1 && refused.err.contains("does not let this user in"), "{}", refused.err);
    assert!(!refused.err.contains("zebra"), "{}", refused.err);

    let node = home.serve(&[("LATCHKEY_STORAGE__DATABASE", &with)]);
    assert!(ask(node.address, "/health/ready").starts_with("HTTP/1.1 200 "));
    server.stop();
    assert!(ask(node.address, "/health/ready").starts_with("HTTP/1.1 503 "));
    assert!(ask(node.address, "/health/live").starts_with("HTTP/1.1 200 "));
    let gone = node.client().sign_in(&Caller::default(), sign_in()).await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::Busy);
    server.resume();
    // Connections that were cut are found out one by one; those that lay idle are looked at before they are used.
    while !ask(node.address, "/health/ready").starts_with("HTTP/1.1 200 ") {}
    node.signal("TERM");
    let ended = node.end();
    assert!(ended.code == 0 && !ended.err.contains(SECRET), "{}", ended.err);
    assert!(ended.err.contains("the database cannot be reached"), "{}", ended.err);
}

/// What docs/ADMINISTRATION.md says of backups: a dump of a service that runs, put into an empty database.
#[tokio::test]
async fn a_dump_is_a_backup() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    let served = home.serve(&[("LATCHKEY_STORAGE__DATABASE", &database.url())]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
    let key = client.generate_api_key(&me).await.unwrap().api_key;
    let dump = database.dump();
    let restored = TestDatabase::empty();
    restored.restore(dump);
    let node = home.serve(&[("LATCHKEY_STORAGE__DATABASE", &restored.url())]);
    let there = node.client();
    assert_eq!(there.get_profile(&me).await.unwrap().value.username, "ada");
    assert_eq!(there.reveal_api_key(&me).await.unwrap().api_key.expose(), key.expose());
    there.sign_in(&Caller::default(), sign_in()).await.unwrap();
    let verified = home.run(&["admin", "verify-activity", "--database", &restored.url()], "");
    assert!(verified.code == 0 && verified.out.contains("1 accounts looked at"), "{}{}", verified.out, verified.err);
}

/// How tables are spread where there is a Citus is tested in `crates/store/tests/postgres/distribution.rs`.
#[test]
fn tables_are_spread_only_where_there_is_a_citus() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    let refused = home.run(&["migrate", "--distribute", "--database", &database.url()], "");
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(
        refused.err.contains("has no extension citus") && refused.err.contains("citus_add_node"),
        "{}",
        refused.err
    );
    let refused = home.run(&["migrate", "--distribute"], "");
    assert!(refused.code == 1 && refused.err.contains("latchkey-server copy"), "{}", refused.err);
    home.run(&["migrate", "--database", &database.url()], "").well();
}

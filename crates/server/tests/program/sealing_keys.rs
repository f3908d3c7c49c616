//! `sealing-key`, while the service runs.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use latchkey_api::{accounts::AccountsApi, api_keys::ApiKeysApi, common::Caller};

use crate::{
    clock::Clock,
    program::{Home, Served, ended, program},
    serving::{ada, sign_in},
};

fn run(home: &Home, clock: &Clock, arguments: &[&str]) -> crate::program::Ended {
    let mut command = program();
    command.args(arguments).arg("--data").arg(home.data()).envs(clock.environment());
    ended(&mut command, "")
}

async fn reveals(node: &Served, me: &Caller) -> String {
    node.client().reveal_api_key(me).await.unwrap().api_key.expose().to_owned()
}

#[tokio::test]
async fn a_key_is_replaced_under_two_nodes_that_run() {
    use latchkey_api::sessions::SessionsApi;
    let (home, clock) = (Home::new(), Clock::new());
    let nodes = [home.serve(&[]), home.serve(&[])];
    let client = nodes[0].client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
    let api_key = client.generate_api_key(&me).await.unwrap().api_key.expose().to_owned();
    assert_eq!(reveals(&nodes[1], &me).await, api_key);

    let listed = run(&home, &clock, &["sealing-key", "list"]).well();
    let (old, rest) = listed.split_once('\t').unwrap();
    assert_eq!(rest, "in use\t1 in personal_api_keys\n");
    let alone = run(&home, &clock, &["sealing-key", "rotate"]);
    assert!(alone.code == 1 && alone.err.contains("sealing-key add"), "{}", alone.err);
    let added = run(&home, &clock, &["sealing-key", "add"]).well();
    let new = added.split(' ').next().unwrap().to_owned();
    let file = home.data().join("sealing.key");
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 2);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let rotated = run(&home, &clock, &["sealing-key", "rotate"]).well();
    assert!(rotated.starts_with(&format!("{new} seals from now on; 1 values were sealed anew.")), "{rotated}");
    let listed = run(&home, &clock, &["sealing-key", "list"]).well();
    let lines =
        format!("{old}\told\tneeded for nothing\n{new}\tin use\t1 in instance_settings, 1 in personal_api_keys\n");
    assert_eq!(listed, lines);
    // Nodes that run find the key as they need it.
    for node in &nodes {
        assert_eq!(reveals(node, &me).await, api_key);
    }
    let asked = run(&home, &clock, &["sealing-key", "remove", old]);
    assert!(asked.code == 1 && asked.err.contains("say --yes"), "{}", asked.err);
    let early = run(&home, &clock, &["sealing-key", "remove", "--yes", old]);
    assert!(early.code == 1 && early.err.contains("Try again in a minute"), "{}", early.err);
    clock.advance(Duration::from_secs(61));
    run(&home, &clock, &["sealing-key", "remove", "--yes", old]).well();
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 1);
    let names: Vec<_> = fs::read_dir(home.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().ends_with(".new")), "{names:?}");
    for node in &nodes {
        assert_eq!(reveals(node, &me).await, api_key);
    }
    let started = home.serve(&[]);
    assert_eq!(reveals(&started, &me).await, api_key);
}

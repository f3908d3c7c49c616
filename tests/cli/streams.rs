//! Where output goes that is no file, and where input comes from that is none.

use std::{
    fs::{self, File},
    io::{Read, pipe},
    process::Stdio,
    thread,
};

use latchkey_api::{api_keys::ApiKeysApi, common::PageQuery, ssh_keys::SshKeysApi};

use crate::{
    machine::{Machine, Ran, world},
    ssh_keys::KEY,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_nobody_sees_is_a_failure_and_says_which_key_it_was() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for (out, name) in [(Stdio::from(full), "full"), (Stdio::from(writer), "left")] {
        let create = machine.program(&["api-keys", "create", name, "--scope", "api"]).stdout(out).output().unwrap();
        let ran = Ran::from(create);
        assert_eq!(ran.status, 1, "{ran:?}");
        let keys = world.service.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
        let id = keys.iter().find(|key| key.name == name).unwrap().id;
        assert!(ran.said.ends_with(&format!("latchkey api-keys delete {id}\n")), "{ran:?}");
        machine.latchkey(&["api-keys", "delete", &id.to_string()]).done();
    }
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ran = Ran::from(machine.program(&["whoami"]).stdout(Stdio::from(full)).output().unwrap());
    assert!(ran.status == 1 && ran.said.starts_with("latchkey: "), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_into_pipes_and_devices_and_not_into_their_place() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let pipe = machine.pipe("pipe");
    let other_end = pipe.clone();
    let reader = thread::spawn(move || {
        let mut text = String::new();
        File::open(other_end).unwrap().read_to_string(&mut text).map(|_| text)
    });
    machine.latchkey(&["export", "pipe"]).done();
    let text = reader.join().unwrap().unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["profile"]["username"] == "ada");
    assert!(!fs::metadata(&pipe).unwrap().is_file(), "it is a pipe still");
    assert_eq!(machine.latchkey(&["export", "/dev/stdout"]).json()["profile"]["username"], "ada");
    assert_eq!(machine.latchkey(&["export", "/dev/null"]).done(), "");
    assert!(machine.latchkey(&["export", "/dev/full"]).ended(1).starts_with("latchkey: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_key_comes_out_of_another_program() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    fs::write(machine.home().join("id.pub"), KEY).unwrap();
    let line = format!("{} ssh-keys add <(cat id.pub)", env!("CARGO_BIN_EXE_latchkey"));
    let ran = Ran::from(machine.command("bash").arg("-c").arg(line).output().unwrap());
    assert!(ran.done().contains("ada@example.org"));
    let endless = machine.latchkey(&["ssh-keys", "add", "/dev/zero"]).ended(1);
    assert!(endless.starts_with("latchkey: "), "{endless}");
    let keys = world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!((keys.len(), keys[0].name.as_str()), (1, "ada@example.org"));
}

//! What the machine, or the app beside it, does meanwhile.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use latchkey_api::{
    common::PageQuery,
    sessions::{SessionPath, SessionsApi},
    ssh_keys::SshKeysApi,
};
use latchkey_testkit::Person;
use serde_json::json;

use crate::{
    machine::{Machine, Ran, world},
    ssh_keys::KEY,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keychain_is_said() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let places = fs::read(machine.data().join("places.json")).unwrap();
    machine.locks_keychain();
    let said = machine.latchkey(&["whoami"]).ended(3);
    assert!(said.contains("keychain") && said.ends_with("The session cannot be read.\n"), "{said}");
    assert_eq!(fs::read(machine.data().join("places.json")).unwrap(), places, "the account stays on the list");
}

/// A dialog to unlock it may be open on a screen nobody looks at. The call never comes back.
#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_does_not_answer_is_not_waited_for_for_ever() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    machine.silences_keychain();
    let begun = Instant::now();
    let mut limited = machine.command("timeout");
    limited.args(["--kill-after=1", "60", env!("CARGO_BIN_EXE_latchkey"), "whoami"]);
    let said = Ran::from(limited.output().unwrap()).ended(3);
    assert!(begun.elapsed() < Duration::from_secs(50), "{:?}", begun.elapsed());
    assert!(said.contains("does not answer"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_keychain_takes_no_account_off_the_list() {
    let world = world().await;
    let (machine, _) = Machine::of(&world, "ada").await;
    let other = Machine::new();
    let places = fs::read(machine.data().join("places.json")).unwrap();
    let elsewhere = machine.program(&["whoami"]).env("DBUS_SESSION_BUS_ADDRESS", other.bus()).output().unwrap();
    Ran::from(elsewhere).ended(3);
    assert_eq!(fs::read(machine.data().join("places.json")).unwrap(), places);
    machine.latchkey(&["whoami"]).done();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_accounts_none_is_picked() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let origin = world.origin.clone().unwrap();
    let file = machine.data().join("places.json");
    let mut known: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let accounts = json!([{"username": "ada", "name": "ada"}]);
    let second = json!({"id": "https://second.example", "name": "Second", "host": "second.example", "transport": "tls",
                        "login": "ada", "accounts": accounts});
    known["places"].as_array_mut().unwrap().push(second);
    fs::write(&file, known.to_string()).unwrap();
    let host = origin.strip_prefix("http://").unwrap();
    let said = machine.latchkey(&["sessions", "close-others", "--account", "ada"]).ended(2);
    assert_eq!(said, format!("latchkey: ada may be ada@{host} or ada@second.example. Say which one.\n"));
    world.service.list_sessions(&ada.caller, PageQuery::default()).await.unwrap();
    machine.latchkey(&["whoami", "--account", &format!("ada@{host}")]).done();
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_out_in_the_app_while_it_runs() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let pipe = machine.pipe("id.pub");
    let mut add = machine.program(&["ssh-keys", "add", "id.pub"]);
    let running = add.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Opened once it reads: by then it has the session.
    let mut other_end = File::options().write(true).open(pipe).unwrap();
    let origin = world.origin.clone().unwrap();
    world.service.close_session(&ada.caller, SessionPath { id: "current".into() }).await.unwrap();
    let mut clear = machine.command("secret-tool");
    clear.args(["clear", "service", "latchkey", "username", &format!("ada@{origin}")]);
    assert!(clear.status().unwrap().success());
    other_end.write_all(KEY.as_bytes()).unwrap();
    drop(other_end);
    let said = Ran::from(running.wait_with_output().unwrap()).ended(3);
    assert!(said.starts_with("latchkey: "), "{said}");
    let again = Person::signs_in(&*world.api, "ada").await;
    assert!(world.service.list_ssh_keys(&again.caller, PageQuery::default()).await.unwrap().items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_read_only_takes_no_key_and_hides_nothing_else() {
    let world = world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let home = machine.home();
    let mounts =
        "mount --bind \"$HOME\" \"$HOME\" && mount -o remount,bind,ro \"$HOME\" && cd \"$HOME\" && exec \"$@\"";
    let run = |arguments: &[&str]| {
        let mut command = machine.command("unshare");
        command.args(["--mount", "sh", "-c", mounts, "sh", env!("CARGO_BIN_EXE_latchkey")]).args(arguments);
        Ran::from(command.stdin(Stdio::null()).output().unwrap())
    };
    assert!(run(&["whoami"]).done().contains("ada"));
    let said = run(&["ssh-keys", "generate"]).ended(1);
    assert!(said.contains(".ssh cannot be used: ") && said.contains("ead-only"), "{said}");
    assert!(run(&["export", "data.json"]).ended(1).contains("is read-only. Choose another folder."));
    assert!(!home.join(".ssh").exists());
    assert!(world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_before_the_key_was_added_leaves_files_that_are_in_nobodys_way() {
    let world = world().await;
    let machine = Machine::new();
    let ada = Person::joins(&*world.api, "ada").await;
    let (origin, held) = holds_the_first_key(world.origin.as_ref().unwrap().strip_prefix("http://").unwrap());
    machine.knows(json!({"id": origin, "name": "Latchkey", "host": origin, "transport": "loopback"}), "ada");
    machine.keeps(&origin, "ada", &ada.caller);
    let mut killed = machine.command(env!("CARGO_BIN_EXE_latchkey")).args(["ssh-keys", "generate"]).spawn().unwrap();
    held.recv_timeout(Duration::from_secs(30)).unwrap();
    killed.kill().unwrap();
    killed.wait().unwrap();
    let keys = async || world.service.list_ssh_keys(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert_eq!(keys().await, []);
    let left = machine.home().join(".ssh/id_ed25519");
    let (private, public) = (fs::read(&left).unwrap(), fs::read(left.with_extension("pub")).unwrap());

    assert!(machine.latchkey(&["ssh-keys", "generate"]).done().contains("/.ssh/id_ed25519_latchkey\n"));
    assert_eq!((fs::read(&left).unwrap(), fs::read(left.with_extension("pub")).unwrap()), (private, public));
    let said = machine.latchkey(&["ssh-keys", "generate", "--file-name", "id_ed25519"]).ended(1);
    assert!(said.contains("id_ed25519 is there already."), "it is said what is left: {said}");
    // It is whole, and can be added by hand.
    machine.latchkey(&["ssh-keys", "add", ".ssh/id_ed25519.pub"]).done();
    assert_eq!(keys().await.len(), 2);
}

/// A way to a server on which the first key to be added never arrives. Tells when it is there.
fn holds_the_first_key(server: &str) -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (told, held) = mpsc::channel();
    let (server, first) = (server.to_owned(), Arc::new(AtomicBool::new(true)));
    // Ends with the test's process.
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut server = TcpStream::connect(&server).unwrap();
            let (told, first) = (told.clone(), Arc::clone(&first));
            let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || io::copy(&mut from_server, &mut to_client));
            thread::spawn(move || {
                let (mut piece, mut holds) = (vec![0; 16 * 1024], false);
                while let Ok(length @ 1..) = client.read(&mut piece) {
                    if piece.starts_with(b"POST /v1/me/ssh-keys") && first.swap(false, Ordering::SeqCst) {
                        holds = true;
                        told.send(()).unwrap();
                    }
                    if !holds && server.write_all(&piece[..length]).is_err() {
                        break;
                    }
                }
            });
        }
    });
    (origin, held)
}

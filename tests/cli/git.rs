//! `git` itself, with the program as its credential helper.

use std::{
    ffi::OsString,
    fs,
    process::Command,
    time::{Duration, Instant},
};

use latchkey::{git_config::Git, tool_environment::ToolEnvironment};
use latchkey_api::{
    credentials::CredentialsApi,
    instance::Provider as Kind,
    integrations::{AttemptPath, AttemptStatus, Connect, ConnectMethod, IntegrationsApi, ProviderPath},
};
use latchkey_testkit::{Person, Wiring, World};

use crate::{
    git_server::{CONTENT, GitServer},
    machine::{Machine, Ran, fed},
    provider::{Provider, TOKEN, world_with_provider},
};

/// A machine whose person has connected an account at a server of repositories.
struct Connected {
    world: World,
    _provider: std::sync::Arc<Provider>,
    server: GitServer,
    machine: Machine,
    ada: Person,
}

async fn connected() -> Connected {
    let server = GitServer::start(TOKEN);
    let (world, provider) = world_with_provider(Wiring::Socket, &format!("http://{}", server.host)).await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let connect = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let path = ProviderPath { provider: Kind::Gitlab };
    let begun = world.service.connect_integration(&ada.caller, path, connect).await.unwrap();
    world.clock.advance(chrono::TimeDelta::seconds(10));
    let state = world.service.poll_connection(&ada.caller, AttemptPath { id: begun.id }).await.unwrap();
    assert_eq!(state.status, AttemptStatus::Connected);
    Connected { world, _provider: provider, server, machine, ada }
}

fn tools(machine: &Machine) -> ToolEnvironment {
    let path: OsString = std::env::var_os("PATH").unwrap();
    ToolEnvironment::new(machine.home(), env!("CARGO_BIN_EXE_latchkey").into(), path)
}

/// `git` on the machine, with nobody at a terminal.
fn git(machine: &Machine, arguments: &[&str]) -> Command {
    let mut git = machine.command("git");
    git.args(arguments).env("GIT_TERMINAL_PROMPT", "0").env("GIT_CONFIG_NOSYSTEM", "1");
    git
}

fn question(protocol: &str, host: &str) -> String {
    format!("capability[]=authtype\nprotocol={protocol}\nhost={host}\nwwwauth[]=Basic realm=\"git\"\n\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_cloned_with_the_token_and_no_other_helper_is_told() {
    let Connected { world, server, machine, ada, .. } = connected().await;
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let config = "[credential]\n\thelper = store\n";
    fs::write(machine.home().join(".gitconfig"), config).unwrap();
    let tools = tools(&machine);
    let helper = Git::find(&tools).unwrap();

    let without = Ran::from(git(&machine, &["clone", &server.repository(), "without"]).output().unwrap());
    assert!(without.status == 128 && without.said.contains("could not read Username"), "git asks: {without:?}");

    helper.add(&server.host).unwrap();
    let cloned = Ran::from(git(&machine, &["clone", "--quiet", &server.repository(), "with"]).output().unwrap());
    assert_eq!((cloned.status, cloned.said.as_str()), (0, ""), "{cloned:?}");
    assert_eq!(fs::read_to_string(machine.home().join("with/README.md")).unwrap(), CONTENT);
    assert_eq!(server.shown.lock().unwrap().last().map(String::as_str), Some(TOKEN));
    assert!(!machine.home().join(".git-credentials").exists(), "another helper was told the token");
    assert!(files_with(&machine, TOKEN).is_empty());

    helper.remove(&server.host).unwrap();
    assert_eq!(fs::read_to_string(machine.home().join(".gitconfig")).unwrap(), config);
    let without = Ran::from(git(&machine, &["clone", &server.repository(), "again"]).output().unwrap());
    assert!(without.said.contains("could not read Username"), "{without:?}");
}

/// The files of a machine that hold something in clear.
pub(crate) fn files_with(machine: &Machine, secret: &str) -> Vec<String> {
    let mut grep = machine.command("grep");
    grep.args([
        "--recursive",
        "--binary-files=text",
        "--files-with-matches",
        "--devices=skip",
        "--fixed-strings",
        secret,
    ]);
    let found = grep.arg(machine.home()).arg(machine.home().with_file_name("runtime")).output().unwrap();
    String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_answered_and_kept_in_the_keychain_for_a_while() {
    let Connected { world, server, machine, ada, .. } = connected().await;
    let get = |machine: &Machine| machine.latchkey_fed(&["git-credential", "get"], &question("http", &server.host));
    let refused = get(&machine).ended(1);
    assert!(refused.contains("Open Latchkey") && refused.lines().count() == 1, "{refused}");

    world.service.allow_credentials(&ada.caller).await.unwrap();
    let answer = format!("username=oauth2\npassword={TOKEN}\n");
    assert_eq!(get(&machine).done(), answer);
    let origin = world.origin.clone().unwrap();
    let name = format!("credential of git for {} of ada@{origin}", server.host);
    assert!(machine.kept(&name).unwrap().contains(TOKEN));
    // The service is not asked again, and need not be there.
    drop(world);
    assert_eq!(get(&machine).done(), answer);
    // A credential that did not do is not used again.
    let erase = format!("protocol=http\nhost={}\nusername=oauth2\npassword={TOKEN}\n\n", server.host);
    assert_eq!(machine.latchkey_fed(&["git-credential", "erase"], &erase).done(), "");
    assert_eq!(machine.kept(&name), None);
    let gone = get(&machine).ended(4);
    assert!(gone.starts_with("latchkey: ") && gone.lines().count() == 1, "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_nothing_to_answer_is_left_to_git() {
    let Connected { world, server, machine, ada, .. } = connected().await;
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let silent = |arguments: &[&str], input: &str| {
        let ran = machine.latchkey_fed(arguments, input);
        assert_eq!((ran.status, ran.out.as_str(), ran.said.as_str()), (0, "", ""), "{arguments:?}: {ran:?}");
    };
    for input in [
        String::new(),
        "\n".to_owned(),
        question("http", "git.example"),
        question("https", "elsewhere.example"),
        question("ssh", &server.host),
        format!("protocol=http\nhost={}\nusername=somebody-else\n\n", server.host),
        format!("protocol=http\nhost={}\0\n\n", server.host),
        format!("protocol=http\r\nhost={}\r\n\r\n", server.host),
    ] {
        silent(&["git-credential", "get"], &input);
    }
    silent(&["git-credential", "store"], &question("http", &server.host));
    silent(&["git-credential", "erase"], &question("http", "elsewhere.example"));
    silent(&["git-credential", "approve-of-the-future"], &question("http", &server.host));
    let long = machine.latchkey_fed(&["git-credential", "get"], &"x=y\n".repeat(20_000)).ended(1);
    assert!(long.contains("more than git asks"), "{long}");
    assert!(machine.latchkey(&["git-credential", "--help"]).done().contains("gitcredentials(7)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn git_asks_the_person_where_nobody_is_signed_in_or_the_keychain_is_locked() {
    let Connected { world, server, machine, ada, .. } = connected().await;
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let tools = tools(&machine);
    Git::find(&tools).unwrap().add(&server.host).unwrap();
    let fill = |machine: &Machine| fed(git(machine, &["credential", "fill"]), &question("http", &server.host));
    assert!(fill(&machine).done().contains(&format!("password={TOKEN}\n")));
    let begun = Instant::now();
    machine.locks_keychain();
    let locked = fill(&machine);
    assert!(locked.status == 128 && locked.said.contains("keychain"), "{locked:?}");
    assert!(locked.said.contains("could not read Username"), "git goes on: {locked:?}");
    assert!(begun.elapsed() < Duration::from_secs(50), "{:?}", begun.elapsed());

    let stranger = Machine::new();
    let nobody = stranger.latchkey_fed(&["git-credential", "get"], &question("http", &server.host)).ended(3);
    assert!(nobody.contains("Nobody is signed in"), "{nobody}");
}

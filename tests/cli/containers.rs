//! skopeo, with `docker-credential-latchkey`, at registries that demand a password.

use std::{env, ffi::OsString, fs, net::TcpListener, path::PathBuf, sync::Arc};

use latchkey::{
    container_config, credential_program,
    helper_record::{ContainerFile, HelperRecord, Tool},
    places::AccountKey,
    tool_environment::ToolEnvironment,
};
use latchkey_api::{
    common::PageQuery,
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi},
    credentials::CredentialsApi,
    instance::RegistryInfo,
    wire::Secret,
};
use latchkey_desktop_testkit::{Process, command};
use latchkey_service::{Clock, RegistrySettings, SystemClock};
use latchkey_testkit::{Person, Registries, Wiring, World};
use serde_json::{Value, json};

use crate::{
    git::files_with,
    image,
    machine::{Machine, Ran},
};

const USERNAME: &str = "maren";
const PASSWORD: &str = "correct horse battery staple";

/// What `htpasswd -nbB` says of them.
const HTPASSWD: &str = "maren:$2y$04$bbqvSd1QReo0/VvZRLLMt.Of4ajFf1q/9U5BNj0EP6rLMiGoSazLi\n";

/// What container tools look for.
const NOT_FOUND: &str = "credentials not found in native keychain\n";

/// A port that was free just now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Debian's build of CNCF distribution, with some way to sign in.
struct Registry {
    host: String,
    _running: Process,
    _folder: tempfile::TempDir,
}

impl Registry {
    fn start(port: u16, auth: impl FnOnce(&tempfile::TempDir) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let auth = auth(&folder);
        let images = folder.path().join("images");
        let configuration = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '127.0.0.1:{port}', relativeurls: \
             true, secret: of-one-test}}\nauth: {auth}\n",
            images.display()
        );
        let file = folder.path().join("registry.yml");
        fs::write(&file, configuration).unwrap();
        let log = folder.path().join("registry.log");
        // It says so on standard error.
        let mut through_shell = command("sh");
        through_shell.args(["-c", "exec docker-registry serve \"$1\" 2>&1", "sh"]).arg(&file);
        let listens = |line: &str| line.contains("listening on").then_some(());
        let (running, ()) = Process::start_and_read(through_shell, &log, listens);
        Self { host: format!("127.0.0.1:{port}"), _running: running, _folder: folder }
    }

    fn with_password() -> Self {
        Self::start(free_port(), |folder| {
            let file = folder.path().join("htpasswd");
            fs::write(&file, HTPASSWD).unwrap();
            format!("{{htpasswd: {{realm: test, path: {}}}}}", file.display())
        })
    }
}

/// The machine with the program where tools find it, and container tools set up for a registry.
fn set_up(machine: &Machine, host: &str) -> OsString {
    let tools =
        ToolEnvironment::new(machine.home(), env!("CARGO_BIN_EXE_latchkey").into(), env::var_os("PATH").unwrap());
    credential_program::provide(&tools).unwrap();
    for file in container_config::files(&tools) {
        file.add(host, &mut ContainerFile::default(), |_| Ok(())).unwrap();
    }
    let folders = env::split_paths(tools.variable("PATH").unwrap());
    env::join_paths([machine.home().join(".local/bin")].into_iter().chain(folders)).unwrap()
}

fn skopeo(machine: &Machine, path: &OsString, arguments: &[&str]) -> Ran {
    let mut skopeo = machine.command("skopeo");
    skopeo.arg("--insecure-policy").args(arguments).env("PATH", path);
    skopeo.output().unwrap().into()
}

fn an_image(machine: &Machine) -> String {
    let folder: PathBuf = machine.home().join("image");
    image::write(&folder);
    format!("oci:{}:{}", folder.display(), image::TAG)
}

async fn authorise(world: &World, ada: &Person, host: &str) {
    let body = AuthoriseRegistry {
        host: host.into(),
        username: USERNAME.into(),
        password: Secret::new(PASSWORD),
        only_if_verified: None,
    };
    world.service.authorise_registry(&ada.caller, body).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn skopeo_copies_without_a_password_in_any_file() {
    let registry = Registry::with_password();
    let world = crate::machine::world().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    authorise(&world, &ada, &registry.host).await;
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let image = an_image(&machine);
    let there = format!("docker://{}/maren/hello:v1", registry.host);
    let copy = ["copy", "--dest-tls-verify=false", &image, &there];
    let refused = skopeo(&machine, &env::var_os("PATH").unwrap(), &copy);
    assert!(refused.status != 0, "{refused:?}");

    let path = set_up(&machine, &registry.host);
    skopeo(&machine, &path, &copy).done();
    let pulled = format!("dir:{}", machine.home().join("pulled").display());
    skopeo(&machine, &path, &["copy", "--src-tls-verify=false", &there, &pulled]).done();
    assert!(machine.home().join("pulled/manifest.json").exists());
    assert_eq!(files_with(&machine, PASSWORD), Vec::<String>::new());
    // Once the session may not any more, nobody is let in.
    world.service.refuse_credentials(&ada.caller).await.unwrap();
    let mut clear = machine.command("secret-tool");
    let name = format!("credential of container tools for {} of ada@{}", registry.host, world.origin.as_ref().unwrap());
    assert!(clear.args(["clear", "service", "latchkey", "username", &name]).status().unwrap().success());
    let refused = skopeo(&machine, &path, &["copy", "--src-tls-verify=false", &there, &pulled]);
    assert!(refused.status != 0 && refused.said.contains("Open Latchkey"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_own_registry_takes_a_password_for_five_minutes() {
    let port = free_port();
    let host = format!("127.0.0.1:{port}");
    let info = RegistryInfo { service: host.clone(), host: host.clone() };
    let settings = RegistrySettings { info, issuer: "accounts.example".into() };
    let world = World::with(Wiring::Socket).settings(|known| known.registry = Some(settings)).build().await;
    // The registry goes by the clock of this computer.
    world.clock.advance(SystemClock.now() - world.clock.now());
    let origin = world.origin.clone().unwrap();
    let certificates = world.service.registry_certificates().await.unwrap();
    let _registry = Registry::start(port, |folder| {
        let bundle = folder.path().join("certificates.pem");
        fs::write(&bundle, certificates).unwrap();
        format!(
            "{{token: {{realm: '{origin}/registry/token', service: '{host}', issuer: accounts.example, rootcertbundle: {}}}}}",
            bundle.display()
        )
    });
    let (machine, ada) = Machine::of(&world, "ada").await;
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let path = set_up(&machine, &host);
    let image = an_image(&machine);
    let there = format!("docker://{host}/ada/hello:v1");
    skopeo(&machine, &path, &["copy", "--dest-tls-verify=false", &image, &there]).done();

    let asked = machine.latchkey_fed(&["docker-credential", "get"], &host).json();
    let (user, password) = (asked["Username"].as_str().unwrap(), asked["Secret"].as_str().unwrap());
    assert!(user == "ada" && password.starts_with("lkr_"), "{asked}");
    assert_eq!(files_with(&machine, "lkr_"), Vec::<String>::new());
    let by_hand = format!("{user}:{password}");
    let inspect = ["inspect", "--tls-verify=false", "--creds", &by_hand, &there];
    skopeo(&machine, &env::var_os("PATH").unwrap(), &inspect).done();
    world.clock.advance(chrono::TimeDelta::seconds(301));
    let gone = skopeo(&machine, &env::var_os("PATH").unwrap(), &inspect);
    assert!(gone.status != 0 && gone.said.contains("nauthorized"), "{gone:?}");

    let input = json!({"ServerURL": host, "Username": "ada", "Secret": PASSWORD}).to_string();
    let ran = machine.latchkey_fed(&["docker-credential", "store"], &input);
    assert_eq!((ran.status, ran.out.lines().count()), (1, 1), "{ran:?}");
    assert!(ran.out.contains("makes a password"), "{ran:?}");
    assert_eq!(machine.latchkey_fed(&["docker-credential", "erase"], &host).done(), "", "there is none to keep");
    assert_eq!(machine.latchkey(&["docker-credential", "list"]).json(), json!({host: "ada"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_protocol_of_helpers_is_spoken() {
    let played = Arc::new(Registries::default());
    played.takes("docker.io", USERNAME, PASSWORD);
    let registries = played.clone();
    let world =
        World::with(Wiring::Socket).environment(|environment| environment.registries = registries).build().await;
    let (machine, ada) = Machine::of(&world, "ada").await;
    let helper = |action: &str, input: &str| machine.latchkey_fed(&["docker-credential", action], input);
    let hub = "https://index.docker.io/v1/";
    let not_found = |ran: Ran| {
        assert_eq!((ran.status, ran.out.as_str()), (1, NOT_FOUND), "{ran:?}");
        ran.said
    };
    assert_eq!(helper("version", "").done(), format!("docker-credential-latchkey {}\n", env!("CARGO_PKG_VERSION")));
    assert!(not_found(helper("get", hub)).contains("Open Latchkey"), "it may not");
    world.service.allow_credentials(&ada.caller).await.unwrap();
    assert_eq!(not_found(helper("get", hub)), "");

    let store = |secret: &str| json!({"ServerURL": hub, "Username": USERNAME, "Secret": secret}).to_string();
    assert_eq!(helper("store", &store(PASSWORD)).done(), "");
    let expected = json!({"ServerURL": hub, "Username": USERNAME, "Secret": PASSWORD});
    assert_eq!(helper("get", hub).json(), expected);
    assert_eq!(helper("get", "docker.io\n").json()["Secret"], PASSWORD);
    assert_eq!(not_found(helper("get", "https://index.docker.io/v1/access-token")), "");
    assert_eq!(helper("list", "").json(), json!({hub: USERNAME}));
    // New credentials take the place of the old ones at once.
    assert_eq!(helper("store", &store("another")).done(), "");
    assert_eq!(helper("get", hub).json()["Secret"], "another");
    // docker holds a copy of its configuration, and writes that after the helper has ended.
    let tools = ToolEnvironment::new(machine.home(), "/opt/latchkey".into(), env::var_os("PATH").unwrap());
    let [docker, _] = container_config::files(&tools);
    docker.add("docker.io", &mut ContainerFile::default(), |_| Ok(())).unwrap();
    let key = AccountKey { place: world.origin.clone().unwrap(), username: "ada".into() };
    let record = HelperRecord::at(machine.data().join("tools.json"));
    record.change(|record| record.set(Tool::Containers, "docker.io", &key)).unwrap();
    let before = fs::read_to_string(&docker.path).unwrap();
    assert_eq!(helper("erase", hub).done(), "");
    assert_eq!(fs::read_to_string(&docker.path).unwrap(), before);
    assert_eq!(not_found(helper("get", hub)), "");
    assert_eq!(helper("erase", hub).done(), "");
    // Whoever reads the list next takes the line out.
    machine.latchkey(&["registries"]).done();
    assert_eq!(container_config::ConfigFile::hosts(&docker), Vec::<String>::new());
    world.service.allow_credentials(&ada.caller).await.unwrap();
    let kept = world.service.list_container_registries(&ada.caller, PageQuery::default()).await.unwrap().items;
    assert!(kept.is_empty());

    // A proof that is too old is asked for in the window.
    world.clock.advance(chrono::TimeDelta::hours(1));
    let stale = helper("store", &store(PASSWORD));
    assert!(stale.status == 1 && stale.out.contains("Open Latchkey, Container registries"), "{stale:?}");
    for (action, input) in [
        ("store", "{".to_owned()),
        ("store", json!({"ServerURL": "ghcr.io", "Username": "<token>", "Secret": "x"}).to_string()),
        ("get", "x".repeat(70_000)),
        ("forget", String::new()),
    ] {
        let ran = helper(action, &input);
        assert_eq!((ran.status, ran.out.lines().count(), ran.said.as_str()), (1, 1, ""), "{action}: {ran:?}");
        assert!(ran.out != NOT_FOUND && !ran.out.contains(PASSWORD), "{ran:?}");
    }
    let listed: Value = machine.latchkey(&["registries", "--json"]).json();
    assert_eq!(listed["items"], json!([]));
    assert_eq!(machine.latchkey(&["registries"]).done(), "No container registry is authorised.\n");
    assert_eq!(machine.latchkey(&["integrations"]).done(), "No account is connected.\n");

    let stranger = Machine::new();
    let nobody = stranger.latchkey_fed(&["docker-credential", "get"], "ghcr.io");
    assert!(not_found(nobody).contains("Nobody is signed in"));
}

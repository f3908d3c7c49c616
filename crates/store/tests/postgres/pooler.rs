//! Through PgBouncer, which lends connections for a session or for a transaction. It is that of Debian 12 (1.18), which
//! knows nothing of prepared statements.
use std::{
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use latchkey_postgres_testkit::TestDatabase;
use latchkey_store::*;
use tempfile::TempDir;

use crate::{home::Home, world::*};

/// A PgBouncer of one test, with so few connections that whoever uses it gets those of others.
struct Bouncer {
    running: Child,
    port: u16,
    _folder: TempDir,
}

impl Bouncer {
    fn start(mode: &str, database: &str) -> Self {
        let socket = database.split("host=").nth(1).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (users, settings) = (folder.path().join("users"), folder.path().join("pgbouncer.ini"));
        std::fs::write(&users, "\"latchkey\" \"\"\n").unwrap();
        let text = format!(
            "[databases]\n* = host={socket}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\nauth_file = {}\npool_mode = {mode}\ndefault_pool_size = 3\nmax_client_conn = 100\n",
            users.display()
        );
        // With auth_type = any it signs in as somebody it is told of.
        let text = text.replace("* = host", "* = user=latchkey host");
        std::fs::write(&settings, text).unwrap();
        let running = pgbouncer(folder.path()).arg(&settings).spawn().unwrap();
        let given_up = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < given_up, "PgBouncer starts");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { running, port, _folder: folder }
    }

    /// The address of the same database, through it.
    fn url(&self, database: &str, pooler: &str) -> String {
        let name = database.split('?').next().unwrap().rsplit('/').next().unwrap();
        format!("postgres://latchkey@127.0.0.1:{}/{name}?pooler={pooler}&sslmode=disable", self.port)
    }
}

/// It does not run as root.
fn pgbouncer(folder: &std::path::Path) -> Command {
    let program =
        ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].map(PathBuf::from).into_iter().find(|file| file.is_file());
    let program = program.expect("pgbouncer is missing: run scripts/test rust once, which installs it");
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0 {
        assert!(Command::new("chown").args(["-R", "postgres:"]).arg(folder).status().unwrap().success());
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg("--").arg(program).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

/// Two stores and many callers, who write, read and are refused.
async fn goes_on_all_day(url: &str) {
    let stores = [open(url).await, open(url).await];
    let ids = at_once(24, |turn| {
        let store = stores[turn % 2].clone();
        async move {
            let ada = store.sign_up(person(&format!("ada{turn}"))).await.unwrap();
            for _ in 0..5 {
                let new = session_of(ada.account_id, NOW);
                store.add_session(new.clone(), PHC, event("signed_in", NOW)).await.unwrap().unwrap();
                let found = store.check_session(ada.account_id, &new.token_hash).await.unwrap().unwrap();
                assert_eq!(found.0.session_id, new.session_id);
            }
            let taken = store.sign_up(person(&format!("ada{turn}"))).await;
            assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
            store.update_profile(ada.account_id, ada.version, profile(&ada), NOW).await.unwrap();
            ada.account_id
        }
    });
    for account in ids.await {
        assert!(stores[0].account(account).await.unwrap().is_some());
    }
    stores[0].ping().await.unwrap();
    for store in stores {
        store.close().await;
    }
}

async fn open(url: &str) -> Store {
    Store::open(url.parse::<Database>().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_lent_for_a_transaction() {
    let home = Home::new().await;
    let bouncer = Bouncer::start("transaction", &home.url());
    let url = bouncer.url(&home.url(), "transaction");
    goes_on_all_day(&url).await;
    let store = open(&url).await;
    assert!(!store.has_notices() && store.listen().await.unwrap().is_none());
    store.notify(&["nobody".into()]).await.unwrap();
    // The limits hold, though none was taken at the beginning.
    let ada = store.sign_up(person("ada")).await.unwrap().account_id;
    let mut c = home.look().await;
    let mut held = sqlx::Connection::begin(&mut c).await.unwrap();
    sqlx::Executor::execute(&mut *held, "LOCK TABLE accounts").await.unwrap();
    assert!(matches!(store.account(ada).await, Err(Error::Busy)));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_lent_for_a_session() {
    let home = Home::new().await;
    let bouncer = Bouncer::start("session", &home.url());
    let url = bouncer.url(&home.url(), "session");
    // As many as it lends, beside one that is made for a look at the schema.
    let Database::Postgres(address) = url.parse().unwrap() else { panic!("a server") };
    let store = Store::open(Database::Postgres(address.with_connections(1.try_into().unwrap()))).await.unwrap();
    let ada = store.sign_up(person("ada")).await.unwrap().account_id;
    let mut listener = store.listen().await.unwrap().unwrap();
    store.notify(&["heard".into()]).await.unwrap();
    assert_eq!(listener.next().await.unwrap(), "heard");
    let mut c = home.look().await;
    let mut held = sqlx::Connection::begin(&mut c).await.unwrap();
    sqlx::Executor::execute(&mut *held, "LOCK TABLE accounts").await.unwrap();
    assert!(matches!(store.account(ada).await, Err(Error::Busy)), "the limits hold");
}

#[tokio::test]
async fn migrations_and_copies_need_the_server_itself() {
    let empty = TestDatabase::empty();
    let bouncer = Bouncer::start("transaction", &empty.url());
    let url = bouncer.url(&empty.url(), "transaction");
    let error = Store::open(url.parse::<Database>().unwrap()).await.err().expect("refused");
    assert!(matches!(error, OpenError::Pooler { .. }) && error.to_string().contains("migrate"), "{error:?}");
    let error = copy(&url.parse().unwrap(), &"sqlite:/nowhere".parse().unwrap(), |_| {}).await.unwrap_err();
    assert!(matches!(error, CopyError::Open(OpenError::Pooler { .. })), "{error:?}");
}

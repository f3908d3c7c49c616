//! What is measured, in which order, with what.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::{
    bare, better_auth, django,
    fill::Fill,
    hashing, load,
    peer::Peer,
    postgres,
    process::{Place, Server},
    reading, requests, resting, signing_in, size, starving,
    table::{self, Held},
};

/// People in the databases that are filled, and sessions of each.
const PEOPLE: u32 = 1000;
const SESSIONS: u32 = 5;

#[derive(Args)]
pub(crate) struct Plan {
    /// The program `latchkey-server`
    #[arg(long)]
    program: PathBuf,
    /// A folder for databases and logs of this run
    #[arg(long)]
    folder: PathBuf,
    /// The folder of the peers; without it they are left out
    #[arg(long, requires = "python")]
    peers: Option<PathBuf>,
    /// The Python environment of django-allauth
    #[arg(long)]
    python: Option<PathBuf>,
    /// Rounds; medians are of so many figures
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Seconds of load in each turn of a round
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// Also with so many accounts and five sessions of each; made at first, which takes minutes, and kept in --folder
    #[arg(long)]
    accounts: Option<u32>,
    /// Only what the names of the parts say: resting, reading, signing-in, starving, size
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// How often, and for how long.
#[derive(Clone, Copy)]
pub(crate) struct Tempo {
    pub(crate) rounds: u32,
    pub(crate) seconds: u64,
}

/// The service on one of the engines, with people in its database.
pub(crate) struct Served {
    pub(crate) engine: &'static str,
    pub(crate) server: Server,
    /// Where request files go.
    pub(crate) folder: PathBuf,
    pub(crate) people: u32,
}

impl Plan {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let place = Place { program: self.program.clone(), folder: self.folder.clone() };
        let tempo = Tempo { rounds: self.rounds, seconds: self.seconds };
        let server = postgres::start();
        let (of_bare, of_service) = (postgres::database(&server, "bare"), postgres::database(&server, "latchkey"));
        let bare = start_bare(&place, &of_bare)?;
        let sqlite = place.folder("sqlite")?;
        let file = sqlite.join("latchkey.sqlite3");
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
        let on_sqlite = format!("sqlite:{}", file.display());
        let mut services = Vec::new();
        for (engine, database, data) in
            [("SQLite", on_sqlite.as_str(), sqlite.clone()), ("PostgreSQL", &of_service, place.folder("postgres")?)]
        {
            place.migrate(database, &data)?;
            Fill { database: database.to_owned(), accounts: PEOPLE, sessions: SESSIONS }.run()?;
            let server = place.serve(database, &data)?;
            services.push(Served { engine, server, folder: data, people: PEOPLE });
        }
        let peers = self.start_peers(&place)?;
        println!("{}", machine());
        let mut held = Vec::new();
        if self.wants("reading") {
            held.extend(reading::measure(&bare, &services, &peers, &place, tempo)?);
        }
        if self.wants("signing-in") {
            held.extend(signing_in::measure(&services, &peers, tempo)?);
        }
        if self.wants("starving") {
            held.extend(starving::measure(&services, tempo)?);
        }
        for peer in peers {
            peer.stop()?;
        }
        if let Some(accounts) = self.accounts.filter(|_| self.wants("size")) {
            held.extend(size::measure(&services[0], accounts, &place, tempo)?);
        }
        for served in services {
            served.server.stop()?;
        }
        bare.stop()?;
        if self.wants("resting") {
            held.extend(resting::measure(&on_sqlite, &sqlite, &place)?);
        }
        finish(&held);
        Ok(())
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }

    fn start_peers(&self, place: &Place) -> anyhow::Result<Vec<Peer>> {
        let (Some(peers), Some(python)) = (&self.peers, &self.python) else { return Ok(Vec::new()) };
        Ok(vec![
            better_auth::start(place, peers, "scrypt")?,
            better_auth::start(place, peers, "argon2id")?,
            django::start(place, peers, python, "pbkdf2")?,
            django::start(place, peers, python, "argon2id")?,
        ])
    }
}

/// Starts this program's own references.
fn start_bare(place: &Place, postgres: &str) -> anyhow::Result<Server> {
    let folder = place.folder("bare")?;
    let mut bare = std::process::Command::new(std::env::current_exe()?);
    bare.arg("bare").arg("--folder").arg(&folder).args(["--postgres", postgres]);
    Server::start(&mut bare, &folder.join("log"))
}

impl Served {
    /// Requests of a thousand people, who stand all over the database. As many in one of any size: what is written of their
    /// use is work of those who are active, not of those who are there.
    pub(crate) fn requests(&self, name: &str, of: impl Fn(u32) -> String) -> anyhow::Result<load::Load> {
        let leap = |n: u32| u32::try_from(crate::token::mix(u64::from(n)) % u64::from(self.people)).unwrap_or_default();
        let whom = |n: u32| if self.people <= PEOPLE { n } else { leap(n) };
        let path = self.folder.join(name);
        load::write(&path, (0..self.people.min(PEOPLE)).map(|n| of(whom(n))))?;
        Ok(load::Load { server: self.server.address, requests: path, connections: 32 })
    }

    /// `GET /v1/me`
    pub(crate) fn me(&self) -> anyhow::Result<load::Load> {
        self.requests("me", |person| requests::as_person(person, "/v1/me"))
    }

    /// Signing in. The turns of a run come from other addresses each, or the service would slow them down.
    pub(crate) fn sign_in(&self, connections: u32, turn: u32) -> anyhow::Result<load::Load> {
        let load = self.requests("sign-in", |person| requests::sign_in(person, (turn << 17) | (person % (1 << 17))))?;
        Ok(load::Load { connections, ..load })
    }
}

/// The references' requests.
pub(crate) fn of_bare(bare: &Server, folder: &Path, engine: &str) -> anyhow::Result<load::Load> {
    let requests = folder.join(format!("bare-{engine}"));
    match engine {
        "nothing" => load::write(&requests, [requests::get("/nothing", &[])])?,
        _ => load::write(&requests, (0..bare::PEOPLE).map(|n| requests::get(&format!("/{engine}/{n}"), &[])))?,
    }
    Ok(load::Load { server: bare.address, requests, connections: 32 })
}

/// What it is measured on.
pub(crate) fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    format!(
        "{} cores, {}, {} of memory; load before the run: {}",
        cores(),
        field(&read("/proc/cpuinfo"), "model name"),
        field(&read("/proc/meminfo"), "MemTotal"),
        read("/proc/loadavg").trim()
    )
}

/// Cores, which the load tool shares.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn finish(held: &[Held]) {
    if !held.is_empty() {
        table::bars(held);
    }
}

/// The bare hash on so many threads, as a process of its own.
pub(crate) fn hash(threads: usize, seconds: u64) -> anyhow::Result<hashing::Hashed> {
    let mut hash = std::process::Command::new(std::env::current_exe()?);
    hash.args(["hash", "--threads", &threads.to_string(), "--seconds", &seconds.to_string()]);
    Ok(serde_json::from_str(&crate::process::run(&mut hash)?)?)
}

//! The service on a database of its own, wired in one of four ways.

use std::{path::PathBuf, sync::Arc};

use futures_util::{StreamExt, stream::BoxStream};
use latchkey_api::{
    AccountApi,
    activity::{Push, Pushes},
    common::Caller,
    problem::ApiResult,
};
use latchkey_client::Client;
use latchkey_outbound::{Outbound, OutboundSection};
use latchkey_postgres_testkit::TestDatabase;
use latchkey_service::{Database, Environment, FixedKey, HashCost, Service, Settings, SystemEntropy};
use tempfile::TempDir;

use crate::{clock::ManualClock, post::Post};

const FILE: &str = "latchkey.db";

/// How the tests reach the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wiring {
    /// Method calls.
    Direct,
    /// The client over the router, without a port.
    InProcess,
    /// The client over TCP on the loopback interface.
    Socket,
    /// Method calls, on PostgreSQL; the others are on SQLite.
    Postgres,
}

impl Wiring {
    /// All of them.
    pub const ALL: [Wiring; 4] = [Self::Direct, Self::InProcess, Self::Socket, Self::Postgres];
}

/// An account service to test.
pub struct World {
    /// The API, through the wiring.
    pub api: Arc<dyn AccountApi>,
    /// The service behind it.
    pub service: Service,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Where it listens, with [`Wiring::Socket`].
    pub origin: Option<String>,
    post: Option<Arc<Post>>,
    client: Option<Client>,
    settings: Settings,
    environment: Environment,
    folder: TempDir,
    postgres: Option<TestDatabase>,
    server: Option<tokio::task::JoinHandle<()>>,
}

/// What a world is to be like.
pub struct WorldBuilder {
    wiring: Wiring,
    settings: Settings,
    clock: Arc<ManualClock>,
    environment: Environment,
    post: Option<Arc<Post>>,
}

impl World {
    /// A world with open sign-up, without throttles, and with a hash that costs next to nothing.
    pub async fn new(wiring: Wiring) -> Self {
        Self::with(wiring).build().await
    }

    /// A world that differs from that.
    pub fn with(wiring: Wiring) -> WorldBuilder {
        let hash_cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
        let settings = Settings { throttles: false, hash_cost, ..Settings::default() };
        let clock = Arc::new(ManualClock::default());
        let environment = Environment {
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(FixedKey([42; 32])),
            ..Environment::system()
        };
        WorldBuilder { wiring, settings, clock, environment, post: None }
    }

    /// The mail that was sent.
    ///
    /// # Panics
    /// In a world without [`mail`](WorldBuilder::mail).
    pub fn post(&self) -> &Post {
        self.post.as_ref().expect("a world with mail")
    }

    /// What happens from now on, through the wiring.
    pub async fn events(&self, caller: &Caller) -> ApiResult<BoxStream<'static, ApiResult<Push>>> {
        match &self.client {
            Some(client) => client.events(caller).await,
            None => Ok(self.service.stream_events(caller).await?.map(Ok).boxed()),
        }
    }

    /// A second service on the same database and by the same clock, as on another node.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn another_service(&self) -> Service {
        let environment = self.environment.clone();
        Service::open(self.database(), self.settings.clone(), environment).await.expect("the service opens")
    }

    /// The same, with a key to seal with that is not the one of this database.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn service_with_another_key(&self) -> Service {
        let keys = Arc::new(FixedKey([43; 32]));
        let environment = Environment { keys, ..self.environment.clone() };
        Service::open(self.database(), self.settings.clone(), environment).await.expect("the service opens")
    }

    fn database(&self) -> Database {
        match &self.postgres {
            Some(database) => on_server(&database.url()),
            None => self.file().into(),
        }
    }

    /// The database file, but with [`Wiring::Postgres`].
    pub fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }
}

impl WorldBuilder {
    /// Changes the settings.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Has the service send mail.
    #[must_use]
    pub fn mail(mut self) -> Self {
        let post = Arc::new(Post::default());
        self.environment.mailer = Some(post.clone());
        self.post = Some(post);
        self
    }

    /// Gives the service other things from outside, such as doubles of those it asks.
    #[must_use]
    pub fn environment(mut self, change: impl FnOnce(&mut Environment)) -> Self {
        change(&mut self.environment);
        self
    }

    /// Has the service ask others for real: providers and registries on this computer among them.
    ///
    /// # Panics
    /// When this computer cannot make encrypted connections.
    #[must_use]
    pub fn outbound(self) -> Self {
        let outbound = Outbound::new(&OutboundSection::default(), "latchkey-testkit");
        let outbound = Arc::new(outbound.expect("what others are asked with"));
        self.environment(|environment| {
            environment.providers = outbound.clone();
            environment.registries = outbound;
        })
    }

    /// Makes the world.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn build(self) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let Self { wiring, settings, clock, environment, post } = self;
        let postgres = match wiring {
            Wiring::Postgres => Some(TestDatabase::like(prepare).await),
            Wiring::Direct | Wiring::InProcess | Wiring::Socket => None,
        };
        let database = postgres.as_ref().map_or(folder.path().join(FILE).into(), |made| on_server(&made.url()));
        let service = Service::open(database, settings.clone(), environment.clone()).await;
        let service = service.expect("the service opens");
        let router = || latchkey_server::router(Arc::new(service.clone()));
        let (mut server, mut origin) = (None, None);
        let client = match wiring {
            Wiring::Direct | Wiring::Postgres => None,
            Wiring::InProcess => Some(Client::in_process(latchkey_server::in_process(router()))),
            Wiring::Socket => {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                let url = url::Url::parse(&format!("http://{address}")).expect("a URL");
                let connections = latchkey_server::Connections::default();
                let serving = latchkey_server::serve(listener, router(), connections, std::future::pending());
                server = Some(tokio::spawn(serving));
                origin = Some(url.origin().ascii_serialization());
                Some(Client::remote(&url, "latchkey-testkit").expect("a client"))
            }
        };
        let api: Arc<dyn AccountApi> = match &client {
            Some(client) => Arc::new(client.clone()),
            None => Arc::new(service.clone()),
        };
        World { api, service, clock, origin, post, client, settings, environment, folder, postgres, server }
    }
}

fn on_server(url: &str) -> Database {
    url.parse().expect("an address")
}

/// Makes the tables in an empty database.
async fn prepare(url: &str) {
    let service = Service::open(on_server(url), Settings::default(), Environment::system()).await;
    service.expect("the service opens").close().await;
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

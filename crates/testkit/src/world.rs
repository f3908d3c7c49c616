//! The service in a folder of its own, wired in one of three ways.

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
use latchkey_service::{Environment, FixedKey, HashCost, Mailer, Service, Settings, SystemEntropy};
use tempfile::TempDir;

use crate::{clock::ManualClock, post::Post};

/// How the tests reach the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wiring {
    /// Method calls.
    Direct,
    /// The client over the router, without a port.
    InProcess,
    /// The client over TCP on the loopback interface.
    Socket,
}

impl Wiring {
    /// All of them.
    pub const ALL: [Wiring; 3] = [Self::Direct, Self::InProcess, Self::Socket];
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
    outbound: Arc<Outbound>,
    client: Option<Client>,
    settings: Settings,
    folder: TempDir,
    server: Option<tokio::task::JoinHandle<()>>,
}

/// What a world is to be like.
pub struct WorldBuilder {
    wiring: Wiring,
    settings: Settings,
    outbound: OutboundSection,
    mail: bool,
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
        WorldBuilder { wiring, settings, outbound: OutboundSection::default(), mail: false }
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
        let environment = self.environment();
        Service::open(&self.database(), self.settings.clone(), environment).await.expect("the service opens")
    }

    /// The same, with a key to seal with that is not the one of this database.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn service_with_another_key(&self) -> Service {
        let keys = Arc::new(FixedKey([43; 32]));
        let environment = Environment { keys, ..self.environment() };
        Service::open(&self.database(), self.settings.clone(), environment).await.expect("the service opens")
    }

    fn environment(&self) -> Environment {
        environment(&self.clock, self.post.as_ref(), &self.outbound)
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("latchkey.db")
    }
}

impl WorldBuilder {
    /// Changes the settings.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Changes whom the service may ask. It asks for real: providers and registries on this computer among others.
    #[must_use]
    pub fn outbound(mut self, change: impl FnOnce(&mut OutboundSection)) -> Self {
        change(&mut self.outbound);
        self
    }

    /// Has the service send mail.
    #[must_use]
    pub fn mail(mut self) -> Self {
        self.mail = true;
        self
    }

    /// Makes the world.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn build(self) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(ManualClock::default());
        let post = self.mail.then(|| Arc::new(Post::default()));
        let database = folder.path().join("latchkey.db");
        let outbound = Arc::new(Outbound::new(&self.outbound, "latchkey-testkit").expect("what others are asked with"));
        let environment = environment(&clock, post.as_ref(), &outbound);
        let service = Service::open(&database, self.settings.clone(), environment).await;
        let service = service.expect("the service opens");
        let router = || latchkey_server::router(Arc::new(service.clone()));
        let (mut server, mut origin) = (None, None);
        let client = match self.wiring {
            Wiring::Direct => None,
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
        World { api, service, clock, origin, outbound, client, settings: self.settings, post, folder, server }
    }
}

fn environment(clock: &Arc<ManualClock>, post: Option<&Arc<Post>>, outbound: &Arc<Outbound>) -> Environment {
    Environment {
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        keys: Arc::new(FixedKey([42; 32])),
        mailer: post.map(|post| post.clone() as Arc<dyn Mailer>),
        providers: outbound.clone(),
        registries: outbound.clone(),
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

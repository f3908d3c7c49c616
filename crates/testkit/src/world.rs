//! The service in a folder of its own, wired in one of three ways.

use std::{path::PathBuf, sync::Arc};

use latchkey_api::AccountApi;
use latchkey_client::Client;
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
    folder: TempDir,
    server: Option<tokio::task::JoinHandle<()>>,
}

/// What a world is to be like.
pub struct WorldBuilder {
    wiring: Wiring,
    settings: Settings,
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
        WorldBuilder { wiring, settings: Settings { throttles: false, hash_cost, ..Settings::default() }, mail: false }
    }

    /// The mail that was sent.
    ///
    /// # Panics
    /// In a world without [`mail`](WorldBuilder::mail).
    pub fn post(&self) -> &Post {
        self.post.as_ref().expect("a world with mail")
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
        let mail = self.mail.then(|| Arc::new(Post::default()));
        let environment = Environment {
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(FixedKey([42; 32])),
            mailer: mail.clone().map(|mail| mail as Arc<dyn Mailer>),
        };
        let database = folder.path().join("latchkey.db");
        let service = Service::open(&database, self.settings, environment).await.expect("the service opens");
        let router = || latchkey_server::router(Arc::new(service.clone()));
        let (mut server, mut origin) = (None, None);
        let api: Arc<dyn AccountApi> = match self.wiring {
            Wiring::Direct => Arc::new(service.clone()),
            Wiring::InProcess => Arc::new(Client::in_process(latchkey_server::in_process(router()))),
            Wiring::Socket => {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                let url = url::Url::parse(&format!("http://{address}")).expect("a URL");
                let connections = latchkey_server::Connections::default();
                let serving = latchkey_server::serve(listener, router(), connections, std::future::pending());
                server = Some(tokio::spawn(serving));
                origin = Some(url.origin().ascii_serialization());
                Arc::new(Client::remote(&url, "latchkey-testkit").expect("a client"))
            }
        };
        World { api, service, clock, origin, post: mail, folder, server }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

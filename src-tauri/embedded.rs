//! The account service in this process: the place *This computer*.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use latchkey_api::desktop::{Failure, ShellCode};
use latchkey_client::Client;
use latchkey_outbound::{Outbound, OutboundSection};
use latchkey_server::Connections;
use latchkey_service::{Environment, KeySource, OpenError, Service, Settings};
use tokio::{net::TcpListener, sync::Mutex};

use crate::{error::failure, integrations_file, private};

/// The file of the account data.
const DATABASE: &str = "latchkey.sqlite";

/// What the service calls itself where it asks others.
const USER_AGENT: &str = concat!("latchkey/", env!("CARGO_PKG_VERSION"));

/// Programs of this computer that are answered at one time.
const CONNECTIONS: usize = 256;

/// How long they may take to hear an answer that has begun once the service stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// The service, opened when it is first asked for. What could not be opened is tried again the next time.
pub(crate) struct Embedded {
    folder: PathBuf,
    keys: Arc<dyn KeySource>,
    open: Mutex<Option<(Service, Client)>>,
}

impl Embedded {
    /// A service that keeps its data in a folder nobody else may look into, and the key to what is secret elsewhere.
    pub(crate) fn in_folder(folder: PathBuf, keys: Arc<dyn KeySource>) -> Self {
        Self { folder, keys, open: Mutex::default() }
    }

    /// A client of the service. It is the same router, and the same client, as over the network; only nothing travels.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        Ok(self.opened().await?.1)
    }

    /// The same router once more, for the programs of this computer.
    pub(crate) async fn serve(
        &self,
        listener: TcpListener,
        stop: BoxFuture<'static, ()>,
    ) -> Result<BoxFuture<'static, ()>, Failure> {
        let (service, _) = self.opened().await?;
        let router = latchkey_server::on_this_computer(latchkey_server::router(Arc::new(service)));
        let connections = Connections { most: CONNECTIONS, farewell: FAREWELL, ..Connections::default() };
        Ok(latchkey_server::serve(listener, router, connections, stop).boxed())
    }

    async fn opened(&self) -> Result<(Service, Client), Failure> {
        let mut open = self.open.lock().await;
        if let Some(open) = &*open {
            return Ok(open.clone());
        }
        let started = self.start().await?;
        *open = Some(started.clone());
        Ok(started)
    }

    /// Writes what is still in memory and closes the data.
    pub(crate) async fn close(&self) {
        if let Some((service, _)) = self.open.lock().await.take() {
            service.close().await;
        }
    }

    async fn start(&self) -> Result<(Service, Client), Failure> {
        private::folder(&self.folder).map_err(|error| {
            let detail = format!("The folder {} cannot be used: {error}.", self.folder.display());
            failure(ShellCode::StoragePermission, detail)
        })?;
        let mut environment = Environment { keys: Arc::clone(&self.keys), ..Environment::system() };
        // Nothing in it can go wrong; if something did, the account is not to wait for it.
        match Outbound::new(&OutboundSection::default(), USER_AGENT) {
            Ok(outbound) => {
                let outbound = Arc::new(outbound);
                environment.providers = outbound.clone();
                environment.registries = outbound;
            }
            Err(error) => tracing::error!(%error, "no provider and no registry can be asked"),
        }
        let integrations = integrations_file::providers(&self.folder.join(integrations_file::FILE));
        let settings = Settings { integrations, ..Settings::default() };
        let opened = Service::open(&self.folder.join(DATABASE), settings, environment).await;
        let service = opened.map_err(|error| explain(&error))?;
        service.start_upkeep();
        let client =
            Client::in_process(latchkey_server::in_process(latchkey_server::router(Arc::new(service.clone()))));
        Ok((service, client))
    }
}

fn explain(error: &OpenError) -> Failure {
    let code = match error {
        OpenError::NewerSchema { .. } => ShellCode::StorageNewer,
        OpenError::Locked { .. } => ShellCode::StorageLocked,
        OpenError::NotADatabase { .. } | OpenError::Corrupt { .. } => ShellCode::StorageDamaged,
        OpenError::Full { .. } => {
            let problem = latchkey_api::problem::Problem::new(latchkey_api::problem::ErrorCode::StorageFull);
            return crate::error::refused(problem.detail(error));
        }
        _ => ShellCode::StoragePermission,
    };
    tracing::error!(%error, "the account data cannot be opened");
    failure(code, error.to_string())
}

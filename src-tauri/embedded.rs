//! The account service in this process: the place *This computer*.

use std::{path::PathBuf, sync::Arc};

use latchkey_api::desktop::{Failure, ShellCode};
use latchkey_client::Client;
use latchkey_service::{Environment, KeySource, OpenError, Service, Settings};
use tokio::sync::Mutex;

use crate::{error::failure, private};

/// The file of the account data.
const DATABASE: &str = "latchkey.sqlite";

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
        let mut open = self.open.lock().await;
        if let Some((_, client)) = &*open {
            return Ok(client.clone());
        }
        let (service, client) = self.start().await?;
        *open = Some((service, client.clone()));
        Ok(client)
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
        let environment = Environment { keys: Arc::clone(&self.keys), ..Environment::system() };
        let opened = Service::open(&self.folder.join(DATABASE), Settings::default(), environment).await;
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

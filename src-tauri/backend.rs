//! How to talk to a place: over the network, or to the service in this process.

use std::{path::PathBuf, sync::Arc};

use futures_util::future::BoxFuture;
use latchkey_api::desktop::{Failure, Place, ShellCode, Transport};
use latchkey_client::Client;
use latchkey_service::KeySource;
use tokio::net::TcpListener;

#[cfg(feature = "embedded")]
use crate::embedded::Embedded;
use crate::{address::Address, error::failure};

/// Makes clients of places.
#[async_trait::async_trait]
pub trait Connector: Send + Sync {
    /// A client of a place. For a server nothing is asked yet; the service in this process is opened.
    async fn connect(&self, place: &Place) -> Result<Client, Failure>;

    /// Serves the REST API of the service in this process to the programs of this computer, until `stop` is done. The
    /// answer is the serving itself: it goes on while it is polled.
    async fn serve(
        &self,
        listener: TcpListener,
        stop: BoxFuture<'static, ()>,
    ) -> Result<BoxFuture<'static, ()>, Failure>;

    /// Lets go of what is open, when the app ends.
    async fn close(&self);
}

/// The real places.
pub struct Backends {
    user_agent: String,
    #[cfg(feature = "embedded")]
    embedded: Embedded,
}

impl Backends {
    /// Places of an app that calls itself `user_agent`, and keeps its own service's data in `folder` and the key to it
    /// in `keys`.
    #[cfg_attr(not(feature = "embedded"), expect(unused_variables, reason = "there is no service in this process"))]
    pub fn new(user_agent: String, folder: PathBuf, keys: Arc<dyn KeySource>) -> Self {
        Self {
            user_agent,
            #[cfg(feature = "embedded")]
            embedded: Embedded::in_folder(folder, keys),
        }
    }
}

#[async_trait::async_trait]
impl Connector for Backends {
    async fn connect(&self, place: &Place) -> Result<Client, Failure> {
        if place.transport == Transport::Local {
            #[cfg(feature = "embedded")]
            return self.embedded.client().await;
            #[cfg(not(feature = "embedded"))]
            return Err(only_servers());
        }
        let address = Address::parse(&place.id)?;
        Client::remote(address.url(), &self.user_agent)
            .map_err(|error| failure(ShellCode::AddressInvalid, format!("{error}.")))
    }

    #[cfg_attr(not(feature = "embedded"), expect(unused_variables, reason = "there is no service in this process"))]
    async fn serve(
        &self,
        listener: TcpListener,
        stop: BoxFuture<'static, ()>,
    ) -> Result<BoxFuture<'static, ()>, Failure> {
        #[cfg(feature = "embedded")]
        return self.embedded.serve(listener, stop).await;
        #[cfg(not(feature = "embedded"))]
        return Err(only_servers());
    }

    async fn close(&self) {
        #[cfg(feature = "embedded")]
        self.embedded.close().await;
    }
}

#[cfg(not(feature = "embedded"))]
fn only_servers() -> Failure {
    failure(ShellCode::AddressInvalid, "This version of Latchkey only connects to servers.".to_owned())
}

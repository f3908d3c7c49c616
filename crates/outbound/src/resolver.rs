//! Finds the addresses of a name, and gives the HTTP client those it may connect to.
//!
//! The client connects to nothing but what it is given here, so that a name cannot have one address while it is looked
//! at and another one a moment later.

use std::{io, net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::addresses::{PrivateNetworks, is_localhost};

/// Knows the addresses of names.
#[async_trait::async_trait]
pub(crate) trait Names: Send + Sync {
    /// All addresses of a name.
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The computer's own resolver.
pub(crate) struct SystemNames;

#[async_trait::async_trait]
impl Names for SystemNames {
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Why there is no address to connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAddress {
    #[error("the name is not known")]
    Unknown,
    #[error("the addresses of the name may not be connected to")]
    Refused,
}

/// The addresses of names that may be connected to.
pub(crate) struct Resolver {
    pub(crate) names: Arc<dyn Names>,
    pub(crate) private_networks: PrivateNetworks,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, private_networks) = (Arc::clone(&self.names), self.private_networks);
        Box::pin(async move {
            let name = name.as_str();
            let found = names.addresses(name).await.map_err(|_| NoAddress::Unknown)?;
            let known = !found.is_empty();
            // What is said of this computer holds for this computer alone: HTTP without TLS among others.
            let here = is_localhost(name);
            let may = |at: &SocketAddr| private_networks.allow(at.ip()) && (!here || at.ip().is_loopback());
            let allowed: Vec<SocketAddr> = found.into_iter().filter(may).collect();
            match (allowed.is_empty(), known) {
                (false, _) => Ok(Box::new(allowed.into_iter()) as Addrs),
                (true, true) => Err(NoAddress::Refused.into()),
                (true, false) => Err(NoAddress::Unknown.into()),
            }
        })
    }
}

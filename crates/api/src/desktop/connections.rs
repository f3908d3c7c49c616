//! Source code integration, container registries, and the tools on this computer that use them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::Failure;
use crate::{container_registries::UpdateRegistry, instance::Provider, integrations::ConnectMethod};

/// An account to connect.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ConnectIntegration {
    /// Which provider.
    pub provider: Provider,
    /// Its host.
    pub host: String,
    /// By which flow.
    pub method: ConnectMethod,
    /// The connection that is to work again.
    pub reconnect: Option<Uuid>,
}

/// An attempt that has begun. With `authorization_code` the browser is open, and this computer listens for its return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionStarted {
    /// The attempt's id.
    pub id: Uuid,
    /// By which flow.
    pub method: ConnectMethod,
    /// Which provider.
    pub provider: Provider,
    /// Its host.
    pub host: String,
    /// `device`: what to type at the provider.
    pub user_code: Option<String>,
    /// `device`: where to type it, as it is shown: without a scheme, as in `github.com/login/device`.
    pub shown_address: Option<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// One attempt.
#[derive(Debug, Deserialize, TS)]
pub struct AttemptArgs {
    /// Its id.
    pub id: Uuid,
}

/// A page that was opened for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PageOpened {
    /// Whether the attempt's code is on the clipboard now. Otherwise, where there is one, it has to be typed.
    pub copied: bool,
}

/// What waiting for an attempt ran into. It goes on waiting.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ConnectionTrouble {
    /// The attempt.
    pub id: Uuid,
    /// What is in the way; null once it is gone.
    pub failure: Option<Failure>,
}

/// One connection.
#[derive(Debug, Deserialize, TS)]
pub struct IntegrationArgs {
    /// Which provider.
    pub provider: Provider,
    /// Its id.
    pub id: Uuid,
}

/// Which repositories.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ListRepositories {
    /// Which provider.
    pub provider: Provider,
    /// The connection's id.
    pub id: Uuid,
    /// Only those with this in their name.
    pub search: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A repository whose page to open.
#[derive(Debug, Deserialize, TS)]
pub struct OpenRepository {
    /// Which provider it is at.
    pub provider: Provider,
    /// The connection it was listed for.
    pub id: Uuid,
    /// The page, as it was listed. It has to be on the connection's host.
    pub web_url: String,
}

/// `git` on this computer, as far as Latchkey signs it in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GitHelper {
    /// Whether `git` was found.
    pub installed: bool,
    /// Whether lines of Latchkey's are in its configuration, for this account or for nobody who is known any more.
    pub enabled: bool,
    /// Whether Latchkey may answer: a session that is newer than those lines, say, may not before it was switched on again.
    pub allowed: bool,
    /// The hosts it asks Latchkey about.
    pub hosts: Vec<String>,
    /// The hosts it would ask about: those that are connected.
    pub connected_hosts: Vec<String>,
    /// The file the configuration stands in, as people write it: `~/.gitconfig`.
    pub path: Option<String>,
}

/// Container tools on this computer, as far as Latchkey signs them in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ContainerHelper {
    /// Whether lines of Latchkey's are in their configuration, for this account or for nobody who is known any more.
    pub enabled: bool,
    /// Whether Latchkey may answer: a session that is newer than those lines, say, may not before it was switched on again.
    pub allowed: bool,
    /// The registries they ask Latchkey about.
    pub hosts: Vec<String>,
    /// The registries they would ask about: those that are authorised, and the service's own.
    pub authorised_hosts: Vec<String>,
    /// The files the configuration stands in, as people write them: Docker's, and that of podman and skopeo.
    pub paths: Vec<String>,
    /// The folder `docker-credential-latchkey` was put in, as people write it, where that is not on their `PATH`: tools do
    /// not find it.
    pub not_on_path: Option<String>,
}

/// Switches signing a tool in.
#[derive(Debug, Deserialize, TS)]
pub struct SetHelper {
    /// On, or off.
    pub enabled: bool,
}

/// New credentials for a registry.
#[derive(Debug, Deserialize, TS)]
pub struct UpdateRegistryArgs {
    /// The registry's id.
    pub id: Uuid,
    /// The credentials.
    pub update: UpdateRegistry,
}

/// One registry.
#[derive(Debug, Deserialize, TS)]
pub struct RegistryArgs {
    /// Its id.
    pub id: Uuid,
}

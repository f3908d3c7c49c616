//! Places: this computer, and servers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::instance::SignUpPolicy;

/// Where an account is: the service in this app, or a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Place {
    /// `local`, or the server's origin.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Host, with port where it is not the usual one; null for this computer.
    pub host: Option<String>,
    /// How it is reached.
    pub transport: Transport,
}

/// How a place is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// In this process.
    Local,
    /// Over TLS with a verified certificate.
    Tls,
    /// Without encryption, on this computer.
    Loopback,
    /// Without encryption, over the network.
    Plain,
}

/// An address to look at.
#[derive(Debug, Deserialize, TS)]
pub struct CheckServer {
    /// As the person typed it; `https://` is assumed.
    pub address: String,
}

/// A server that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ServerFound {
    /// What to choose it by: scheme, host and port.
    pub origin: String,
    /// Its display name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether accounts can be created there.
    pub sign_up: SignUpPolicy,
    /// How it is reached.
    pub transport: Transport,
}

/// A place to go to.
#[derive(Debug, Deserialize, TS)]
pub struct ChoosePlace {
    /// `local`, or an origin from [`ServerFound`] or [`Place::id`].
    pub id: String,
    /// The person confirmed that the connection is not encrypted.
    pub accept_plain: bool,
}

/// One place.
#[derive(Debug, Deserialize, TS)]
pub struct PlaceArgs {
    /// Its id.
    pub id: String,
}

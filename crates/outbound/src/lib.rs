//! What the service asks of others: OAuth providers, their APIs, container registries.
//!
//! [`Outbound`] is the one HTTP client of the service. It connects to what people name, so every call is bounded in time
//! and size, follows no redirection, and looks at the address before it connects.

mod addresses;
mod api;
mod calls;
mod challenge;
mod device;
mod endpoints;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod github;
mod gitlab;
mod http_client;
mod oauth;
mod outbound;
mod provider_errors;
mod providers;
mod registry;
mod registry_words;
mod repository_rows;
mod resolver;
mod settings;
mod tls;
mod token_answer;
mod trouble;

pub use self::{
    addresses::PrivateNetworks,
    calls::CallFigures,
    outbound::{Outbound, OutboundError},
    settings::{IntegrationSection, OutboundSection, SettingsError, read_providers},
};

#[cfg(test)]
mod tests;

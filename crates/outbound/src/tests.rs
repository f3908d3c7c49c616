//! Against small servers of this computer that answer what they are told to.

mod apis;
mod boundaries;
mod errors;
mod local;
mod oauth;
mod proxies;
mod registries;
mod registry_tokens;
mod revocation;

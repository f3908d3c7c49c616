//! Against small servers of this computer that answer what they are told to.

mod apis;
mod boundaries;
mod local;
mod oauth;
mod registries;
mod revocation;

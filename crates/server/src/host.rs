//! What a server mounts.

use latchkey_api::{
    AccountApi,
    activity::Pushes,
    endpoint::{Gate, Health},
    registry::RegistryTokens,
};

/// A service: the API, the gate before it, what it tells open sessions, tokens for the registry, and its health.
pub trait Host: AccountApi + Gate + Pushes + RegistryTokens + Health {}

impl<T: AccountApi + Gate + Pushes + RegistryTokens + Health + ?Sized> Host for T {}

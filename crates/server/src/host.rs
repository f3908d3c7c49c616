//! What a server mounts.

use latchkey_api::{
    AccountApi,
    endpoint::{Gate, Health},
};

/// A service: the API, the gate before it, and its health.
pub trait Host: AccountApi + Gate + Health {}

impl<T: AccountApi + Gate + Health + ?Sized> Host for T {}

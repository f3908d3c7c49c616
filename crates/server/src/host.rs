//! What a server mounts.

use latchkey_api::{
    AccountApi,
    activity::Pushes,
    endpoint::{Gate, Health},
};

/// A service: the API, the gate before it, what it tells open sessions, and its health.
pub trait Host: AccountApi + Gate + Pushes + Health {}

impl<T: AccountApi + Gate + Pushes + Health + ?Sized> Host for T {}

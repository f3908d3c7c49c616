//! What a server mounts.

use latchkey_api::{AccountApi, endpoint::Gate, problem::ApiResult};

/// Says whether a service can do its work.
#[async_trait::async_trait]
pub trait Health: Send + Sync {
    /// Whether requests can be answered now. The problem says what is in the way, and is shown to whoever asks.
    async fn ready(&self) -> ApiResult<()>;
}

/// A service: the API, the gate before it, and its health.
pub trait Host: AccountApi + Gate + Health {}

impl<T: AccountApi + Gate + Health + ?Sized> Host for T {}

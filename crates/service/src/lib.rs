//! The rules of the account domain.
//!
//! [`Service`] implements [`AccountApi`](latchkey_api::AccountApi) over the [store](latchkey_store). It knows no HTTP
//! and no window. Every method begins with the [gate](gate), loads, checks, acts and saves; a check that must not race
//! is one conditional statement of the store.

mod accounts;
mod admin;
mod avatar;
mod base62;
mod device;
mod environment;
mod error;
mod gate;
mod identity_rules;
mod instance;
mod last_use;
mod password_rules;
mod passwords;
mod profile;
mod service;
mod sessions;
mod settings;
mod throttle;
mod tokens;
mod upkeep;

pub use admin::AccountSummary;
pub use environment::{Clock, Entropy, Environment, SystemClock, SystemEntropy};
pub use latchkey_store::OpenError;
pub use password_rules::rate_password;
pub use passwords::HashCost;
pub use service::Service;
pub use settings::Settings;
pub use tokens::{Token, TokenKind};

//! Storage of Latchkey: accounts, sessions, pictures, limits.
//!
//! One portable SQL text behind the small macros of `engine.rs`, run by SQLite with a writer that commits in
//! groups (`sqlite/writer.rs`). Times and ids are the caller's; rules about passwords, names and lifetimes are too.
//! What is a check and a change at once is one conditional statement or one transaction, so every
//! method holds for any number of concurrent callers.
mod accounts;
mod avatars;
mod close_reason;
mod deletion;
mod engine;
mod error;
mod events;
mod open_error;
mod profiles;
mod session_uses;
mod sessions;
mod settings;
mod sqlite;
mod store;
mod throttles;
mod types;
mod upkeep;

pub use accounts::{Account, Credentials, LoginKind, NewAccount};
pub use avatars::{AvatarImage, StoredAvatar};
pub use close_reason::CloseReason;
pub use deletion::{Belongings, NameHold};
pub use error::{Error, Result, Unique};
pub use events::{Chain, Event, NewEvent};
pub use open_error::OpenError;
pub use profiles::{ProfileChange, ProfileUpdate};
pub use session_uses::SessionUse;
pub use sessions::{Device, NewSession, Session};
pub use store::Store;
pub use throttles::Charge;
pub use types::{AccountId, Micros, SessionId};
pub use upkeep::Swept;
pub use uuid::Uuid;

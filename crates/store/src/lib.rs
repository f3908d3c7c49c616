//! Storage of Latchkey: accounts, sessions, keys, pictures, limits.
//!
//! One portable SQL text behind the small macros of `engine.rs`, run by SQLite with a writer that commits in
//! groups (`sqlite/writer.rs`), and by PostgreSQL with a pool of connections (`postgres.rs`). Times and ids are the caller's; rules about passwords, names and lifetimes are too.
//! What is a check and a change at once is one conditional statement or one transaction, so every
//! method holds for any number of concurrent callers.
#![cfg_attr(
    not(feature = "postgres"),
    allow(
        clippy::unused_async,
        dead_code,
        unused_imports,
        unused_macros,
        unused_variables,
        reason = "what is there for PostgreSQL alone"
    )
)]

mod accounts;
mod actor;
mod api_key_reminders;
mod api_key_uses;
mod api_keys;
mod avatars;
mod backup;
mod backup_code_practice;
mod backup_codes;
mod batches;
mod close_reason;
mod compatibility;
mod container_registries;
mod copy;
mod credential_access;
mod database;
mod deletion;
mod distribution;
mod email_changes;
mod engine;
mod error;
mod events;
mod familiar;
mod figures;
mod held_session;
mod integration_attempts;
mod integration_checks;
mod integration_tokens;
mod integrations;
mod notices;
mod open_error;
mod outbox;
mod password_resets;
mod passwords;
mod personal_api_keys;
mod postgres;
mod profiles;
mod registry_checks;
mod registry_passwords;
mod revoked_keys;
mod sealed;
mod second_factor;
mod second_factor_attempts;
mod session_check;
mod session_uses;
mod sessions;
mod settings;
mod sign_in_transactions;
mod signing_keys;
mod sqlite;
mod ssh_keys;
mod statistics;
mod store;
mod throttles;
mod two_factor;
mod types;
mod upkeep;

pub use accounts::{Account, Credentials, LoginKind, NewAccount};
pub use actor::Actor;
pub use api_key_reminders::{ApiKeyReminder, TakenReminder};
pub use api_key_uses::ApiKeyUse;
pub use api_keys::{ApiKey, NewApiKey};
pub use avatars::{AvatarImage, StoredAvatar};
pub use backup::{
    BackupError, Draft, Looked, Progress, Retired, copy_out, look_through, put_in_place, refuse_in_use, retire,
    unfinished_restore,
};
pub use backup_code_practice::{Practice, Practised};
pub use backup_codes::{BackupCodes, Confirmation};
pub use close_reason::CloseReason;
pub use container_registries::{ContainerRegistry, NewRegistryCredentials, RegistryOutcome};
pub use copy::{CopiedTable, CopyError, copy};
pub use credential_access::Allowed;
pub use database::{Database, InvalidDatabase};
pub use deletion::{Belongings, Farewell, NameHold};
pub use distribution::{DistributeError, DistributedTable, Placement, distribute};
pub use email_changes::{EmailChange, NewEmailChange};
pub use error::{Error, Result, Unique};
pub use events::{Chain, CountedEvent, Event, NewEvent};
pub use familiar::Familiar;
pub use figures::StoreFigures;
pub use integration_attempts::IntegrationAttempt;
pub use integration_checks::{Check, Found};
pub use integration_tokens::NewTokens;
pub use integrations::{Connected, Connecting, Integration, NewIntegration};
pub use notices::{Listener, NOTICE_BYTES};
pub use open_error::OpenError;
pub use outbox::{MAIL_AHEAD, NewMail, TakenMail};
pub use password_resets::{Reset, ResetCodes, ResetPassword};
pub use passwords::PasswordChange;
pub use personal_api_keys::{NewPersonalApiKey, PersonalApiKey};
pub use postgres::PostgresAddress;
pub use profiles::{Pending, ProfileChange, ProfileUpdate};
pub use registry_checks::{DueRegistry, RegistryNews, TriedRegistry};
pub use registry_passwords::{NewRegistryPassword, RegistryPassword};
pub use revoked_keys::{RevokedEvents, RevokedKeys};
pub use sealed::{SealedIn, SealedValue};
pub use second_factor::{Proof, Proved, STEPS_AHEAD, SecondFactor};
pub use second_factor_attempts::{Attempt, AttemptLimit};
pub use session_uses::SessionUse;
pub use sessions::{Device, NewSession, Open, Session};
pub use sign_in_transactions::{NewTransaction, SecondStep};
pub use signing_keys::SigningKey;
pub use ssh_keys::{SshKey, SshKeyUse};
pub use statistics::Statistics;
pub use store::Store;
pub use throttles::{Charge, Limit, Refusal};
pub use two_factor::{AuthenticatorApp, Enabling};
pub use types::{AccountId, ApiKeyId, Micros, SessionId};
pub use upkeep::Swept;
pub use uuid::Uuid;

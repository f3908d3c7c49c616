//! The rules of the account domain.
//!
//! [`Service`] implements [`AccountApi`](latchkey_api::AccountApi) over the [store](latchkey_store). It knows no HTTP
//! and no window. Every method begins with the [gate](gate), loads, checks, acts and saves; a check that must not race
//! is one conditional statement of the store.

mod accounts;
mod activity;
mod admin;
mod api_key_expiry;
mod api_key_reminders;
mod api_keys;
mod avatar;
mod backup;
mod backup_code_practice;
mod backup_codes;
mod base62;
mod common_passwords;
mod connect_request;
mod connections;
mod container_registries;
mod credentials;
mod cursor;
mod deletion;
mod device;
mod email;
mod environment;
mod error;
mod events;
mod export;
mod familiarity;
mod figures;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod gate;
mod git_credential;
mod hash_pool;
mod held_names;
mod hub;
mod identity_rules;
mod instance;
mod integration_answers;
mod integration_attempts;
mod integration_checks;
mod integration_providers;
#[cfg(test)]
mod integration_tests;
mod integration_tokens;
mod integration_trouble;
mod integrations;
mod key_use;
mod last_use;
mod mail;
mod mailed_code;
mod new_integration;
mod no_network;
mod nodes;
mod password;
mod password_reset;
mod password_rules;
mod passwords;
mod person;
mod policy;
mod profile;
mod providers;
mod quotas;
mod rate_limit;
#[cfg(test)]
mod recorded;
mod registry_check;
mod registry_checks;
mod registry_hosts;
mod registry_passwords;
mod registry_scopes;
mod registry_tokens;
mod request_span;
mod rounds;
mod sealing;
mod second_factor;
mod service;
mod sessions;
mod settings;
mod sign_in;
mod signing_keys;
mod ssh_key_use;
mod ssh_keys;
mod stream;
mod throttle;
mod tokens;
mod totp;
mod two_factor;
mod upkeep;

pub use activity::{BrokenChain, Verified};
pub use admin::{AccountSummary, RevokedUserKeys};
pub use backup::{Backup, BackupFailure, Content, Restored, backup, restore};
pub use environment::{Clock, Entropy, Environment, SystemClock, SystemEntropy};
pub use figures::{Figures, HashFigures, WaitingMail};
pub use latchkey_figures::Distribution;
pub use latchkey_store::{
    BackupError, CopiedTable, CopyError, Database, DistributeError, DistributedTable, InvalidDatabase, OpenError,
    Placement, PostgresAddress, Progress, Retired, Statistics, StoreFigures, copy, distribute, unfinished_restore,
};
pub use mail::{MailError, Mailer, Message};
pub use password_rules::{is_common_password, rate_password};
pub use passwords::HashCost;
pub use policy::{Policy, PolicyName, PolicySource};
pub use providers::{
    AuthorizationRequest, DeviceAnswer, DeviceGrant, ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked,
    RepositoryPage, SourceCodeProviders, Tokens,
};
pub use registry_check::{RegistryCheck, RegistryCredentials, RegistryRefusal};
pub use sealing::{
    FixedKey, KeyError, KeyFile, KeySource, KeyState, ResealedValues, SealedCount, SealingKey, SealingKeySummary,
    SealingKeys,
};
pub use service::Service;
pub use settings::{RegistrySettings, Settings};
pub use signing_keys::SigningKeySummary;
pub use tokens::{Token, TokenKind};
pub use totp::totp_code;

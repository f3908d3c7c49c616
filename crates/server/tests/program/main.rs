//! The program itself, as it is installed.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

mod administration;
mod backup;
mod certificates;
mod clock;
mod configuration;
mod container_registries;
mod curl;
mod documents;
mod files;
mod mail;
mod manager;
mod metrics;
mod nginx;
mod nodes;
mod openapi;
mod policies;
mod postgres;
mod program;
mod providers;
mod registry;
mod request_ids;
mod sealed;
mod sealing_keys;
mod serving;
mod silence;
mod smtp_server;
mod ssh;
mod tls;
mod tools;
mod upgrades;

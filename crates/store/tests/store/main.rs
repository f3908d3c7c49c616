//! The store from outside: what its callers rely on, on real files.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

mod accounts;
mod api_keys;
mod avatars;
mod cancelling;
mod container_registries;
mod crash;
mod credential_access;
mod deletion;
mod deletion_files;
mod disks;
mod email_changes;
mod events;
mod home;
mod integration_attempts;
mod integrations;
mod load;
mod migrations;
mod opening;
mod outbox;
mod password_resets;
mod rerun;
mod schema;
mod second_factors;
mod sessions;
mod settings;
mod signing_keys;
mod sqlite_tables;
mod ssh_keys;
mod statistics;
mod tables;
mod throttles;
mod upkeep;
mod world;

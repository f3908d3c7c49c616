//! The store on PostgreSQL: what holds on SQLite holds here, and what is PostgreSQL's own.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

#[path = "../store/accounts.rs"]
mod accounts;
#[path = "../store/api_keys.rs"]
mod api_keys;
#[path = "../store/avatars.rs"]
mod avatars;
#[path = "../store/backup_code_practice.rs"]
mod backup_code_practice;
#[path = "../store/cancelling.rs"]
mod cancelling;
mod citus_rules;
#[path = "../store/container_registries.rs"]
mod container_registries;
mod copy;
#[path = "../store/credential_access.rs"]
mod credential_access;
#[path = "../store/deletion.rs"]
mod deletion;
mod distribution;
#[path = "../store/email_changes.rs"]
mod email_changes;
#[path = "../store/events.rs"]
mod events;
mod home;
#[path = "../store/integration_attempts.rs"]
mod integration_attempts;
#[path = "../store/integrations.rs"]
mod integrations;
#[path = "../store/load.rs"]
mod load;
mod notices;
mod opening;
mod ordering;
#[path = "../store/outbox.rs"]
mod outbox;
#[path = "../store/password_resets.rs"]
mod password_resets;
mod pooler;
mod postgres_tables;
#[path = "../store/rerun.rs"]
mod rerun;
#[path = "../store/schema.rs"]
mod schema;
#[path = "../store/sealed.rs"]
mod sealed;
#[path = "../store/second_factors.rs"]
mod second_factors;
mod server;
#[path = "../store/session_uses.rs"]
mod session_uses;
#[path = "../store/sessions.rs"]
mod sessions;
#[path = "../store/settings.rs"]
mod settings;
#[path = "../store/signing_keys.rs"]
mod signing_keys;
#[path = "../store/ssh_keys.rs"]
mod ssh_keys;
#[path = "../store/statistics.rs"]
mod statistics;
#[path = "../store/tables.rs"]
mod tables;
#[path = "../store/throttles.rs"]
mod throttles;
#[path = "../store/upgrades.rs"]
mod upgrades;
#[path = "../store/upkeep.rs"]
mod upkeep;
#[path = "../store/world.rs"]
mod world;

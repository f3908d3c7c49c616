//! The program itself, as it is installed.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

mod administration;
mod configuration;
mod curl;
mod documents;
mod mail;
mod metrics;
mod openapi;
mod policies;
mod postgres;
mod program;
mod registry;
mod serving;
mod silence;
mod smtp_server;
mod ssh;
mod tools;

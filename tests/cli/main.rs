//! The command line, as a process: with a home, a session bus and a keychain of its own, and without a display.

#![allow(clippy::unwrap_used, reason = "these are tests, the functions that help them included")]

mod account;
mod api_keys;
mod documents;
mod endings;
mod local;
mod machine;
#[path = "../desktop/process.rs"]
mod process;
mod proofs;
mod ssh_keys;
mod streams;
mod troubles;

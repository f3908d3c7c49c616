//! The command line, as a process: with a home, a session bus and a keychain of its own, and without a display.

#![allow(clippy::unwrap_used, reason = "these are tests, the functions that help them included")]

mod account;
mod api_keys;
mod clone;
mod containers;
mod documents;
mod endings;
mod git;
mod git_server;
#[path = "../../crates/server/tests/program/registry/image.rs"]
#[allow(dead_code, reason = "what was pulled is looked at by other tests")]
mod image;
mod local;
mod machine;
#[path = "../../crates/server/tests/program/providers/provider.rs"]
#[allow(dead_code, reason = "tests of the service have it say more")]
mod oauth_provider;
mod proofs;
#[path = "../shell/provider.rs"]
#[allow(dead_code, reason = "the tests without a window have it say more")]
mod provider;
mod ssh_keys;
mod streams;
mod troubles;

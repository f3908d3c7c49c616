//! What tests and measurements of the app have around it: a session bus, a keychain, and programs that run beside it and
//! end with whoever started them.
//!
//! What is missing on this machine is a failure, with words that say what is missing.

#![allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod process;
mod session;

pub use process::{Process, command, output_of};
pub use session::Session;

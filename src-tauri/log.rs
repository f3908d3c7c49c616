//! The log: on standard error, without tokens, passwords, addresses or names.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt};

/// What is logged where `LATCHKEY_LOG` says nothing.
const USUAL: &str = "warn";

/// Starts the log. `LATCHKEY_LOG` takes the directives of `tracing_subscriber`, such as `latchkey=debug`.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("LATCHKEY_LOG").unwrap_or_else(|_| EnvFilter::new(USUAL));
    let _ = fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal()).try_init();
}

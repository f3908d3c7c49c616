//! The log goes to standard error: text for people, JSON for machines.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{ConfigError, Log, LogFormat};

pub(crate) fn start(log: &Log) -> Result<(), ConfigError> {
    let filter = EnvFilter::builder().parse(&log.level).map_err(|error| {
        ConfigError::new(format!("log.level: {error}; allowed are off, error, warn, info, debug and trace"))
    })?;
    let lines = fmt().with_env_filter(filter).with_writer(io::stderr);
    match log.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
    }
    Ok(())
}

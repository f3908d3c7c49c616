//! The log goes to standard error: text for people, JSON for machines.

use std::io::{self, IsTerminal};

use tracing_subscriber::{Layer, Registry, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{Log, LogFormat},
    log_lines::LogLines,
};

/// Keep what is answered until the program ends: then it writes what still waits.
pub(crate) fn start(log: &Log) -> LogLines {
    let writer = LogLines::start();
    let lines = fmt::layer().with_writer(writer.writer());
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Text => Box::new(lines.with_ansi(io::stderr().is_terminal())),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).with_span_list(false)),
    };
    tracing_subscriber::registry().with(lines.with_filter(log.level.clone())).init();
    writer
}

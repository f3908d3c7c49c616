//! The log goes to standard error: text for people, JSON for machines.

mod json;

use std::io::{self, IsTerminal};

use tracing_subscriber::{
    Layer, Registry,
    fmt::{self, format::JsonFields},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

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
        LogFormat::Json => Box::new(lines.fmt_fields(JsonFields::new()).event_format(json::Lines)),
    };
    tracing_subscriber::registry().with(lines.with_filter(log.level.clone())).init();
    writer
}

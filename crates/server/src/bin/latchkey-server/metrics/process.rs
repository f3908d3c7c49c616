//! The process, by the names every program tells these by.

use std::{fmt, fs};

use chrono::{DateTime, Utc};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};

use super::sheet::Sheet;

#[derive(Debug)]
pub(super) struct Process {
    pub(super) begun: DateTime<Utc>,
}

impl Collector for Process {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut sheet = Sheet(encoder);
        let begun = u64::try_from(self.begun.timestamp()).unwrap_or_default();
        sheet.gauges(
            "process_start_time",
            "When the process began, since 1970",
            Some(&Unit::Seconds),
            [([], begun)],
        )?;
        let resident = resident().into_iter().map(|bytes| ([], bytes));
        sheet.gauges("process_resident_memory", "Memory the process holds", Some(&Unit::Bytes), resident)
    }
}

/// From the kernel, where it says so.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

//! How often the database was asked.
use latchkey_figures::Counter;

use crate::Store;

/// What was asked of the database since it was opened, whatever became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Reading statements outside of transactions.
    pub reads: u64,
    /// Transactions, of one statement or more; what they read inside is not counted among the reads, nor are notices
    /// among these.
    pub writes: u64,
}

/// Counted by the macros of `engine.rs`, which every statement goes through.
#[derive(Default)]
pub(crate) struct Counters {
    reads: Counter,
    writes: Counter,
    /// Writes that were run again.
    pub(crate) retries: Counter,
}

impl Counters {
    pub(crate) fn read(&self) {
        self.reads.count();
    }

    pub(crate) fn write(&self) {
        self.writes.count();
    }
}

impl Store {
    /// How often the database was asked since it was opened.
    pub fn statistics(&self) -> Statistics {
        let Counters { reads, writes, .. } = self.counters();
        Statistics { reads: reads.get(), writes: writes.get() }
    }
}

//! How often the database was asked.
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Store;

/// What was asked of the database since it was opened, whatever became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Reading statements outside of transactions.
    pub reads: u64,
    /// Transactions, of one statement or more; what they read inside is not counted among the reads.
    pub writes: u64,
}

/// Counted by the macros of `engine.rs`, which every statement goes through.
#[derive(Default)]
pub(crate) struct Counters {
    reads: AtomicU64,
    writes: AtomicU64,
}

impl Counters {
    pub(crate) fn read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }
}

impl Store {
    /// How often the database was asked since it was opened.
    pub fn statistics(&self) -> Statistics {
        let Counters { reads, writes } = self.counters();
        Statistics { reads: reads.load(Ordering::Relaxed), writes: writes.load(Ordering::Relaxed) }
    }
}

//! How many there are at this moment.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A number that grows and shrinks.
#[derive(Debug, Default)]
pub struct Gauge(AtomicU64);

/// One that is there; gone when it is dropped.
#[derive(Debug)]
pub struct Held<G: Deref<Target = Gauge>>(G);

impl Gauge {
    /// One more, until what is answered is dropped.
    pub fn hold(&self) -> Held<&Self> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Held(self)
    }

    /// The same for what outlives whoever counts.
    pub fn hold_shared(self: &Arc<Self>) -> Held<Arc<Self>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Held(Arc::clone(self))
    }

    /// Sets it to a number that was found out in another way.
    pub fn set(&self, number: u64) {
        self.0.store(number, Ordering::Relaxed);
    }

    /// How many there are.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl<G: Deref<Target = Gauge>> Drop for Held<G> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_not_there() {
        let gauge = Gauge::default();
        let (first, second) = (gauge.hold(), gauge.hold());
        drop(first);
        assert_eq!(gauge.get(), 1);
        drop(second);
        assert_eq!(gauge.get(), 0);
    }
}

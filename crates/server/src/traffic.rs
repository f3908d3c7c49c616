//! What is counted of requests and connections, for whoever shows it.
//!
//! Each operation has its numbers in a place of its own, found once for a request; counting is adding to them.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use latchkey_figures::{Counter, Distribution, Gauge, Histogram};

use crate::operations::{Operation, Operations};

/// Bounds of the times that are told apart, in microseconds: from a session check on an idle machine to the longest a
/// request may take.
const TIMES: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000, 30_000_000,
];

/// Classes of status codes, and the client that left before there was one.
pub(crate) const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "left"];
const LEFT: usize = 5;

/// Numbers about what is served. One for a router and the socket it is served on.
#[derive(Debug)]
pub struct Traffic {
    operations: Vec<Numbers>,
    in_flight: Gauge,
    pub(crate) connections: Arc<Gauge>,
    pub(crate) connected: Counter,
    pub(crate) streams: Arc<Gauge>,
    pub(crate) handshakes: Arc<Gauge>,
    pub(crate) failed_handshakes: Counter,
}

/// Of one operation.
#[derive(Debug)]
struct Numbers {
    classes: [Counter; CLASSES.len()],
    took: Histogram,
}

/// What was counted of an operation.
#[derive(Clone, Debug)]
pub struct OperationFigures {
    /// Which one.
    pub operation: Operation,
    /// Answers by the class of their status, `2xx` and so on; `left` where the client did not wait for one.
    pub answers: [(&'static str, u64); CLASSES.len()],
    /// Microseconds until the answer began.
    pub took: Distribution,
}

/// What is open at this moment, and what was since the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionFigures {
    /// Requests whose answer has not begun.
    pub in_flight: u64,
    /// Open connections.
    pub open: u64,
    /// Connections that were taken.
    pub taken: u64,
    /// Open event streams.
    pub streams: u64,
    /// TLS handshakes under way.
    pub handshakes: u64,
    /// TLS handshakes that came to nothing.
    pub failed_handshakes: u64,
}

impl Default for Traffic {
    fn default() -> Self {
        let numbers = || Numbers { classes: Default::default(), took: Histogram::new(TIMES) };
        Self {
            operations: Operations::get().all().iter().map(|_| numbers()).collect(),
            in_flight: Gauge::default(),
            connections: Arc::default(),
            connected: Counter::default(),
            streams: Arc::default(),
            handshakes: Arc::default(),
            failed_handshakes: Counter::default(),
        }
    }
}

impl Traffic {
    /// What was counted of each operation.
    pub fn operations(&self) -> Vec<OperationFigures> {
        let of_each = |(operation, numbers): (&Operation, &Numbers)| OperationFigures {
            operation: *operation,
            answers: std::array::from_fn(|class| (CLASSES[class], numbers.classes[class].get())),
            took: numbers.took.distribution(),
        };
        Operations::get().all().iter().zip(&self.operations).map(of_each).collect()
    }

    /// What is open.
    pub fn connections(&self) -> ConnectionFigures {
        ConnectionFigures {
            in_flight: self.in_flight.get(),
            open: self.connections.get(),
            taken: self.connected.get(),
            streams: self.streams.get(),
            handshakes: self.handshakes.get(),
            failed_handshakes: self.failed_handshakes.get(),
        }
    }

    /// A request has begun.
    pub(crate) fn begin(&self, operation: usize) -> Begun<'_> {
        Begun { numbers: &self.operations[operation], _in_flight: self.in_flight.hold(), class: LEFT }
    }
}

/// A request whose answer has not begun. Dropped before there is one, its client has left.
pub(crate) struct Begun<'a> {
    numbers: &'a Numbers,
    _in_flight: latchkey_figures::Held<&'a Gauge>,
    class: usize,
}

impl Begun<'_> {
    /// It is answered.
    pub(crate) fn answered(mut self, status: StatusCode, took: Duration) {
        self.class = usize::from(status.as_u16() / 100).clamp(1, LEFT) - 1;
        self.numbers.took.observe(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.numbers.classes[self.class].count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_once_whatever_becomes_of_it() {
        let traffic = Traffic::default();
        let answered = traffic.begin(0);
        let left = traffic.begin(0);
        assert_eq!(traffic.connections().in_flight, 2);
        answered.answered(StatusCode::NOT_FOUND, Duration::from_micros(300));
        drop(left);
        let figures = &traffic.operations()[0];
        let counted: Vec<_> = figures.answers.into_iter().filter(|(_, number)| *number > 0).collect();
        assert_eq!(counted, [("4xx", 1), ("left", 1)]);
        assert_eq!((figures.took.count(), figures.took.sum), (1, 300));
        assert_eq!(traffic.connections().in_flight, 0);
    }
}

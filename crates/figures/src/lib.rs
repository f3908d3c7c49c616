//! What is counted while the service runs.
//!
//! Whoever counts adds to an atomic number: no lock, no allocation, no order among them. Whoever shows the figures reads
//! them when asked. Nothing here knows a format of metrics.

mod counter;
mod distribution;
mod gauge;

pub use counter::Counter;
pub use distribution::{Distribution, Histogram};
pub use gauge::{Gauge, Held};

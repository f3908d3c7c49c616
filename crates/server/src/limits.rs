//! How long and how much.

use std::time::Duration;

/// What one request may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the service to admit a caller, and again for it to answer.
    pub answer: Duration,
    /// For the next piece of a request body.
    pub body_pause: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// Between two signs of life on an event stream.
    pub heartbeat: Duration,
    /// Event streams open at one time. Each holds a connection: leave some to everything else.
    pub streams: usize,
}

impl Default for Limits {
    /// Ten megabytes over a line of one megabit a second arrive in time.
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(30),
            body_pause: Duration::from_secs(15),
            body: Duration::from_mins(2),
            heartbeat: Duration::from_secs(15),
            streams: 8 * 1024,
        }
    }
}

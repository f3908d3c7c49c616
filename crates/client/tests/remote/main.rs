//! The client against real sockets, and what it makes of servers that fail or are something else.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

mod answers;
mod connections;
mod servers;
mod tls;
mod uploads;

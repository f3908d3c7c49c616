//! The edge by itself, before a host that is nothing but the traits.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

mod docs;
mod event_stream;
mod framing;
mod gate;
mod limits;
mod problems;
mod rate_limit;
mod reading;
mod shutdown;
mod story;
mod table;
#[cfg(feature = "tls")]
mod tls;
mod toy;
mod toy_connections;
mod toy_keys;
mod toy_security;
mod wire;

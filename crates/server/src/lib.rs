//! Mounts any `AccountApi` on axum.
//!
//! [`router`] is everything the service answers over HTTP. [`serve`] puts it on a socket; [`in_process`] lets
//! a client of the same process call it without one.

mod caller;
mod conditional;
mod connections;
mod docs;
mod door;
mod event_stream;
mod exchange;
mod forwarded;
mod health;
mod host;
#[cfg(feature = "tls")]
mod http2;
mod limits;
mod loopback;
mod mount;
mod operations;
mod panics;
mod rate_limit;
#[cfg(feature = "tls")]
mod reception;
mod refusal;
mod registry_token;
mod request_body;
mod request_id;
mod router;
mod routes;
mod security_headers;
mod stalled;
#[cfg(feature = "tls")]
mod tls;
mod trace_context;
mod traffic;

pub use connections::{Connections, serve};
pub use forwarded::TrustedProxies;
pub use host::Host;
pub use latchkey_api::endpoint::Health;
pub use limits::Limits;
pub use loopback::on_this_computer;
pub use mount::Routes;
pub use operations::Operation;
pub use request_id::REQUEST_ID;
pub use router::{Streamed, in_process, router, router_counted, router_with};
pub use routes::routes;
pub use security_headers::secured;
#[cfg(feature = "tls")]
pub use tls::{CertificateError, CertificateFiles, Tls};
pub use traffic::{ConnectionFigures, OperationFigures, Traffic};

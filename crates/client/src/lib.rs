//! The client of Latchkey: `AccountApi` over a tower service.
//!
//! The service behind it is either a socket ([`Client::remote`]) or the router in the same process
//! ([`Client::in_process`]). Both speak HTTP messages, so that both take the same path through the contract.
//! [`Client::events`] is the stream of what happens meanwhile.
//! Whatever goes wrong is answered as a [`Problem`](latchkey_api::problem::Problem), with a code of the client's own
//! where no answer came: `offline`, `timed_out`, `certificate_invalid`, `connection_lost`, `not_latchkey`.

mod answer;
mod areas;
mod client;
mod event_stream;
mod failure;
mod patience;
mod progress;
mod remote;
mod service_clock;

pub use answer::RESPONSE_LIMIT;
pub use client::{Client, Streamed, Transport};
pub use progress::{Progress, ProgressFn};
pub use remote::{RemoteError, Timeouts};

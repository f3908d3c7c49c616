//! The client of Latchkey: `AccountApi` over a tower service.
//!
//! The service behind it is either a socket ([`Client::remote`]) or the router in the same process
//! ([`Client::in_process`]). Both speak whole HTTP messages, so that both take the same path through the contract.
//! Whatever goes wrong is answered as a [`Problem`](latchkey_api::problem::Problem), with a code of the client's own
//! where no answer came: `offline`, `timed_out`, `certificate_invalid`, `connection_lost`, `not_latchkey`.

mod answer;
mod areas;
mod client;
mod failure;
mod patience;
mod progress;
mod remote;

pub use client::{Client, Transport};
pub use progress::{Progress, ProgressFn};
pub use remote::{RESPONSE_LIMIT, RemoteError, Timeouts};

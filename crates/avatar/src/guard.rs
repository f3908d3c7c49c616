//! Panics of decoders, turned into refusals.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Refusal;

/// Runs a third-party decoder over bytes of unknown origin.
///
/// The decoders are written not to panic, and fuzzed; where one does after all, a stranger's file must cost its sender
/// the upload and not the service its thread. What `decode` held is dropped, so nothing half-made is seen afterwards.
pub(crate) fn guarded<T>(decode: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(Refusal::broken("the decoder gave up")))
}

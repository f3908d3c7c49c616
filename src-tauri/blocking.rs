//! Work that waits for the disk or computes for long, away from the threads that answer.

use latchkey_api::{desktop::Failure, problem::Problem};

use crate::error::refused;

/// Runs work where it may take its time. Work that breaks off is an internal error, which says nothing of what it had
/// in its hands.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(refused(Problem::internal(error))))
}

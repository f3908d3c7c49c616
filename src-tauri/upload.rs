//! The one upload that may be on its way.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::future::{AbortHandle, abortable};

/// Holds the handle of the upload on its way. A new one takes the place of the one before.
#[derive(Default)]
pub struct UploadSlot(Mutex<Option<AbortHandle>>);

impl UploadSlot {
    /// Runs an upload. `None` if it was cancelled; what it was doing is dropped then, which closes its connection.
    pub async fn run<T>(&self, upload: impl Future<Output = T>) -> Option<T> {
        let (upload, handle) = abortable(upload);
        if let Some(before) = self.lock().replace(handle) {
            before.abort();
        }
        upload.await.ok()
    }

    /// Stops the upload, if there is one.
    pub fn cancel(&self) {
        if let Some(handle) = self.lock().take() {
            handle.abort();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<AbortHandle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Arc};

    use super::*;

    #[tokio::test]
    async fn an_upload_ends_by_itself_by_cancel_or_by_the_next_one() {
        let slot = Arc::new(UploadSlot::default());
        assert_eq!(slot.run(async { 1 }).await, Some(1));

        let start = |slot: &Arc<UploadSlot>| {
            let slot = Arc::clone(slot);
            tokio::spawn(async move { slot.run(pending::<()>()).await })
        };
        let first = start(&slot);
        tokio::task::yield_now().await;
        let second = start(&slot);
        assert_eq!(first.await.unwrap(), None);
        tokio::task::yield_now().await;
        slot.cancel();
        assert_eq!(second.await.unwrap(), None);
        slot.cancel();
    }
}

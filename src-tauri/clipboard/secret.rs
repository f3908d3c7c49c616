//! A secret on the clipboard, for a minute.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::{AbortHandle, abortable};
use latchkey_api::{desktop::Failure, problem::Problem, wire::Secret};

use super::Clipboard;
use crate::error::refused;

/// How long a secret stays.
pub const LASTS: Duration = Duration::from_mins(1);

/// The secret this app put on the clipboard last, until it is taken off again.
pub struct SecretOnClipboard {
    clipboard: Arc<dyn Clipboard>,
    there: Arc<Mutex<Option<(Secret, AbortHandle)>>>,
}

impl SecretOnClipboard {
    /// No secret yet.
    pub fn new(clipboard: Arc<dyn Clipboard>) -> Self {
        Self { clipboard, there: Arc::default() }
    }

    /// Puts a secret on the clipboard, and takes it off after [`LASTS`]. A second one begins a minute of its own.
    pub async fn put(&self, secret: Secret) -> Result<(), Failure> {
        let (clipboard, text) = (Arc::clone(&self.clipboard), secret.clone());
        let put = tokio::task::spawn_blocking(move || clipboard.write_secret(&text)).await;
        put.unwrap_or_else(|error| Err(refused(Problem::internal(error))))?;
        let (clipboard, there) = (Arc::clone(&self.clipboard), Arc::clone(&self.there));
        let (later, handle) = abortable(async move {
            tokio::time::sleep(LASTS).await;
            let _ = tokio::task::spawn_blocking(move || take_off(&*clipboard, &there)).await;
        });
        // Noted before the minute begins, and in place of the one before, whose minute is over.
        if let Some((_, before)) = self.lock().replace((secret, handle)) {
            before.abort();
        }
        tokio::spawn(later);
        Ok(())
    }

    /// Takes the secret off now, when the app ends.
    pub fn take_off(&self) {
        take_off(&*self.clipboard, &self.there);
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Secret, AbortHandle)>> {
        self.there.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_off(clipboard: &dyn Clipboard, there: &Mutex<Option<(Secret, AbortHandle)>>) {
    let noted = there.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((secret, minute)) = noted {
        minute.abort();
        clipboard.clear_if(&secret);
    }
}

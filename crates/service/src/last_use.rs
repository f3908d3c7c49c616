//! When sessions were used last: noted in memory, written in batches, so that reading costs no write.
//!
//! A crash loses at most the marks of one interval; nothing but "last used" depends on them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use latchkey_api::problem::ApiResult;
use latchkey_store::{Account, AccountId, Micros, Session, SessionId, SessionUse};

use crate::{error::problem, service::Service};

/// A use within this time of the stored mark is not worth a write.
const RESOLUTION: Duration = Duration::from_mins(1);

/// Marks that were not written yet, the latest of each session.
#[derive(Default)]
pub(crate) struct LastUse(Mutex<HashMap<(AccountId, SessionId), SessionUse>>);

impl Service {
    pub(crate) fn note_use(&self, account: &Account, session: &Session, now: Micros) {
        if now < session.last_modified_at.saturating_add(RESOLUTION) {
            return;
        }
        let settings = self.settings();
        let end = session.created_at.saturating_add(settings.session_lifetime);
        let expires_at = now.saturating_add(settings.session_idle).min(end);
        let mark = SessionUse { account: account.account_id, session: session.session_id, at: now, expires_at };
        self.marks().insert((mark.account, mark.session), mark);
    }

    /// Writes the marks. When the store refuses they are kept for the next time.
    pub(crate) async fn flush_last_use(&self) -> ApiResult<()> {
        let marks: Vec<SessionUse> = std::mem::take(&mut *self.marks()).into_values().collect();
        if marks.is_empty() {
            return Ok(());
        }
        let written = self.store().touch_sessions(&marks).await;
        if written.is_err() {
            let mut kept = self.marks();
            for mark in marks {
                kept.entry((mark.account, mark.session)).or_insert(mark);
            }
        }
        written.map(|_| ()).map_err(problem)
    }

    fn marks(&self) -> std::sync::MutexGuard<'_, HashMap<(AccountId, SessionId), SessionUse>> {
        self.shared.last_use.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

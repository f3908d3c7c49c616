//! When API keys were used last, and from where: noted in memory, written in batches, like the use of sessions.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use latchkey_api::{common::Caller, problem::ApiResult};
use latchkey_store::{AccountId, ApiKeyId, ApiKeyUse, Micros};

use crate::{error::problem, events::ip_address, person::KeyHolder, service::Service};

/// A use within this time of the stored mark is not worth a write.
const RESOLUTION: Duration = Duration::from_mins(1);

/// Marks that were not written yet, the latest of each key.
#[derive(Default)]
pub(crate) struct KeyUse(Mutex<HashMap<(AccountId, ApiKeyId), ApiKeyUse>>);

impl Service {
    pub(crate) fn note_key_use(&self, holder: &KeyHolder, caller: &Caller, now: Micros) {
        if holder.key.last_used_at().is_some_and(|at| now < at.saturating_add(RESOLUTION)) {
            return;
        }
        let (account, key) = (holder.account.account_id, holder.key.id());
        let personal = holder.key.is_personal();
        let mark = ApiKeyUse { account, key, personal, at: now, ip_address: ip_address(caller) };
        self.key_marks().insert((account, key), mark);
    }

    /// Writes the marks. When the store refuses they are kept for the next time.
    pub(crate) async fn flush_key_use(&self) -> ApiResult<()> {
        let marks: Vec<ApiKeyUse> = std::mem::take(&mut *self.key_marks()).into_values().collect();
        if marks.is_empty() {
            return Ok(());
        }
        let written = self.store().touch_api_keys(&marks).await;
        if written.is_err() {
            let mut kept = self.key_marks();
            for mark in marks {
                kept.entry((mark.account, mark.key)).or_insert(mark);
            }
        }
        written.map(|_| ()).map_err(problem)
    }

    fn key_marks(&self) -> std::sync::MutexGuard<'_, HashMap<(AccountId, ApiKeyId), ApiKeyUse>> {
        self.shared.key_use.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

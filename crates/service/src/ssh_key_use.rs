//! When SSH keys were used last: noted in memory, written in batches, as [`last_use`](crate::last_use) does for sessions.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use latchkey_api::problem::ApiResult;
use latchkey_store::{AccountId, SshKey, SshKeyUse, Uuid};

use crate::{error::problem, service::Service};

/// A use within this time of the stored mark is not worth a write.
const RESOLUTION: Duration = Duration::from_mins(1);

/// Marks that were not written yet, the latest of each key.
#[derive(Default)]
pub(crate) struct SshKeyUses(Mutex<HashMap<(AccountId, Uuid), SshKeyUse>>);

impl Service {
    /// Notes that `sshd` asked for just this key.
    pub(crate) fn note_ssh_key_use(&self, account: AccountId, key: &SshKey) {
        let at = self.environment().now();
        if key.last_used_at.is_none_or(|last| at >= last.saturating_add(RESOLUTION)) {
            self.ssh_key_uses().insert((account, key.key_id), SshKeyUse { account, key: key.key_id, at });
        }
    }

    /// Writes the marks. When the store refuses they are kept for the next time.
    pub(crate) async fn flush_ssh_key_use(&self) -> ApiResult<()> {
        let marks: Vec<_> = std::mem::take(&mut *self.ssh_key_uses()).into_values().collect();
        if marks.is_empty() {
            return Ok(());
        }
        let written = self.store().touch_ssh_keys(&marks).await;
        if written.is_err() {
            let mut kept = self.ssh_key_uses();
            for mark in marks {
                kept.entry((mark.account, mark.key)).or_insert(mark);
            }
        }
        written.map(drop).map_err(problem)
    }

    fn ssh_key_uses(&self) -> MutexGuard<'_, HashMap<(AccountId, Uuid), SshKeyUse>> {
        self.shared.ssh_key_uses.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

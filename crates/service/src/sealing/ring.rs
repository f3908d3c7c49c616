//! The keys there are, and which one of them seals: the database says that, so that all nodes go by the same.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use tokio::{sync::OnceCell, time::Instant};
use zeroize::Zeroizing;

use super::{
    SealingKey,
    format::{Parts, Sealer, mark},
    hashes::HashKeys,
    hex,
};
use crate::{error::problem, service::Service};

/// The name of the setting that tells which key seals what is written to this database.
pub(super) const MARK: &str = "sealing_key";

/// Which one was the first; there from the first rotation on.
pub(super) const FIRST: &str = "first_sealing_key";

/// How long a node goes by what it read. A key that does not seal any more is not removed before this is over.
pub(super) const FRESH: Duration = Duration::from_secs(15);

/// The keys, once they were needed.
#[derive(Default)]
pub(crate) struct Sealing {
    ring: RwLock<Option<(Arc<Ring>, Instant)>>,
    pub(super) hashes: OnceCell<HashKeys>,
}

/// Keys with their marks, the newest last.
pub(super) struct Ring {
    pub(super) keys: Vec<(String, SealingKey)>,
    /// The place of the one that seals.
    pub(super) active: usize,
    /// The mark of the first one, which what names no key was sealed with.
    first: String,
    /// Whether another one than the first was ever used.
    pub(super) rotated: bool,
}

impl Ring {
    /// The mark of the key that seals.
    pub(super) fn active(&self) -> &str {
        &self.keys[self.active].0
    }

    /// What seals.
    pub(super) fn sealing(&self) -> Sealer<'_> {
        Sealer { key: &self.keys[self.active].1, named: self.rotated }
    }

    /// The key of this mark.
    pub(super) fn key(&self, mark: &str) -> Option<&SealingKey> {
        self.keys.iter().find(|(known, _)| known == mark).map(|(_, key)| key)
    }

    /// The key a value was sealed with.
    pub(super) fn key_of(&self, parts: &Parts<'_>) -> Option<&SealingKey> {
        self.key(&self.mark_of(parts))
    }

    /// The mark of that key.
    pub(super) fn mark_of(&self, parts: &Parts<'_>) -> String {
        parts.mark.map_or_else(|| self.first.clone(), |mark| hex(mark))
    }
}

impl Sealing {
    pub(super) fn known(&self) -> Option<Arc<Ring>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(ring, _)| ring.clone())
    }

    /// The same, if it was looked at a short while ago.
    fn fresh(&self) -> Option<Arc<Ring>> {
        let known = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(_, at)| at.elapsed() < FRESH).map(|(ring, _)| ring.clone())
    }

    fn set(&self, ring: &Arc<Ring>, at: Instant) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Some((ring.clone(), at));
    }
}

impl Service {
    /// Whether anything in this database was ever sealed.
    pub(crate) async fn ever_sealed(&self) -> ApiResult<bool> {
        Ok(self.store().get_setting(MARK).await.map_err(problem)?.is_some())
    }

    /// The keys for sealing: which one does is never older news than [`FRESH`].
    pub(super) async fn fresh_ring(&self) -> ApiResult<Arc<Ring>> {
        if let Some(ring) = self.shared.sealing.fresh() {
            return Ok(ring);
        }
        let Some(ring) = self.shared.sealing.known() else { return self.read_ring().await };
        let at = Instant::now();
        let marked = self.store().get_setting(MARK).await.map_err(problem)?;
        if marked.as_deref() == Some(ring.active()) {
            self.shared.sealing.set(&ring, at);
            return Ok(ring);
        }
        self.read_ring().await
    }

    /// Reads the keys anew. The first call that seals anything in this database decides which one it is; others are
    /// refused from then on, instead of sealing half of the data with them.
    pub(super) async fn read_ring(&self) -> ApiResult<Arc<Ring>> {
        let at = Instant::now();
        let known = self.store().get_setting(MARK).await.map_err(problem)?;
        let new = known.is_none().then(|| Zeroizing::new(self.environment().bytes()));
        let keys = self.environment().keys.keys(new).await.map_err(|error| {
            tracing::error!(%error, "there is no key to seal with");
            Problem::new(ErrorCode::SealingUnavailable).detail(error)
        })?;
        let keys: Vec<_> = keys.into_iter().map(|key| (hex(&mark(&key)), key)).collect();
        let marked = match (known, keys.last()) {
            (Some(marked), _) => marked,
            (None, Some((newest, _))) => self.store().put_setting_if_absent(MARK, newest).await.map_err(problem)?,
            (None, None) => String::new(),
        };
        let Some(active) = keys.iter().position(|(mark, _)| *mark == marked) else {
            tracing::error!(needed = marked, "the key is not the one this database was sealed with");
            let detail = "The key is not the one the account data was sealed with.";
            return Err(Problem::new(ErrorCode::SealingUnavailable).detail(detail));
        };
        // After the mark: where that is of a second key, this is there.
        let first = self.store().get_setting(FIRST).await.map_err(problem)?;
        let ring = Ring { keys, active, rotated: first.is_some(), first: first.unwrap_or(marked) };
        let ring = Arc::new(ring);
        self.shared.sealing.set(&ring, at);
        Ok(ring)
    }
}

//! Marks of use: collected by the caller, written in batches, so that reading costs no write.
use std::{collections::BTreeMap, sync::LazyLock};

use crate::{
    Store,
    batches::{BATCHES, values},
    engine::{Scope, in_tx},
    error::Result,
    types::{AccountId, Micros, SessionId},
};

/// A session was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionUse {
    /// Whose session.
    pub account: AccountId,
    /// Which one.
    pub session: SessionId,
    /// When it was used.
    pub at: Micros,
    /// Until when it is valid from now on; never shortens what is stored.
    pub expires_at: Micros,
}

static TOUCH: LazyLock<[String; BATCHES.len()]> = LazyLock::new(|| BATCHES.map(touch));

pub(crate) fn touch(rows: usize) -> String {
    format!(
        "WITH used (account_id, session_id, used_at, expires_at) AS (VALUES {}) \
         UPDATE sessions SET last_modified_at = used.used_at, expires_at = CASE \
         WHEN used.expires_at > sessions.expires_at THEN used.expires_at ELSE sessions.expires_at END FROM used \
         WHERE sessions.account_id = used.account_id AND sessions.session_id = used.session_id \
         AND sessions.last_modified_at < used.used_at AND sessions.expires_at > used.used_at \
         AND sessions.closed_at IS NULL",
        values(rows, 4)
    )
}

impl Store {
    /// Records uses, in any order and number, in one transaction; answers how many sessions moved on.
    /// A mark only moves forward, and neither a closed session nor one that had expired comes back.
    pub async fn touch_sessions(&self, uses: &[SessionUse]) -> Result<u64> {
        // An UPDATE … FROM takes any one of several rows for the same session: leave it the newest only.
        let mut newest: BTreeMap<_, SessionUse> = BTreeMap::new();
        for seen in uses {
            newest
                .entry((seen.account, seen.session))
                .and_modify(|kept| {
                    kept.at = kept.at.max(seen.at);
                    kept.expires_at = kept.expires_at.max(seen.expires_at);
                })
                .or_insert(*seen);
        }
        if newest.is_empty() {
            return Ok(0);
        }
        let uses: Vec<SessionUse> = newest.into_values().collect();
        in_tx!(self, Scope::Rows, |c| {
            let mut rest = &uses[..];
            let mut moved = 0;
            for (rows, text) in BATCHES.iter().zip(TOUCH.iter()) {
                while rest.len() >= *rows {
                    let (batch, behind) = rest.split_at(*rows);
                    let mut query = sqlx::query(text.as_str());
                    for mark in batch {
                        query = query.bind(mark.account).bind(mark.session).bind(mark.at).bind(mark.expires_at);
                    }
                    moved += query.execute(&mut *c).await?.rows_affected();
                    rest = behind;
                }
            }
            Ok(moved)
        })
    }
}

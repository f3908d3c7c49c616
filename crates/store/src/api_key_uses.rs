//! Marks of use of API keys: collected by the caller, written in batches, so that a request costs no write.
use std::{collections::BTreeMap, sync::LazyLock};

use crate::{
    Store,
    batches::{BATCHES, values},
    engine::{Scope, in_tx},
    error::Result,
    types::{AccountId, ApiKeyId, Micros},
};

/// An API key was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyUse {
    /// Whose key.
    pub account: AccountId,
    /// Which one.
    pub key: ApiKeyId,
    /// Whether it is the personal one.
    pub personal: bool,
    /// When it was used.
    pub at: Micros,
    /// From which address.
    pub ip_address: Option<String>,
}

static NAMED: LazyLock<[String; BATCHES.len()]> = LazyLock::new(|| BATCHES.map(|rows| touch("api_keys", rows)));
static PERSONAL: LazyLock<[String; BATCHES.len()]> =
    LazyLock::new(|| BATCHES.map(|rows| touch("personal_api_keys", rows)));

pub(crate) fn touch(table: &str, rows: usize) -> String {
    format!(
        "WITH used (account_id, key_id, used_at, used_ip) AS (VALUES {}) \
         UPDATE {table} SET last_used_at = used.used_at, last_used_ip = used.used_ip FROM used \
         WHERE {table}.account_id = used.account_id AND {table}.key_id = used.key_id \
         AND ({table}.last_used_at IS NULL OR {table}.last_used_at < used.used_at)",
        values(rows, 4)
    )
}

impl Store {
    /// Records uses, in any order and number, in one transaction; answers how many keys moved on. A mark only moves
    /// forward, and a key that is gone or was replaced is not touched.
    pub async fn touch_api_keys(&self, uses: &[ApiKeyUse]) -> Result<u64> {
        // An UPDATE … FROM takes any one of several rows for the same key: leave it the newest only.
        let mut newest: BTreeMap<_, ApiKeyUse> = BTreeMap::new();
        for seen in uses {
            let kept = newest.entry((seen.account, seen.key)).or_insert_with(|| seen.clone());
            if kept.at < seen.at {
                *kept = seen.clone();
            }
        }
        if newest.is_empty() {
            return Ok(0);
        }
        let (personal, named): (Vec<_>, Vec<_>) = newest.into_values().partition(|seen| seen.personal);
        in_tx!(self, Scope::Rows, |c| {
            let mut moved = 0;
            for (mut rest, texts) in [(&named[..], &*NAMED), (&personal[..], &*PERSONAL)] {
                for (rows, text) in BATCHES.iter().zip(texts) {
                    while rest.len() >= *rows {
                        let (batch, behind) = rest.split_at(*rows);
                        let mut query = sqlx::query(text.as_str());
                        for mark in batch {
                            query = query.bind(mark.account).bind(mark.key).bind(mark.at).bind(&mark.ip_address);
                        }
                        moved += query.execute(&mut *c).await?.rows_affected();
                        rest = behind;
                    }
                }
            }
            Ok(moved)
        })
    }
}

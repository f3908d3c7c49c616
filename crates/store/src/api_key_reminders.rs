//! Keys that end soon, and whose owner is to be told.
use sqlx::FromRow;

use crate::{
    NewMail, Store,
    engine::{in_tx, on_pool},
    error::Result,
    outbox::enqueue,
    types::{AccountId, ApiKeyId, Micros},
};

/// A reminder whose time has come.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ApiKeyReminder {
    /// Whose key.
    pub account_id: AccountId,
    /// Which one.
    pub key_id: ApiKeyId,
    /// When it was due.
    pub next_reminder_at: Micros,
}

pub(crate) const DUE: &str = "SELECT account_id, key_id, next_reminder_at FROM api_keys \
    WHERE next_reminder_at <= $1 ORDER BY next_reminder_at LIMIT $2";
// Of several nodes that have found it due, one moves it on.
pub(crate) const REMIND: &str = "UPDATE api_keys SET next_reminder_at = $4 \
    WHERE account_id = $1 AND key_id = $2 AND next_reminder_at = $3";

impl Store {
    /// Up to `limit` reminders whose time has come, the longest waiting first.
    pub async fn due_api_key_reminders(&self, now: Micros, limit: i64) -> Result<Vec<ApiKeyReminder>> {
        on_pool!(self, |c| Ok(sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(c).await?))
    }

    /// Takes a reminder: the mail is added, and the next one is due at `next`. `false` where somebody else has taken it,
    /// or the key is gone; then nothing is mailed.
    pub async fn take_api_key_reminder(
        &self,
        due: ApiKeyReminder,
        next: Option<Micros>,
        mail: Option<NewMail>,
    ) -> Result<bool> {
        in_tx!(self, |c| {
            let ApiKeyReminder { account_id, key_id, next_reminder_at } = due;
            let remind = sqlx::query(REMIND).bind(account_id).bind(key_id).bind(next_reminder_at).bind(next);
            if remind.execute(&mut *c).await?.rows_affected() == 0 {
                return Ok(false);
            }
            if let Some(mail) = &mail {
                enqueue!(c, account_id, mail);
            }
            Ok(true)
        })
    }
}

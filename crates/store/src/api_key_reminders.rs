//! Keys that end soon, and whose owner is to be told.
use std::collections::HashSet;

use sqlx::FromRow;

use crate::{
    NewMail, Store,
    api_keys::{ApiKey, api_key_columns},
    engine::{in_tx, on_pool},
    error::{Error, Result},
    outbox::enqueue,
    types::{AccountId, ApiKeyId, Micros},
};

/// A reminder of a key.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ApiKeyReminder {
    /// The key.
    #[sqlx(flatten)]
    pub key: ApiKey,
    /// When its owner is to be told.
    pub next_reminder_at: Micros,
}

/// A reminder that is taken: it was due at `was`, and the next one is at `next`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenReminder {
    /// Of which key.
    pub key_id: ApiKeyId,
    /// When it was due.
    pub was: Micros,
    /// When the next one is.
    pub next: Option<Micros>,
}

pub(crate) const DUE: &str = "SELECT account_id FROM api_keys \
    WHERE next_reminder_at <= $1 ORDER BY next_reminder_at LIMIT $2";
pub(crate) const REMINDERS: &str = concat!(
    "SELECT ",
    api_key_columns!(""),
    ", next_reminder_at FROM api_keys WHERE account_id = $1 AND next_reminder_at < $2 ORDER BY expires_at, key_id"
);
// Of several nodes that have found it due, one moves it on.
pub(crate) const REMIND: &str = "UPDATE api_keys SET next_reminder_at = $4 \
    WHERE account_id = $1 AND key_id = $2 AND next_reminder_at = $3";

impl Store {
    /// The accounts of up to `limit` reminders whose time has come, the longest waiting first, each once.
    pub async fn accounts_to_remind(&self, now: Micros, limit: i64) -> Result<Vec<AccountId>> {
        let due: Vec<AccountId> =
            on_pool!(self, |c| Ok::<_, Error>(sqlx::query_scalar(DUE).bind(now).bind(limit).fetch_all(c).await?))?;
        let mut seen = HashSet::new();
        Ok(due.into_iter().filter(|account| seen.insert(*account)).collect())
    }

    /// The reminders of an account that are due before a moment, the keys that end first in front.
    pub async fn api_key_reminders(&self, account: AccountId, before: Micros) -> Result<Vec<ApiKeyReminder>> {
        on_pool!(self, |c| Ok(sqlx::query_as(REMINDERS).bind(account).bind(before).fetch_all(c).await?))
    }

    /// Takes reminders of an account, and adds the mail about them: all or nothing. [`Error::Raced`] where somebody else
    /// has taken one, or a key is gone.
    pub async fn take_api_key_reminders(
        &self,
        account: AccountId,
        taken: Vec<TakenReminder>,
        mail: Option<NewMail>,
    ) -> Result<()> {
        in_tx!(self, account, |c| {
            for TakenReminder { key_id, was, next } in &taken {
                let remind = sqlx::query(REMIND).bind(account).bind(key_id).bind(was).bind(next);
                if remind.execute(&mut *c).await?.rows_affected() == 0 {
                    return Err(Error::Raced);
                }
            }
            if let Some(mail) = &mail {
                enqueue!(c, account, mail);
            }
            Ok(())
        })
    }
}

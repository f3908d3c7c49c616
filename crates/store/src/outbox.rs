//! Mail that the mail server has not taken yet. Each message is sealed by the caller.
//!
//! A message is added in the transaction of the change it is about, by [`enqueue`]. Whoever sends one takes it first: its
//! next attempt moves to the end of the lease, by one conditional statement, so that of several senders, also on
//! several nodes, one has it. A sender that dies leaves it to the next after that: it goes out at least once.
use std::time::Duration;

use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store,
    engine::{on_pool, on_writer},
    error::Result,
    types::{AccountId, Micros},
};

/// A message to send.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Made by the caller (`UUIDv7`).
    pub mail_id: Uuid,
    /// Whether it carries a code that somebody waits for.
    pub has_code: bool,
    /// The message, sealed.
    pub sealed: Vec<u8>,
    /// When it is first tried.
    pub next_attempt_at: Micros,
    /// When it is given up.
    pub expires_at: Micros,
}

/// A message of somebody's turn.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct TakenMail {
    /// The message, sealed.
    pub sealed: Vec<u8>,
    /// Attempts, this one included.
    pub attempts: i64,
    /// When it is given up.
    pub expires_at: Micros,
}

/// Further ahead than any pause and any lease. A next attempt beyond it is the trace of a clock that was set back, and is
/// due: nobody waits until that time comes once more.
pub const MAIL_AHEAD: Duration = Duration::from_hours(7);

pub(crate) const ADD: &str = "INSERT INTO outbox (account_id, mail_id, has_code, sealed, attempts, \
    next_attempt_at, expires_at) VALUES ($1, $2, $3, $4, 0, $5, $6)";
pub(crate) const DUE: &str = "SELECT account_id, mail_id FROM outbox WHERE has_code = $1 AND next_attempt_at <= $2 \
    ORDER BY next_attempt_at LIMIT $3";
pub(crate) const DUE_FROM_AHEAD: &str = "SELECT account_id, mail_id FROM outbox WHERE has_code = $1 \
    AND next_attempt_at > $2 ORDER BY next_attempt_at LIMIT $3";
const TAKE: &str = "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = $4 WHERE account_id = $1 \
    AND mail_id = $2 AND (next_attempt_at <= $3 OR next_attempt_at > $5) RETURNING sealed, attempts, expires_at";
const REMOVE: &str = "DELETE FROM outbox WHERE account_id = $1 AND mail_id = $2";
// The lease says whether the message is still the sender's.
const RETRY: &str = "UPDATE outbox SET next_attempt_at = $4 \
    WHERE account_id = $1 AND mail_id = $2 AND next_attempt_at = $3";

/// Adds a message. `$c` is the connection of a transaction, `$mail` a `&NewMail`.
macro_rules! enqueue {
    ($c:expr, $account:expr, $mail:expr) => {{
        let (account, mail): ($crate::AccountId, &$crate::NewMail) = ($account, $mail);
        sqlx::query($crate::outbox::ADD)
            .bind(account)
            .bind(mail.mail_id)
            .bind(mail.has_code)
            .bind(&mail.sealed)
            .bind(mail.next_attempt_at)
            .bind(mail.expires_at)
            .execute(&mut *$c)
            .await?;
    }};
}
pub(crate) use enqueue;

impl Store {
    /// Adds a message that belongs to no other change.
    pub async fn add_mail(&self, account: AccountId, mail: NewMail) -> Result<()> {
        on_writer!(self, |c| {
            enqueue!(c, account, &mail);
            Ok(())
        })
    }

    /// Up to `limit` messages with a code, or without one, whose time has come, the longest waiting first; and as many
    /// whose time is beyond [`MAIL_AHEAD`].
    pub async fn due_mail(&self, has_code: bool, now: Micros, limit: i64) -> Result<Vec<(AccountId, Uuid)>> {
        let mut due: Vec<(AccountId, Uuid)> =
            on_pool!(self, |c| Ok(sqlx::query_as(DUE).bind(has_code).bind(now).bind(limit).fetch_all(c).await?))?;
        let ahead = now.saturating_add(MAIL_AHEAD);
        let from_ahead: Vec<(AccountId, Uuid)> = on_pool!(self, |c| {
            Ok(sqlx::query_as(DUE_FROM_AHEAD).bind(has_code).bind(ahead).bind(limit).fetch_all(c).await?)
        })?;
        due.extend(from_ahead);
        Ok(due)
    }

    /// Takes a message until `lease`. `None` where it is not due, or somebody else has it.
    pub async fn take_mail(
        &self,
        account: AccountId,
        id: Uuid,
        now: Micros,
        lease: Micros,
    ) -> Result<Option<TakenMail>> {
        let ahead = now.saturating_add(MAIL_AHEAD);
        on_writer!(self, |c| {
            let take = sqlx::query_as(TAKE).bind(account).bind(id).bind(now).bind(lease).bind(ahead);
            Ok(take.fetch_optional(c).await?)
        })
    }

    /// Removes a message: it was sent, or given up.
    pub async fn remove_mail(&self, account: AccountId, id: Uuid) -> Result<()> {
        on_writer!(self, |c| {
            sqlx::query(REMOVE).bind(account).bind(id).execute(c).await?;
            Ok(())
        })
    }

    /// Has a message that was taken until `lease` tried again at another time.
    pub async fn retry_mail(&self, account: AccountId, id: Uuid, lease: Micros, at: Micros) -> Result<()> {
        on_writer!(self, |c| {
            sqlx::query(RETRY).bind(account).bind(id).bind(lease).bind(at).execute(c).await?;
            Ok(())
        })
    }
}

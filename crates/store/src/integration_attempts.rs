//! Attempts to connect an account at a provider. Only the session that began one goes on with it.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store,
    engine::{in_tx, on_pool, on_writer},
    error::Result,
    held_session::hold_session,
    types::{AccountId, Micros, SessionId},
};

/// An attempt.
#[derive(Clone, FromRow)]
pub struct IntegrationAttempt {
    /// Made by the caller (`UUIDv7`).
    pub attempt_id: Uuid,
    /// Which kind of provider, in the caller's word.
    pub provider: String,
    /// Its host.
    pub host: String,
    /// By which flow, in the caller's word.
    pub method: String,
    /// What the flow needs to go on, sealed by the caller.
    pub sealed: Vec<u8>,
    /// The connection that is to work again.
    pub reconnect: Option<Uuid>,
    /// Seconds between two questions.
    pub poll_seconds: i64,
    /// When the provider may be asked next.
    pub next_poll_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
}

/// Attempts an account may have open; the oldest goes when one more begins.
const OPEN: i64 = 5;

/// The columns of [`IntegrationAttempt`].
macro_rules! attempt_columns {
    () => {
        "attempt_id, provider, host, method, sealed, reconnect, poll_seconds, next_poll_at, expires_at"
    };
}

// Counted where it is written. One that renews a connection takes no room.
const ADD: &str = "INSERT INTO integration_attempts (account_id, attempt_id, session_id, provider, host, method, sealed, \
    reconnect, poll_seconds, next_poll_at, expires_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 \
    WHERE $8 IS NOT NULL OR (SELECT COUNT(*) FROM integrations WHERE account_id = $1) < $12";
const DROP_OLD: &str = "DELETE FROM integration_attempts WHERE account_id = $1 AND attempt_id <> $2 \
    AND attempt_id NOT IN (SELECT attempt_id FROM integration_attempts WHERE account_id = $1 AND attempt_id <> $2 \
    ORDER BY attempt_id DESC LIMIT $3)";
pub(crate) const GET: &str = concat!(
    "SELECT ",
    attempt_columns!(),
    " FROM integration_attempts WHERE account_id = $1 AND attempt_id = $2 AND session_id = $3"
);
pub(crate) const TAKE: &str = concat!(
    "UPDATE integration_attempts SET next_poll_at = $5 \
     WHERE account_id = $1 AND attempt_id = $2 AND session_id = $3 AND next_poll_at <= $4 RETURNING ",
    attempt_columns!()
);
pub(crate) const GIVE_BACK: &str = "UPDATE integration_attempts SET next_poll_at = $4, poll_seconds = $5 \
    WHERE account_id = $1 AND attempt_id = $2 AND next_poll_at = $3";
pub(crate) const KEEP: &str = "UPDATE integration_attempts SET sealed = $3 WHERE account_id = $1 AND attempt_id = $2";
pub(crate) const END: &str =
    "DELETE FROM integration_attempts WHERE account_id = $1 AND attempt_id = $2 AND session_id = $3";
const END_ONE: &str = concat!(
    "DELETE FROM integration_attempts WHERE account_id = $1 AND attempt_id = $2 AND session_id = $3 RETURNING ",
    attempt_columns!()
);

impl Store {
    /// Begins an attempt. `false` where it would make a connection more than the account may have;
    /// [`Error::Raced`](crate::Error::Raced) where the session was closed meanwhile.
    pub async fn begin_attempt(
        &self,
        account: AccountId,
        by: SessionId,
        new: IntegrationAttempt,
        now: Micros,
        most: u32,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), now);
            let added = sqlx::query(ADD)
                .bind(account)
                .bind(new.attempt_id)
                .bind(by)
                .bind(&new.provider)
                .bind(&new.host)
                .bind(&new.method)
                .bind(&new.sealed)
                .bind(new.reconnect)
                .bind(new.poll_seconds)
                .bind(new.next_poll_at)
                .bind(new.expires_at)
                .bind(i64::from(most))
                .execute(&mut *c)
                .await?;
            if added.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query(DROP_OLD).bind(account).bind(new.attempt_id).bind(OPEN - 1).execute(&mut *c).await?;
            Ok(true)
        })
    }

    /// The attempt of this id, where this session began it.
    pub async fn attempt(&self, account: AccountId, by: SessionId, id: Uuid) -> Result<Option<IntegrationAttempt>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).bind(id).bind(by).fetch_optional(c).await?))
    }

    /// Takes it on to ask the provider, until then. `None` where it is too early or somebody else does so just now, and
    /// where there is no such attempt of this session.
    pub async fn take_attempt(
        &self,
        account: AccountId,
        by: SessionId,
        id: Uuid,
        now: Micros,
        until: Micros,
    ) -> Result<Option<IntegrationAttempt>> {
        on_writer!(self, |c| {
            Ok(sqlx::query_as(TAKE).bind(account).bind(id).bind(by).bind(now).bind(until).fetch_optional(c).await?)
        })
    }

    /// Says when the provider may be asked next, where the attempt is still taken until `until`.
    pub async fn give_attempt_back(
        &self,
        account: AccountId,
        id: Uuid,
        until: Micros,
        next_poll_at: Micros,
        poll_seconds: i64,
    ) -> Result<()> {
        on_writer!(self, |c| {
            let back = sqlx::query(GIVE_BACK).bind(account).bind(id).bind(until).bind(next_poll_at).bind(poll_seconds);
            back.execute(c).await?;
            Ok(())
        })
    }

    /// Keeps what an attempt came to so far. `false` where it was given up meanwhile.
    pub async fn keep_attempt(&self, account: AccountId, id: Uuid, sealed: Vec<u8>) -> Result<bool> {
        on_writer!(self, |c| {
            Ok(sqlx::query(KEEP).bind(account).bind(id).bind(&sealed).execute(c).await?.rows_affected() == 1)
        })
    }

    /// Ends an attempt of this session; answers it as it was.
    pub async fn end_attempt(&self, account: AccountId, by: SessionId, id: Uuid) -> Result<Option<IntegrationAttempt>> {
        on_writer!(self, |c| Ok(sqlx::query_as(END_ONE).bind(account).bind(id).bind(by).fetch_optional(c).await?))
    }
}

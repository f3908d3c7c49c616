//! Trying the credentials for container registries again: what is due, who tries it, and what became of it.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    NewMail, Store,
    container_registries::{ContainerRegistry, RegistryOutcome, registry_columns},
    engine::{in_tx, on_pool, on_writer},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    outbox::enqueue,
    types::{AccountId, Micros, SessionId},
};

/// Which credentials were tried, and how things stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedRegistry {
    /// Which registry.
    pub registry_id: Uuid,
    /// The credentials.
    pub generation: i64,
    /// The failure that was known of them.
    pub was: Option<String>,
}

/// What is told where a try found something new.
#[derive(Clone)]
pub struct RegistryNews {
    /// What to write down.
    pub event: NewEvent,
    /// The message about it.
    pub mail: Option<NewMail>,
}

/// A registry whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct DueRegistry {
    /// Whose.
    pub account_id: AccountId,
    /// Which one.
    pub registry_id: Uuid,
    /// Since when it waits.
    pub next_check_at: Micros,
}

// Of two who find the same, the second finds it known: it is news once.
pub(crate) const NEWS: &str = concat!(
    "UPDATE container_registries SET checked_at = $4, failure = $5, detail = $6, next_check_at = $7 \
     WHERE account_id = $1 AND registry_id = $2 AND generation = $3 AND failure IS NOT DISTINCT FROM $8 RETURNING ",
    registry_columns!()
);
pub(crate) const CHECKED: &str = concat!(
    "UPDATE container_registries SET checked_at = $4, failure = $5, detail = $6, next_check_at = $7 \
     WHERE account_id = $1 AND registry_id = $2 AND generation = $3 RETURNING ",
    registry_columns!()
);
pub(crate) const DUE: &str = "SELECT account_id, registry_id, next_check_at FROM container_registries \
    WHERE next_check_at <= $1 ORDER BY next_check_at LIMIT $2";
// Of several nodes that have found it due, one moves it on.
pub(crate) const TAKE: &str = concat!(
    "UPDATE container_registries SET next_check_at = $4 \
     WHERE account_id = $1 AND registry_id = $2 AND next_check_at = $3 RETURNING ",
    registry_columns!()
);

impl Store {
    /// Writes what became of trying credentials, if they still are those that were tried. `news` is recorded if what was
    /// known of them still is what was known before: of two who find the same, one records it. `None` where the registry
    /// is gone or has other credentials; [`Error::Raced`](crate::Error::Raced) where the session that does it was closed
    /// meanwhile.
    pub async fn container_registry_was_tried(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        tried: TriedRegistry,
        outcome: RegistryOutcome,
        news: Option<RegistryNews>,
    ) -> Result<Option<ContainerRegistry>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, outcome.checked_at);
            if let Some(RegistryNews { event, mail }) = &news {
                let written = sqlx::query_as(NEWS)
                    .bind(account)
                    .bind(tried.registry_id)
                    .bind(tried.generation)
                    .bind(outcome.checked_at)
                    .bind(&outcome.failure)
                    .bind(&outcome.detail)
                    .bind(outcome.next_check_at)
                    .bind(&tried.was)
                    .fetch_optional(&mut *c)
                    .await?;
                if written.is_some() {
                    record!(c, account, event);
                    if let Some(mail) = mail {
                        enqueue!(c, account, mail);
                    }
                    return Ok(written);
                }
            }
            Ok(sqlx::query_as(CHECKED)
                .bind(account)
                .bind(tried.registry_id)
                .bind(tried.generation)
                .bind(outcome.checked_at)
                .bind(&outcome.failure)
                .bind(&outcome.detail)
                .bind(outcome.next_check_at)
                .fetch_optional(&mut *c)
                .await?)
        })
    }

    /// Up to `limit` registries whose time has come, of all accounts, the longest waiting first.
    pub async fn due_container_registries(&self, now: Micros, limit: i64) -> Result<Vec<DueRegistry>> {
        on_pool!(self, |c| Ok(sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(c).await?))
    }

    /// Takes a registry that is due by moving it on to `next`. `None` where somebody else has, or it is gone.
    pub async fn take_due_container_registry(
        &self,
        due: DueRegistry,
        next: Micros,
    ) -> Result<Option<ContainerRegistry>> {
        on_writer!(self, |c| {
            let take = sqlx::query_as(TAKE).bind(due.account_id).bind(due.registry_id).bind(due.next_check_at);
            Ok(take.bind(next).fetch_optional(c).await?)
        })
    }
}

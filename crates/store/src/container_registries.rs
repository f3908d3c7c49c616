//! Container registries: credentials for registries of other people, one of each host in an account.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store,
    engine::{in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    types::{AccountId, Micros, SessionId},
};

/// A registry with the credentials for it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ContainerRegistry {
    /// Made by the caller (`UUIDv7`); the list goes by it.
    pub registry_id: Uuid,
    /// Its host, normalised by the caller.
    pub host: String,
    /// The user name there.
    pub username: String,
    /// The password, sealed by the caller.
    pub sealed: Vec<u8>,
    /// Counts the credentials, from 1 on.
    pub generation: i64,
    /// When it was authorised.
    pub created_at: Micros,
    /// When the credentials were last tried.
    pub checked_at: Micros,
    /// Why they were not taken then; absent where they were.
    pub failure: Option<String>,
    /// One sentence about that.
    pub detail: Option<String>,
    /// When the service tries them next by itself.
    pub next_check_at: Micros,
}

/// Credentials in the place of those before, with what became of trying them.
#[derive(Clone)]
pub struct NewRegistryCredentials {
    /// The user name.
    pub username: String,
    /// The password, sealed by the caller.
    pub sealed: Vec<u8>,
    /// What became of trying them.
    pub outcome: RegistryOutcome,
}

/// What became of trying credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryOutcome {
    /// When.
    pub checked_at: Micros,
    /// Why they were not taken; absent where they were.
    pub failure: Option<String>,
    /// One sentence about that.
    pub detail: Option<String>,
    /// When to try them next.
    pub next_check_at: Micros,
}

/// The columns of [`ContainerRegistry`].
macro_rules! registry_columns {
    () => {
        "registry_id, host, username, sealed, generation, created_at, checked_at, failure, detail, next_check_at"
    };
}

pub(crate) use registry_columns;

// Counted where it is written: nobody else writes in the account meanwhile.
const ADD: &str = concat!(
    "INSERT INTO container_registries (account_id, ",
    registry_columns!(),
    ") SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 \
     WHERE (SELECT COUNT(*) FROM container_registries WHERE account_id = $1) < $12 RETURNING ",
    registry_columns!()
);
pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM container_registries WHERE account_id = $1";
pub(crate) const LIST: &str = concat!(
    "SELECT ",
    registry_columns!(),
    " FROM container_registries WHERE account_id = $1 AND registry_id < $2 ORDER BY registry_id DESC LIMIT $3"
);
pub(crate) const GET: &str =
    concat!("SELECT ", registry_columns!(), " FROM container_registries WHERE account_id = $1 AND registry_id = $2");
pub(crate) const FIND: &str =
    concat!("SELECT ", registry_columns!(), " FROM container_registries WHERE account_id = $1 AND host = $2");
pub(crate) const UPDATE: &str = concat!(
    "UPDATE container_registries SET username = $3, sealed = $4, generation = generation + 1, checked_at = $5, \
     failure = $6, detail = $7, next_check_at = $8 WHERE account_id = $1 AND registry_id = $2 RETURNING ",
    registry_columns!()
);
pub(crate) const REMOVE: &str = "DELETE FROM container_registries WHERE account_id = $1 AND registry_id = $2";
impl Store {
    /// Adds a registry. `None` where the account has `most` already, and then there is no event;
    /// [`Error::Conflict`](crate::Error::Conflict) with
    /// [`Unique::ContainerRegistryHost`](crate::Unique::ContainerRegistryHost) where it has one of this host, and
    /// [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn add_container_registry(
        &self,
        account: AccountId,
        by: SessionId,
        new: ContainerRegistry,
        most: u32,
        event: NewEvent,
    ) -> Result<Option<ContainerRegistry>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), event.at);
            let added = sqlx::query_as(ADD)
                .bind(account)
                .bind(new.registry_id)
                .bind(&new.host)
                .bind(&new.username)
                .bind(&new.sealed)
                .bind(new.generation)
                .bind(new.created_at)
                .bind(new.checked_at)
                .bind(&new.failure)
                .bind(&new.detail)
                .bind(new.next_check_at)
                .bind(i64::from(most))
                .fetch_optional(&mut *c)
                .await?;
            if added.is_some() {
                record!(c, account, &event);
            }
            Ok(added)
        })
    }

    /// How many an account has.
    pub async fn count_container_registries(&self, account: AccountId) -> Result<i64> {
        on_pool!(self, |c| Ok(sqlx::query_scalar(COUNT).bind(account).fetch_one(c).await?))
    }

    /// Up to `limit` registries, the newest first, beginning behind `after`.
    pub async fn list_container_registries(
        &self,
        account: AccountId,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<ContainerRegistry>> {
        // The first page begins behind one that cannot be: one text for all pages.
        let after = after.unwrap_or(Uuid::max());
        on_pool!(self, |c| Ok(sqlx::query_as(LIST).bind(account).bind(after).bind(limit).fetch_all(c).await?))
    }

    /// The registry of this id.
    pub async fn container_registry(&self, account: AccountId, id: Uuid) -> Result<Option<ContainerRegistry>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).bind(id).fetch_optional(c).await?))
    }

    /// The registry of this host.
    pub async fn find_container_registry(&self, account: AccountId, host: &str) -> Result<Option<ContainerRegistry>> {
        on_pool!(self, |c| Ok(sqlx::query_as(FIND).bind(account).bind(host).fetch_optional(c).await?))
    }

    /// Puts credentials in the place of those before, as the next generation. `None` where there is no such registry, and
    /// then there is no event; [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn update_container_registry(
        &self,
        account: AccountId,
        by: SessionId,
        id: Uuid,
        new: NewRegistryCredentials,
        event: NewEvent,
    ) -> Result<Option<ContainerRegistry>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), event.at);
            let updated = sqlx::query_as(UPDATE)
                .bind(account)
                .bind(id)
                .bind(&new.username)
                .bind(&new.sealed)
                .bind(new.outcome.checked_at)
                .bind(&new.outcome.failure)
                .bind(&new.outcome.detail)
                .bind(new.outcome.next_check_at)
                .fetch_optional(&mut *c)
                .await?;
            if updated.is_some() {
                record!(c, account, &event);
            }
            Ok(updated)
        })
    }

    /// Removes a registry. `false` where there is none, and then there is no event; [`Error::Raced`](crate::Error::Raced)
    /// where the session that does it was closed meanwhile.
    pub async fn remove_container_registry(
        &self,
        account: AccountId,
        by: SessionId,
        id: Uuid,
        event: NewEvent,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), event.at);
            let removed = sqlx::query(REMOVE).bind(account).bind(id).execute(&mut *c).await?.rows_affected() == 1;
            if removed {
                record!(c, account, &event);
            }
            Ok(removed)
        })
    }
}

//! New tokens of a connection: of all that need them at once, on any node, one gets them from the provider.
use uuid::Uuid;

use crate::{
    Integration, Store,
    engine::{in_tx, on_writer},
    error::Result,
    integrations::integration_columns,
    types::{AccountId, Micros},
};

/// Tokens that take the place of others.
#[derive(Clone)]
pub struct NewTokens {
    /// The tokens, sealed by the caller.
    pub sealed: Vec<u8>,
    /// Whether there is a token that new ones are got with.
    pub refreshable: bool,
    /// When the token ends that requests are made with.
    pub expires_at: Option<Micros>,
    /// What was granted, with spaces between; absent where the provider did not say, and it is what it was.
    pub scopes: Option<String>,
}

pub(crate) const LEASE: &str = "UPDATE integrations SET refresh_until = $5 WHERE account_id = $1 AND integration_id = $2 \
    AND generation = $3 AND (refresh_until IS NULL OR refresh_until <= $4 OR refresh_until > CAST($5 AS BIGINT) + $5 - $4)";
pub(crate) const RELEASE: &str = "UPDATE integrations SET refresh_until = NULL \
    WHERE account_id = $1 AND integration_id = $2 AND generation = $3 AND refresh_until = $4";
pub(crate) const REPLACE: &str = concat!(
    "UPDATE integrations SET sealed = $4, generation = generation + 1, refreshable = $5, expires_at = $6, \
     scopes = COALESCE($7, scopes), refresh_until = NULL \
     WHERE account_id = $1 AND integration_id = $2 AND generation = $3 RETURNING ",
    integration_columns!()
);

impl Store {
    /// Takes it on to get new tokens in the place of those of this generation, until then. `false` where somebody else
    /// has, or did already, or the connection is gone. Who has it until later than that by the whole span had a clock
    /// that was wrong: two that ask at once differ by less.
    pub async fn lease_tokens(
        &self,
        account: AccountId,
        id: Uuid,
        generation: i64,
        now: Micros,
        until: Micros,
    ) -> Result<bool> {
        on_writer!(self, |c| {
            let lease = sqlx::query(LEASE).bind(account).bind(id).bind(generation).bind(now).bind(until);
            Ok(lease.execute(c).await?.rows_affected() == 1)
        })
    }

    /// Leaves it to the next one, where the lease is still the one that was taken until then.
    pub async fn release_tokens(&self, account: AccountId, id: Uuid, generation: i64, until: Micros) -> Result<()> {
        on_writer!(self, |c| {
            sqlx::query(RELEASE).bind(account).bind(id).bind(generation).bind(until).execute(c).await?;
            Ok(())
        })
    }

    /// Keeps new tokens in the place of those of this generation, which ends the lease. `None` where these are not the
    /// ones any more, or the connection is gone.
    pub async fn replace_tokens(
        &self,
        account: AccountId,
        id: Uuid,
        generation: i64,
        new: NewTokens,
    ) -> Result<Option<Integration>> {
        in_tx!(self, account, |c| {
            let replaced = sqlx::query_as(REPLACE)
                .bind(account)
                .bind(id)
                .bind(generation)
                .bind(&new.sealed)
                .bind(new.refreshable)
                .bind(new.expires_at)
                .bind(&new.scopes)
                .fetch_optional(&mut *c)
                .await?;
            Ok(replaced)
        })
    }
}

//! Whether connections work: when each is looked at, and what was found.
use uuid::Uuid;

use crate::{
    Integration, Store,
    engine::{in_tx, on_pool, on_writer},
    error::Result,
    events::{NewEvent, record},
    integrations::integration_columns,
    types::{AccountId, Micros},
};

/// What was found when a connection was looked at.
#[derive(Clone)]
pub enum Found {
    /// It works.
    Works {
        /// The name there, as it is now.
        login: String,
        /// What was granted, with spaces between, where the provider says so.
        scopes: Option<String>,
    },
    /// Nobody knows: what was found before stays. It is kept as `unreachable` where it worked.
    InDoubt {
        /// A sentence about it.
        detail: String,
    },
    /// It does not work.
    Broken {
        /// Why, in the caller's word.
        failure: &'static str,
        /// A sentence about it.
        detail: String,
        /// What is recorded where it was not known to be broken.
        event: NewEvent,
    },
}

/// A look that was taken.
#[derive(Clone)]
pub struct Check {
    /// The tokens that were looked at.
    pub generation: i64,
    /// When.
    pub at: Micros,
    /// When to look next.
    pub next_check_at: Micros,
    /// What was found.
    pub found: Found,
}

// TAKE names the moment that was due: of two nodes that find the same one, one takes it.
pub(crate) const DUE: &str = "SELECT account_id, integration_id, next_check_at FROM integrations \
    WHERE next_check_at <= $1 ORDER BY next_check_at LIMIT $2";
pub(crate) const TAKE: &str = concat!(
    "UPDATE integrations SET next_check_at = $4 WHERE account_id = $1 AND integration_id = $2 AND next_check_at = $3 \
     RETURNING ",
    integration_columns!()
);
pub(crate) const WORKS: &str = "UPDATE integrations SET checked_at = $4, next_check_at = $5, failure = NULL, detail = NULL, \
    login = $6, scopes = COALESCE($7, scopes) WHERE account_id = $1 AND integration_id = $2 AND generation = $3";
pub(crate) const IN_DOUBT: &str = "UPDATE integrations SET checked_at = $4, next_check_at = $5, \
    failure = COALESCE(failure, 'unreachable'), detail = COALESCE(detail, $6) \
    WHERE account_id = $1 AND integration_id = $2 AND generation = $3";
pub(crate) const BREAKS: &str = "UPDATE integrations SET checked_at = $4, next_check_at = $5, failure = $6, detail = $7 \
    WHERE account_id = $1 AND integration_id = $2 AND generation = $3 AND (failure IS NULL OR failure = 'unreachable')";
pub(crate) const IS_BROKEN: &str = "UPDATE integrations SET checked_at = $4, next_check_at = $5, failure = $6, detail = $7 \
    WHERE account_id = $1 AND integration_id = $2 AND generation = $3";

impl Store {
    /// Up to `limit` connections that are to be looked at by now, of any account: whose, which, and since when.
    pub async fn due_integrations(&self, now: Micros, limit: i64) -> Result<Vec<(AccountId, Uuid, Micros)>> {
        on_pool!(self, |c| Ok(sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(c).await?))
    }

    /// Takes a connection that is due, and says when it is the next time. `None` where another node was first.
    pub async fn take_integration_check(
        &self,
        account: AccountId,
        id: Uuid,
        was: Micros,
        next: Micros,
    ) -> Result<Option<Integration>> {
        on_writer!(self, |c| {
            Ok(sqlx::query_as(TAKE).bind(account).bind(id).bind(was).bind(next).fetch_optional(c).await?)
        })
    }

    /// Writes down what was found. Answers whether a connection that was not known to be broken is by now; then there is
    /// the event. Of tokens that were replaced meanwhile nothing is written.
    pub async fn record_integration_check(&self, account: AccountId, id: Uuid, check: Check) -> Result<bool> {
        in_tx!(self, account, |c| {
            let about = |statement: &'static str| {
                let query = sqlx::query(statement).bind(account).bind(id).bind(check.generation);
                query.bind(check.at).bind(check.next_check_at)
            };
            match &check.found {
                Found::Works { login, scopes } => {
                    about(WORKS).bind(login).bind(scopes).execute(&mut *c).await?;
                }
                Found::InDoubt { detail } => {
                    about(IN_DOUBT).bind(detail).execute(&mut *c).await?;
                }
                Found::Broken { failure, detail, event } => {
                    let breaks = about(BREAKS).bind(failure).bind(detail).execute(&mut *c).await?;
                    if breaks.rows_affected() == 1 {
                        record!(c, account, event);
                        return Ok(true);
                    }
                    about(IS_BROKEN).bind(failure).bind(detail).execute(&mut *c).await?;
                }
            }
            Ok(false)
        })
    }
}

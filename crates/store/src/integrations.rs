//! Connections with providers of source code: begun by an attempt, kept, taken back.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    NewMail, Store,
    engine::{in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    integration_attempts,
    outbox::enqueue,
    types::{AccountId, Micros, SessionId},
};

/// An account at a provider of source code.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Integration {
    /// Made by the caller (`UUIDv7`).
    pub integration_id: Uuid,
    /// Which kind of provider, in the caller's word.
    pub provider: String,
    /// Its host, with the port where it is not the usual one.
    pub host: String,
    /// The id of the account there.
    pub subject: String,
    /// Its name there.
    pub login: String,
    /// What was granted, with spaces between; empty where the provider does not say.
    pub scopes: String,
    /// The tokens, sealed by the caller.
    pub sealed: Vec<u8>,
    /// Counts the tokens.
    pub generation: i64,
    /// Whether there is a token that new ones are got with.
    pub refreshable: bool,
    /// When the token ends that requests are made with; absent where it does not.
    pub expires_at: Option<Micros>,
    /// When it was first connected.
    pub connected_at: Micros,
    /// When it was last looked at whether it works.
    pub checked_at: Micros,
    /// Why it did not, in the caller's word.
    pub failure: Option<String>,
    /// A sentence about that.
    pub detail: Option<String>,
    /// When it is looked at next.
    pub next_check_at: Micros,
    /// Until when somebody has time to get new tokens.
    pub refresh_until: Option<Micros>,
}

/// An account at a provider that was let in.
#[derive(Clone)]
pub struct NewIntegration {
    /// The id it gets where it is new.
    pub integration_id: Uuid,
    /// Which kind of provider.
    pub provider: String,
    /// Its host.
    pub host: String,
    /// The id of the account there.
    pub subject: String,
    /// Its name there.
    pub login: String,
    /// What was granted, with spaces between.
    pub scopes: String,
    /// The tokens, sealed by the caller.
    pub sealed: Vec<u8>,
    /// Whether there is a token that new ones are got with.
    pub refreshable: bool,
    /// When the token ends that requests are made with.
    pub expires_at: Option<Micros>,
    /// Now.
    pub now: Micros,
    /// When it is looked at next.
    pub next_check_at: Micros,
}

/// An attempt that came to its end.
#[derive(Clone)]
pub struct Connecting {
    /// The session that began it.
    pub by: SessionId,
    /// The attempt.
    pub attempt: Uuid,
    /// The connection that is to work again.
    pub reconnect: Option<Uuid>,
    /// What is kept.
    pub new: NewIntegration,
    /// Connections an account may have.
    pub most: u32,
    /// What is recorded of a new connection.
    pub connected: NewEvent,
    /// What is recorded of one that was renewed.
    pub reconnected: NewEvent,
    /// What is mailed about a new connection.
    pub mail: Option<NewMail>,
}

/// What became of an attempt. But for [`Connected::NoAttempt`], it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connected {
    /// The connection is new.
    New(Integration),
    /// There was one with this account: it has the new tokens, and its id and first day as before.
    Renewed {
        /// As it is now.
        integration: Integration,
        /// The tokens it had, sealed.
        replaced: Vec<u8>,
    },
    /// The connection that was to work again is one with another account there, of this name. It is as it was.
    OtherAccount(String),
    /// The connection that was to work again was removed meanwhile.
    Removed,
    /// There are as many as there may be.
    Full,
    /// The attempt was given up meanwhile. Nothing changed.
    NoAttempt,
}

/// The columns of [`Integration`].
macro_rules! integration_columns {
    () => {
        "integration_id, provider, host, subject, login, scopes, sealed, generation, refreshable, expires_at, \
         connected_at, checked_at, failure, detail, next_check_at, refresh_until"
    };
}
pub(crate) use integration_columns;

pub(crate) const LIST: &str = concat!(
    "SELECT ",
    integration_columns!(),
    " FROM integrations WHERE account_id = $1 ORDER BY connected_at, integration_id"
);
pub(crate) const GET: &str =
    concat!("SELECT ", integration_columns!(), " FROM integrations WHERE account_id = $1 AND integration_id = $2");
pub(crate) const OF_SUBJECT: &str = concat!(
    "SELECT ",
    integration_columns!(),
    " FROM integrations WHERE account_id = $1 AND provider = $2 AND host = $3 AND subject = $4"
);
// Counted where it is written, as the keys of an account are.
const ADD: &str = concat!(
    "INSERT INTO integrations (account_id, integration_id, provider, host, subject, login, scopes, sealed, generation, \
     refreshable, expires_at, connected_at, checked_at, next_check_at) \
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $11, $12 \
     WHERE (SELECT COUNT(*) FROM integrations WHERE account_id = $1) < $13 RETURNING ",
    integration_columns!()
);
const RENEW: &str = concat!(
    "UPDATE integrations SET login = $3, scopes = $4, sealed = $5, generation = generation + 1, refreshable = $6, \
     expires_at = $7, checked_at = $8, failure = NULL, detail = NULL, next_check_at = $9, refresh_until = NULL \
     WHERE account_id = $1 AND integration_id = $2 RETURNING ",
    integration_columns!()
);
pub(crate) const REMOVE: &str = concat!(
    "DELETE FROM integrations WHERE account_id = $1 AND integration_id = $2 RETURNING ",
    integration_columns!()
);

impl Store {
    /// All connections of an account, the first one first.
    pub async fn list_integrations(&self, account: AccountId) -> Result<Vec<Integration>> {
        on_pool!(self, |c| Ok(sqlx::query_as(LIST).bind(account).fetch_all(c).await?))
    }

    /// The connection of this id.
    pub async fn get_integration(&self, account: AccountId, id: Uuid) -> Result<Option<Integration>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).bind(id).fetch_optional(c).await?))
    }

    /// Ends an attempt and keeps the connection it came to, with its event, or does neither.
    /// [`Error::Raced`](crate::Error::Raced) where the session was closed meanwhile.
    pub async fn connect_integration(&self, account: AccountId, connecting: Connecting) -> Result<Connected> {
        in_tx!(self, account, |c| {
            let Connecting { by, attempt, reconnect, new, most, connected, reconnected, mail } = &connecting;
            hold_session!(c, account, Some(*by), new.now);
            let ended = sqlx::query(integration_attempts::END).bind(account).bind(attempt).bind(by);
            if ended.execute(&mut *c).await?.rows_affected() == 0 {
                return Ok(Connected::NoAttempt);
            }
            let known: Option<Integration> = if let Some(id) = reconnect {
                let known = sqlx::query_as(GET).bind(account).bind(id).fetch_optional(&mut *c).await?;
                let Some(known): Option<Integration> = known else { return Ok(Connected::Removed) };
                if (&known.provider, &known.host, &known.subject) != (&new.provider, &new.host, &new.subject) {
                    return Ok(Connected::OtherAccount(known.login));
                }
                Some(known)
            } else {
                let of = sqlx::query_as(OF_SUBJECT).bind(account).bind(&new.provider).bind(&new.host);
                of.bind(&new.subject).fetch_optional(&mut *c).await?
            };
            if let Some(known) = known {
                let integration = sqlx::query_as(RENEW)
                    .bind(account)
                    .bind(known.integration_id)
                    .bind(&new.login)
                    .bind(&new.scopes)
                    .bind(&new.sealed)
                    .bind(new.refreshable)
                    .bind(new.expires_at)
                    .bind(new.now)
                    .bind(new.next_check_at)
                    .fetch_one(&mut *c)
                    .await?;
                record!(c, account, reconnected);
                return Ok(Connected::Renewed { integration, replaced: known.sealed });
            }
            let added = sqlx::query_as(ADD)
                .bind(account)
                .bind(new.integration_id)
                .bind(&new.provider)
                .bind(&new.host)
                .bind(&new.subject)
                .bind(&new.login)
                .bind(&new.scopes)
                .bind(&new.sealed)
                .bind(new.refreshable)
                .bind(new.expires_at)
                .bind(new.now)
                .bind(new.next_check_at)
                .bind(i64::from(*most))
                .fetch_optional(&mut *c)
                .await?;
            let Some(added) = added else { return Ok(Connected::Full) };
            record!(c, account, connected);
            if let Some(mail) = mail {
                enqueue!(c, account, mail);
            }
            Ok(Connected::New(added))
        })
    }

    /// Removes a connection; answers it as it was, with the last tokens. `None` where there is none, and then there is no
    /// event; [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn remove_integration(
        &self,
        account: AccountId,
        by: SessionId,
        id: Uuid,
        event: NewEvent,
    ) -> Result<Option<Integration>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), event.at);
            let removed = sqlx::query_as(REMOVE).bind(account).bind(id).fetch_optional(&mut *c).await?;
            if removed.is_some() {
                record!(c, account, &event);
            }
            Ok(removed)
        })
    }
}

//! Which sessions may read credentials. A row holds as long as its session is open, and goes with it.
use crate::{
    Store,
    engine::{in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    types::{AccountId, Micros, SessionId},
};

const ALLOW: &str = "INSERT INTO credential_access (account_id, session_id, allowed_since) VALUES ($1, $2, $3) \
    ON CONFLICT (account_id, session_id) DO NOTHING";
pub(crate) const GET: &str = "SELECT allowed_since FROM credential_access WHERE account_id = $1 AND session_id = $2";
// As it is held where something is written: whoever let the request in looked before its body came.
pub(crate) const HOLDS: &str = "SELECT c.allowed_since FROM credential_access c JOIN sessions s \
    ON s.account_id = c.account_id AND s.session_id = c.session_id \
    WHERE c.account_id = $1 AND c.session_id = $2 AND s.closed_at IS NULL AND s.expires_at > $3";
pub(crate) const REFUSE: &str = "DELETE FROM credential_access WHERE account_id = $1 AND session_id = $2";
pub(crate) const FORGET: &str = "DELETE FROM registry_passwords WHERE account_id = $1 AND session_id = $2";

/// What became of letting a session read credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Since when it may.
    pub since: Micros,
    /// Whether it is new; otherwise it was let before, and there is no event.
    pub new: bool,
}

impl Store {
    /// Lets a session read credentials, from the moment of the event on. [`Error::Raced`](crate::Error::Raced) where it
    /// was closed meanwhile.
    pub async fn allow_credentials(&self, account: AccountId, session: SessionId, event: NewEvent) -> Result<Allowed> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(session), event.at);
            let allow = sqlx::query(ALLOW).bind(account).bind(session).bind(event.at);
            let new = allow.execute(&mut *c).await?.rows_affected() == 1;
            if new {
                record!(c, account, &event);
            }
            let since = sqlx::query_scalar(GET).bind(account).bind(session).fetch_one(&mut *c).await?;
            Ok(Allowed { since, new })
        })
    }

    /// Since when a session may read credentials; `None` where it may not, or is not open any more.
    pub async fn credentials_allowed_since(
        &self,
        account: AccountId,
        session: SessionId,
        now: Micros,
    ) -> Result<Option<Micros>> {
        on_pool!(self, |c| {
            Ok(sqlx::query_scalar(HOLDS).bind(account).bind(session).bind(now).fetch_optional(c).await?)
        })
    }

    /// Keeps a session from reading credentials, and ends the registry passwords that were made for it. `false` where it
    /// might not, and then there is no event; [`Error::Raced`](crate::Error::Raced) where it was closed meanwhile.
    pub async fn refuse_credentials(&self, account: AccountId, session: SessionId, event: NewEvent) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(session), event.at);
            let refuse = sqlx::query(REFUSE).bind(account).bind(session);
            let refused = refuse.execute(&mut *c).await?.rows_affected() == 1;
            if refused {
                sqlx::query(FORGET).bind(account).bind(session).execute(&mut *c).await?;
                record!(c, account, &event);
            }
            Ok(refused)
        })
    }
}

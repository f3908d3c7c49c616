//! Sessions: one row each, found by the hash of the token inside the account the token names.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    CloseReason, Store,
    engine::{in_tx, on_pool},
    error::Result,
    events::{CountedEvent, NewEvent, record},
    held_session::hold_session,
    types::{AccountId, Micros, SessionId},
};

/// What is known about the device of a session; absent where it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Device {
    /// Browser or app.
    pub browser: Option<String>,
    /// Its version.
    pub browser_version: Option<String>,
    /// Operating system.
    pub operating_system: Option<String>,
    /// Model of the machine.
    pub model: Option<String>,
    /// Address the session was begun from.
    pub ip_address: Option<String>,
    /// Browser engine and its version.
    pub engine: Option<String>,
    /// CPU architecture.
    pub cpu_architecture: Option<String>,
}

/// A session to begin.
#[derive(Clone)]
pub struct NewSession {
    /// Whose.
    pub account_id: AccountId,
    /// Made by the caller (`UUIDv7`).
    pub session_id: SessionId,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Where it was begun.
    pub device: Device,
    /// Now; also the first authentication and the first use.
    pub created_at: Micros,
    /// Until when it is valid.
    pub expires_at: Micros,
}

/// A session, open or not. The caller judges `closed_at` and `expires_at`.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Its id.
    pub session_id: SessionId,
    /// Where it was begun.
    #[sqlx(flatten)]
    pub device: Device,
    /// When it was begun.
    #[sqlx(rename = "session_created_at")]
    pub created_at: Micros,
    /// When the person last proved who they are.
    pub last_authentication_at: Micros,
    /// When they last proved a second factor; absent where they never did in this session.
    pub last_second_factor_at: Option<Micros>,
    /// Last use, as far as it has been recorded.
    pub last_modified_at: Micros,
    /// Until when it is valid.
    pub expires_at: Micros,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// Why it was closed; present exactly when `closed_at` is.
    pub close_reason: Option<CloseReason>,
}

/// The columns of [`Session`], each with a prefix (`""` or `"s."`).
macro_rules! session_columns {
    ($p:literal) => {
        concat!(
            $p,
            "session_id, ",
            $p,
            "browser, ",
            $p,
            "browser_version, ",
            $p,
            "operating_system, ",
            $p,
            "model, ",
            $p,
            "ip_address, ",
            $p,
            "engine, ",
            $p,
            "cpu_architecture, ",
            $p,
            "created_at AS session_created_at, ",
            $p,
            "last_authentication_at, ",
            $p,
            "last_second_factor_at, ",
            $p,
            "last_modified_at, ",
            $p,
            "expires_at, ",
            $p,
            "closed_at, ",
            $p,
            "close_reason"
        )
    };
}

pub(crate) use session_columns;

// Only an account that is there and not disabled gets a session, and by the password alone only while that still is its
// password and no second factor is asked for: decided where the session is written.
pub(crate) const ADD: &str = concat!(
    "INSERT INTO sessions (account_id, token_hash, session_id, browser, browser_version, operating_system, model, \
     ip_address, engine, cpu_architecture, created_at, last_authentication_at, last_modified_at, expires_at) \
     SELECT a.account_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11, $12 FROM accounts a \
     JOIN passwords p ON p.account_id = a.account_id \
     WHERE a.account_id = $1 AND a.disabled_at IS NULL AND a.two_factor_since IS NULL AND p.phc = $13 RETURNING ",
    session_columns!("")
);
pub(crate) const GET: &str =
    concat!("SELECT ", session_columns!(""), " FROM sessions WHERE account_id = $1 AND session_id = $2");
pub(crate) const LIST: &str = concat!(
    "SELECT ",
    session_columns!(""),
    " FROM sessions WHERE account_id = $1 AND closed_at IS NULL AND expires_at > $2 \
     AND +last_modified_at > $6 AND created_at > $7 AND (last_modified_at, session_id) < ($3, $4) ORDER BY last_modified_at DESC, session_id DESC LIMIT $5"
);
pub(crate) const CLOSE: &str = "UPDATE sessions SET closed_at = $4, close_reason = $3 \
    WHERE account_id = $1 AND session_id = $2 AND closed_at IS NULL AND expires_at > $4";
pub(crate) const CLOSE_OTHERS: &str = "UPDATE sessions SET closed_at = $4, close_reason = $3 \
    WHERE account_id = $1 AND session_id <> $2 AND closed_at IS NULL AND expires_at > $4";
pub(crate) const CLOSE_ALL: &str = "UPDATE sessions SET closed_at = $3, close_reason = $2 \
    WHERE account_id = $1 AND closed_at IS NULL AND expires_at > $3";

/// Closes the open sessions of an account, all of them or all but `$keep`, and gives their number. `$c` is the
/// connection of a transaction.
macro_rules! close_all {
    ($c:expr, $account:expr, $keep:expr, $reason:expr, $now:expr) => {{
        let (account, keep): ($crate::AccountId, Option<$crate::SessionId>) = ($account, $keep);
        let (reason, now): ($crate::CloseReason, $crate::Micros) = ($reason, $now);
        let closing = match keep {
            Some(keep) => sqlx::query($crate::sessions::CLOSE_OTHERS).bind(account).bind(keep).bind(reason).bind(now),
            None => sqlx::query($crate::sessions::CLOSE_ALL).bind(account).bind(reason).bind(now),
        };
        closing.execute(&mut *$c).await?.rows_affected()
    }};
}
pub(crate) use close_all;

/// Which sessions count as open. What a policy allows may have become less since a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Those that end later than this, by what is stored.
    pub now: Micros,
    /// Those that were used later than this.
    pub used_after: Micros,
    /// Those that were begun later than this.
    pub begun_after: Micros,
}

impl From<Micros> for Open {
    /// By what is stored alone.
    fn from(now: Micros) -> Self {
        Self { now, used_after: Micros(i64::MIN), begun_after: Micros(i64::MIN) }
    }
}

impl Store {
    /// Begins a session with the password alone. `None` where the account is gone or disabled, asks for a second factor,
    /// or has another password than the one that was checked; then there is no event.
    pub async fn add_session(&self, new: NewSession, checked_phc: &str, event: NewEvent) -> Result<Option<Session>> {
        let phc = checked_phc.to_owned();
        in_tx!(self, new.account_id, |c| {
            let session = sqlx::query_as(ADD)
                .bind(new.account_id)
                .bind(&new.token_hash[..])
                .bind(new.session_id)
                .bind(&new.device.browser)
                .bind(&new.device.browser_version)
                .bind(&new.device.operating_system)
                .bind(&new.device.model)
                .bind(&new.device.ip_address)
                .bind(&new.device.engine)
                .bind(&new.device.cpu_architecture)
                .bind(new.created_at)
                .bind(new.expires_at)
                .bind(&phc)
                .fetch_optional(&mut *c)
                .await?;
            if session.is_some() {
                record!(c, new.account_id, &event);
            }
            Ok(session)
        })
    }

    /// The session of this id, open or not.
    pub async fn get_session(&self, account: AccountId, id: SessionId) -> Result<Option<Session>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).bind(id).fetch_optional(c).await?))
    }

    /// Up to `limit` open sessions, the last used first, beginning behind `after`
    /// (`last_modified_at` and id of the last one seen).
    pub async fn list_sessions(
        &self,
        account: AccountId,
        open: impl Into<Open>,
        after: Option<(Micros, SessionId)>,
        limit: i64,
    ) -> Result<Vec<Session>> {
        let open = open.into();
        // The first page begins behind a session that cannot be: one text for all pages, and the index serves it.
        let (used_at, id) = after.unwrap_or((Micros(i64::MAX), SessionId(Uuid::max())));
        on_pool!(self, |c| {
            let list = sqlx::query_as(LIST).bind(account).bind(open.now).bind(used_at).bind(id).bind(limit);
            Ok(list.bind(open.used_after).bind(open.begun_after).fetch_all(c).await?)
        })
    }

    /// Closes a session; `false` where it is not there or not open any more, and then there is no event.
    /// [`Error::Raced`](crate::Error::Raced) where another session does it that was closed meanwhile.
    pub async fn close_session(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        id: SessionId,
        reason: CloseReason,
        now: Micros,
        event: NewEvent,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            let done = sqlx::query(CLOSE).bind(account).bind(id).bind(reason).bind(now).execute(&mut *c).await?;
            let closed = done.rows_affected() == 1;
            if closed {
                record!(c, account, &event);
            }
            Ok(closed)
        })
    }

    /// Closes every open session but `keep`, or every one; answers how many. Where there was none, there is no event.
    /// [`Error::Raced`](crate::Error::Raced) where the one to keep was closed meanwhile.
    pub async fn close_sessions(
        &self,
        account: AccountId,
        keep: Option<SessionId>,
        reason: CloseReason,
        now: Micros,
        event: CountedEvent,
    ) -> Result<u64> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, keep, now);
            let closed = close_all!(c, account, keep, reason, now);
            if closed > 0 {
                record!(c, account, &event(closed));
            }
            Ok(closed)
        })
    }
}

//! The authenticator app: beginning, switching on with a first code, switching off.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    CloseReason, Store, backup_codes,
    engine::{in_tx, on_pool, on_writer},
    error::{Error, Result},
    events::{CountedEvent, record},
    held_session::hold_session,
    second_factor_attempts,
    sessions::close_all,
    sign_in_transactions,
    types::{AccountId, Micros, SessionId},
};

/// The authenticator app of an account.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AuthenticatorApp {
    /// The secret, sealed by the caller. Its bytes 2 to 25 tell it from others, and stay when it is sealed anew.
    pub sealed_secret: Vec<u8>,
    /// The last time step that was accepted.
    pub last_step: i64,
    /// Until when its first code is waited for; absent once it is in use.
    pub expires_at: Option<Micros>,
    /// Since when it is in use.
    pub enabled_at: Option<Micros>,
}

/// Switching two-factor authentication on.
pub struct Enabling {
    /// The session that does it: it stays, and has proved the second factor just now.
    pub by: SessionId,
    /// The secret whose code was right.
    pub sealed_secret: Vec<u8>,
    /// The time step of that code, which serves no second time.
    pub step: i64,
    /// The first backup codes, in use from now on.
    pub set: Uuid,
    /// Their keyed hashes.
    pub code_hashes: Vec<[u8; 32]>,
    /// Now.
    pub now: Micros,
    /// What to write down, given how many sessions were closed.
    pub event: CountedEvent,
}

pub(crate) const GET: &str =
    "SELECT sealed_secret, last_step, expires_at, enabled_at FROM two_factor WHERE account_id = $1";
const BEGIN: &str = "INSERT INTO two_factor (account_id, sealed_secret, last_step, expires_at) VALUES ($1, $2, 0, $3) \
    ON CONFLICT (account_id) DO UPDATE SET sealed_secret = $2, last_step = 0, told_step = NULL, expires_at = $3 \
    WHERE two_factor.enabled_at IS NULL";
const ENABLE: &str = "UPDATE two_factor SET enabled_at = $3, expires_at = NULL, last_step = $4 \
    WHERE account_id = $1 AND substr(sealed_secret, 2, 24) = $2 AND enabled_at IS NULL AND expires_at > $3";
pub(crate) const TELL: &str = "UPDATE two_factor SET told_step = $3 \
    WHERE account_id = $1 AND substr(sealed_secret, 2, 24) = $2 AND enabled_at IS NOT NULL";
const MARK: &str =
    "UPDATE accounts SET two_factor_since = $2, version = version + 1, updated_at = $2 WHERE account_id = $1";
const UNMARK: &str = "UPDATE accounts SET two_factor_since = NULL, version = version + 1, updated_at = $2 \
    WHERE account_id = $1 AND two_factor_since IS NOT NULL";
const PROVED: &str = "UPDATE sessions SET last_second_factor_at = $3 \
    WHERE account_id = $1 AND session_id = $2 AND closed_at IS NULL AND expires_at > $3";
const DROP: &str = "DELETE FROM two_factor WHERE account_id = $1";

/// What tells a sealed secret from others: these bytes stay when it is sealed anew with another key.
pub(crate) fn name(sealed_secret: &[u8]) -> &[u8] {
    sealed_secret.get(1..25).or(sealed_secret.get(1..)).unwrap_or_default()
}

impl Store {
    /// The authenticator app, in use or waiting for its first code.
    pub async fn authenticator_app(&self, account: AccountId) -> Result<Option<AuthenticatorApp>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).fetch_optional(c).await?))
    }

    /// Begins to set an authenticator app up; one that was begun before is forgotten. `false` where one is in use,
    /// [`Error::Raced`] where the session that does it was closed meanwhile.
    pub async fn begin_two_factor(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        sealed_secret: Vec<u8>,
        now: Micros,
        expires_at: Micros,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            let begun = sqlx::query(BEGIN).bind(account).bind(&sealed_secret).bind(expires_at).execute(&mut *c).await?;
            Ok(begun.rows_affected() == 1)
        })
    }

    /// Writes down that somebody is about to be told that a code is of a step to come. Who guessed it would know a code
    /// that will be right: it is not accepted when its time has come.
    pub async fn tell_step(&self, account: AccountId, sealed_secret: &[u8], step: i64) -> Result<()> {
        let sealed_secret = sealed_secret.to_vec();
        on_writer!(self, |c| {
            sqlx::query(TELL).bind(account).bind(name(&sealed_secret)).bind(step).execute(c).await?;
            Ok(())
        })
    }

    /// Switches two-factor authentication on: the secret, the first backup codes, the mark on the account, and the end
    /// of all other sessions, or nothing. Answers how many it closed; `None` where that secret does not wait any more;
    /// [`Error::Raced`] where the session that does it was closed meanwhile.
    pub async fn enable_two_factor(&self, account: AccountId, new: Enabling) -> Result<Option<u64>> {
        in_tx!(self, account, |c| {
            let enabled = sqlx::query(ENABLE)
                .bind(account)
                .bind(name(&new.sealed_secret))
                .bind(new.now)
                .bind(new.step)
                .execute(&mut *c)
                .await?;
            if enabled.rows_affected() == 0 {
                return Ok(None);
            }
            let proved = sqlx::query(PROVED).bind(account).bind(new.by).bind(new.now).execute(&mut *c).await?;
            if proved.rows_affected() == 0 {
                return Err(Error::Raced);
            }
            sqlx::query(MARK).bind(account).bind(new.now).execute(&mut *c).await?;
            sqlx::query(backup_codes::DROP_ALL_CODES).bind(account).execute(&mut *c).await?;
            sqlx::query(backup_codes::DROP_ALL).bind(account).execute(&mut *c).await?;
            sqlx::query(backup_codes::ADD_CONFIRMED).bind(account).bind(new.set).bind(new.now).execute(&mut *c).await?;
            for hash in &new.code_hashes {
                sqlx::query(backup_codes::ADD_CODE)
                    .bind(account)
                    .bind(new.set)
                    .bind(&hash[..])
                    .execute(&mut *c)
                    .await?;
            }
            sqlx::query(second_factor_attempts::FORGIVE_ALL).bind(account).execute(&mut *c).await?;
            let closed = close_all!(c, account, Some(new.by), CloseReason::TwoFactorChanged, new.now);
            record!(c, account, &(new.event)(closed));
            Ok(Some(closed))
        })
    }

    /// Switches two-factor authentication off: secret, backup codes and half-done sign-ins go, and all sessions but the
    /// one that does it end. Answers how many it closed; `None` where it is off, [`Error::Raced`] where that one was
    /// closed meanwhile.
    pub async fn disable_two_factor(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        now: Micros,
        event: CountedEvent,
    ) -> Result<Option<u64>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, now);
            if sqlx::query(UNMARK).bind(account).bind(now).execute(&mut *c).await?.rows_affected() == 0 {
                return Ok(None);
            }
            for ending in [
                DROP,
                backup_codes::DROP_ALL_CODES,
                backup_codes::DROP_ALL,
                second_factor_attempts::FORGIVE_ALL,
                sign_in_transactions::END_ALL,
            ] {
                sqlx::query(ending).bind(account).execute(&mut *c).await?;
            }
            let closed = close_all!(c, account, by, CloseReason::TwoFactorChanged, now);
            record!(c, account, &event(closed));
            Ok(Some(closed))
        })
    }
}

//! Between the password and the second factor: what was begun, and the session that comes of it.
use crate::{
    Store, backup_codes,
    engine::{in_tx, on_pool},
    error::{Error, Result},
    events::{CountedEvent, record},
    second_factor::{SecondFactor, spend},
    second_factor_attempts,
    sessions::{NewSession, Session, session_columns},
    types::{AccountId, Micros},
};

/// The password was right; the second factor is waited for.
pub struct NewTransaction {
    /// SHA-256 of its token.
    pub transaction_hash: [u8; 32],
    /// The hash the password was compared with.
    pub checked_phc: String,
    /// What the app said about itself, as the caller writes it down.
    pub client: Option<String>,
    /// Now.
    pub now: Micros,
    /// Until when it can be used.
    pub expires_at: Micros,
}

/// What became of the second step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on its way to the caller")]
pub enum SecondStep {
    /// The session has begun; so many backup codes are left.
    SignedIn(Session, i64),
    /// The second factor was wrong, or used already. Nothing changed.
    Wrong,
}

/// Transactions an account may have open; the oldest goes when one more begins.
const OPEN: i64 = 10;

// Conditional on the password, as a session by the password alone is: none begins with one that was changed meanwhile.
pub(crate) const ADD: &str = "INSERT INTO sign_in_transactions (account_id, transaction_hash, client, expires_at) \
    SELECT a.account_id, $2, $3, $4 FROM accounts a JOIN passwords p ON p.account_id = a.account_id \
    WHERE a.account_id = $1 AND a.disabled_at IS NULL AND a.two_factor_since IS NOT NULL AND p.phc = $5";
const DROP_OLD: &str = "DELETE FROM sign_in_transactions WHERE account_id = $1 AND (expires_at <= $2 \
    OR transaction_hash NOT IN (SELECT transaction_hash FROM sign_in_transactions WHERE account_id = $1 \
    ORDER BY expires_at DESC, transaction_hash LIMIT $3))";
pub(crate) const GET: &str = "SELECT client FROM sign_in_transactions \
    WHERE account_id = $1 AND transaction_hash = $2 AND expires_at > $3";
pub(crate) const END: &str = "DELETE FROM sign_in_transactions \
    WHERE account_id = $1 AND transaction_hash = $2 AND expires_at > $3";
pub(crate) const END_ALL: &str = "DELETE FROM sign_in_transactions WHERE account_id = $1";
const ADD_SESSION: &str = concat!(
    "INSERT INTO sessions (account_id, token_hash, session_id, browser, browser_version, operating_system, model, \
     ip_address, engine, cpu_architecture, created_at, last_authentication_at, last_second_factor_at, \
     last_modified_at, expires_at) SELECT account_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11, $11, $12 \
     FROM accounts WHERE account_id = $1 AND disabled_at IS NULL AND two_factor_since IS NOT NULL RETURNING ",
    session_columns!("")
);

impl Store {
    /// Writes down that the password was right. `false` where it is not any more, or the account asks for no second
    /// factor, is disabled or gone.
    pub async fn add_transaction(&self, account: AccountId, new: NewTransaction) -> Result<bool> {
        in_tx!(self, account, |c| {
            let added = sqlx::query(ADD)
                .bind(account)
                .bind(&new.transaction_hash[..])
                .bind(&new.client)
                .bind(new.expires_at)
                .bind(&new.checked_phc)
                .execute(&mut *c)
                .await?;
            if added.rows_affected() == 1 {
                sqlx::query(DROP_OLD).bind(account).bind(new.now).bind(OPEN).execute(&mut *c).await?;
            }
            Ok(added.rows_affected() == 1)
        })
    }

    /// What the app said about itself in a transaction that can be used; the outer `None` where there is no such one.
    pub async fn transaction(
        &self,
        account: AccountId,
        transaction_hash: &[u8; 32],
        now: Micros,
    ) -> Result<Option<Option<String>>> {
        let hash = transaction_hash.to_vec();
        on_pool!(self, |c| Ok(sqlx::query_scalar(GET).bind(account).bind(&hash).bind(now).fetch_optional(c).await?))
    }

    /// Ends a transaction with its second factor and begins the session, or does neither. The event is given how many
    /// backup codes are left. [`Error::Raced`] where the transaction was used, or ended by something else, meanwhile.
    pub async fn finish_sign_in(
        &self,
        transaction_hash: [u8; 32],
        factor: SecondFactor,
        door: &str,
        new: NewSession,
        event: CountedEvent,
    ) -> Result<SecondStep> {
        let door = door.to_owned();
        in_tx!(self, new.account_id, |c| {
            let (account, now) = (new.account_id, new.created_at);
            if !spend!(c, account, &factor, now) {
                return Ok(SecondStep::Wrong);
            }
            let ended = sqlx::query(END).bind(account).bind(&transaction_hash[..]).bind(now).execute(&mut *c).await?;
            if ended.rows_affected() == 0 {
                return Err(Error::Raced);
            }
            let session: Option<Session> = sqlx::query_as(ADD_SESSION)
                .bind(account)
                .bind(&new.token_hash[..])
                .bind(new.session_id)
                .bind(&new.device.browser)
                .bind(&new.device.browser_version)
                .bind(&new.device.operating_system)
                .bind(&new.device.model)
                .bind(&new.device.ip_address)
                .bind(&new.device.engine)
                .bind(&new.device.cpu_architecture)
                .bind(now)
                .bind(new.expires_at)
                .fetch_optional(&mut *c)
                .await?;
            let session = session.ok_or(Error::Raced)?;
            sqlx::query(second_factor_attempts::FORGIVE).bind(account).bind(&door).execute(&mut *c).await?;
            let left: i64 = sqlx::query_scalar(backup_codes::REMAINING).bind(account).fetch_one(&mut *c).await?;
            record!(c, account, &event(left.unsigned_abs()));
            Ok(SecondStep::SignedIn(session, left))
        })
    }
}

//! Codes for forgotten passwords: one at a time for each account.
use crate::{
    CloseReason, NewMail, Store,
    engine::{in_tx, on_writer},
    error::Result,
    events::{NewEvent, record},
    outbox::enqueue,
    sessions::CLOSE_ALL,
    types::{AccountId, Micros},
};

/// A password to put in the place of a forgotten one.
#[derive(Clone)]
pub struct ResetPassword {
    /// Keyed hash of the code it is set with.
    pub code_hash: [u8; 32],
    /// Password hash in PHC string format.
    pub password_phc: String,
    /// Now.
    pub at: Micros,
    /// What is recorded.
    pub event: NewEvent,
    /// What is mailed.
    pub mail: Option<NewMail>,
}

// Nothing begins on an account that is disabled.
const START: &str = "INSERT INTO password_resets (account_id, code_hash, failures, expires_at) \
    SELECT account_id, $2, 0, $3 FROM accounts WHERE account_id = $1 AND disabled_at IS NULL \
    ON CONFLICT (account_id) DO UPDATE SET code_hash = excluded.code_hash, failures = 0, \
    expires_at = excluded.expires_at";
// Counted before the code is compared: no number of callers at once gets more attempts.
const ATTEMPT: &str = "UPDATE password_resets SET failures = failures + 1 \
    WHERE account_id = $1 AND failures < $2 AND expires_at > $3 RETURNING code_hash";
const RIGHT: &str = "UPDATE password_resets SET failures = failures - 1 \
    WHERE account_id = $1 AND code_hash = $2 AND failures > 0";
const FINISH: &str =
    "DELETE FROM password_resets WHERE account_id = $1 AND code_hash = $2 AND expires_at > $3 RETURNING account_id";
const SET: &str = "UPDATE passwords SET phc = $2, changed_at = $3 WHERE account_id = $1";

impl Store {
    /// Begins a reset; the code of one that was begun before counts no more. `false` where the account is gone or
    /// disabled.
    pub async fn start_password_reset(
        &self,
        account: AccountId,
        code_hash: [u8; 32],
        expires_at: Micros,
        event: NewEvent,
        mail: NewMail,
    ) -> Result<bool> {
        in_tx!(self, |c| {
            let started =
                sqlx::query(START).bind(account).bind(&code_hash[..]).bind(expires_at).execute(&mut *c).await?;
            if started.rows_affected() == 0 {
                return Ok(false);
            }
            record!(c, account, &event);
            enqueue!(c, account, &mail);
            Ok(true)
        })
    }

    /// Takes one of `most` attempts at the code; answers its hash. `None` where there is none, its time is over, or no
    /// attempt is left.
    pub async fn attempt_password_reset(&self, account: AccountId, most: i64, now: Micros) -> Result<Option<Vec<u8>>> {
        on_writer!(self, |c| Ok(sqlx::query_scalar(ATTEMPT)
            .bind(account)
            .bind(most)
            .bind(now)
            .fetch_optional(c)
            .await?))
    }

    /// Gives an attempt back: the code was right, and something else was missing.
    pub async fn forgive_password_reset(&self, account: AccountId, code_hash: [u8; 32]) -> Result<()> {
        on_writer!(self, |c| {
            sqlx::query(RIGHT).bind(account).bind(&code_hash[..]).execute(c).await?;
            Ok(())
        })
    }

    /// Sets the password, spends the code and closes all sessions. `false` where the code counts no more.
    pub async fn reset_password(&self, account: AccountId, reset: ResetPassword) -> Result<bool> {
        in_tx!(self, |c| {
            let spent = sqlx::query(FINISH)
                .bind(account)
                .bind(&reset.code_hash[..])
                .bind(reset.at)
                .fetch_optional(&mut *c)
                .await?;
            if spent.is_none() {
                return Ok(false);
            }
            sqlx::query(SET).bind(account).bind(&reset.password_phc).bind(reset.at).execute(&mut *c).await?;
            sqlx::query(CLOSE_ALL)
                .bind(account)
                .bind(CloseReason::PasswordChanged)
                .bind(reset.at)
                .execute(&mut *c)
                .await?;
            record!(c, account, &reset.event);
            if let Some(mail) = &reset.mail {
                enqueue!(c, account, mail);
            }
            Ok(true)
        })
    }
}

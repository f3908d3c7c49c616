//! Codes for forgotten passwords: the last two of each account, so that whoever asks for another one, perhaps a stranger,
//! does not take the one away that the person is about to type.
use sqlx::FromRow;

use crate::{
    CloseReason, NewMail, SecondFactor, Store, backup_codes,
    email_changes::forget_email_change,
    engine::{in_tx, on_writer},
    error::{Error, Result},
    events::{CountedEvent, NewEvent, record},
    outbox::enqueue,
    second_factor::spend,
    second_factor_attempts,
    sessions::close_all,
    sign_in_transactions,
    types::{AccountId, Micros},
};

/// A password to put in the place of a forgotten one.
pub struct ResetPassword {
    /// Keyed hash of the code it is set with.
    pub code_hash: [u8; 32],
    /// Password hash in PHC string format.
    pub password_phc: String,
    /// The second factor, where two-factor authentication is on, and the door its attempts are counted at.
    pub second_factor: Option<(SecondFactor, String)>,
    /// Now.
    pub now: Micros,
    /// What is recorded, given how many sessions were closed.
    pub event: CountedEvent,
    /// What is recorded where a backup code was spent, given how many are left.
    pub backup_code_event: CountedEvent,
    /// What is mailed.
    pub mail: Option<NewMail>,
}

/// The codes that count, for one attempt at them.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ResetCodes {
    /// Keyed hash of the last one.
    pub code_hash: Vec<u8>,
    /// Keyed hash of the one before, while it is valid.
    pub previous_hash: Option<Vec<u8>>,
}

/// What became of a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// The password is set.
    Done {
        /// How many backup codes are left.
        backup_codes_remaining: i64,
    },
    /// The second factor was wrong or used. Nothing changed.
    WrongSecondFactor,
}

// Nothing begins on an account that is disabled, or whose address is not the one the code is about to be mailed to.
const START: &str = "INSERT INTO password_resets (account_id, code_hash, failures, expires_at) \
    SELECT account_id, $2, 0, $3 FROM accounts WHERE account_id = $1 AND disabled_at IS NULL AND email = $4 \
    ON CONFLICT (account_id) DO UPDATE SET previous_hash = password_resets.code_hash, \
    previous_expires_at = password_resets.expires_at, code_hash = excluded.code_hash, failures = 0, \
    expires_at = excluded.expires_at";
// Counted before the code is compared: no number of callers at once gets more attempts.
const ATTEMPT: &str = "UPDATE password_resets SET failures = failures + 1 \
    WHERE account_id = $1 AND failures < $2 AND expires_at > $3 \
    RETURNING code_hash, CASE WHEN previous_expires_at > $3 THEN previous_hash END AS previous_hash";
const RIGHT: &str = "UPDATE password_resets SET failures = failures - 1 \
    WHERE account_id = $1 AND (code_hash = $2 OR previous_hash = $2) AND failures > 0";
pub(crate) const END: &str = "DELETE FROM password_resets WHERE account_id = $1";
// Where a second factor is on by now, one has to be there.
const FINISH: &str = "DELETE FROM password_resets WHERE account_id = $1 \
    AND ((code_hash = $2 AND expires_at > $3) OR (previous_hash = $2 AND previous_expires_at > $3)) \
    AND EXISTS (SELECT 1 FROM accounts WHERE accounts.account_id = $1 AND accounts.disabled_at IS NULL \
    AND ($4 OR accounts.two_factor_since IS NULL)) RETURNING account_id";
const SET: &str = "UPDATE passwords SET phc = $2, changed_at = $3 WHERE account_id = $1";

impl Store {
    /// Begins a reset; of the codes of those that were begun before, the last one still counts until its time is over.
    /// `false` where the account is gone or disabled, or has another address than `email`, which the code is mailed to.
    pub async fn start_password_reset(
        &self,
        account: AccountId,
        email: &str,
        code_hash: [u8; 32],
        expires_at: Micros,
        event: NewEvent,
        mail: NewMail,
    ) -> Result<bool> {
        let email = email.to_owned();
        in_tx!(self, account, |c| {
            let starting = sqlx::query(START).bind(account).bind(&code_hash[..]).bind(expires_at).bind(&email);
            let started = starting.execute(&mut *c).await?;
            if started.rows_affected() == 0 {
                return Ok(false);
            }
            record!(c, account, &event);
            enqueue!(c, account, &mail);
            Ok(true)
        })
    }

    /// Takes one of `most` attempts at the codes; answers their hashes. `None` where there is none, its time is over, or no
    /// attempt is left.
    pub async fn attempt_password_reset(
        &self,
        account: AccountId,
        most: i64,
        now: Micros,
    ) -> Result<Option<ResetCodes>> {
        on_writer!(self, |c| Ok(sqlx::query_as(ATTEMPT).bind(account).bind(most).bind(now).fetch_optional(c).await?))
    }

    /// Gives an attempt back: the code was right, and something else was missing.
    pub async fn forgive_password_reset(&self, account: AccountId, code_hash: [u8; 32]) -> Result<()> {
        on_writer!(self, |c| {
            sqlx::query(RIGHT).bind(account).bind(&code_hash[..]).execute(c).await?;
            Ok(())
        })
    }

    /// Sets the password, spends the code and the second factor, closes all sessions, ends half-done sign-ins and forgets
    /// an address that waits.
    /// [`Error::Raced`] where the code counts no more, or two-factor authentication was switched on meanwhile.
    pub async fn reset_password(&self, account: AccountId, reset: ResetPassword) -> Result<Reset> {
        in_tx!(self, account, |c| {
            if let Some((factor, _)) = &reset.second_factor
                && !spend!(c, account, factor, reset.now)
            {
                return Ok(Reset::WrongSecondFactor);
            }
            let spent = sqlx::query(FINISH)
                .bind(account)
                .bind(&reset.code_hash[..])
                .bind(reset.now)
                .bind(reset.second_factor.is_some())
                .fetch_optional(&mut *c)
                .await?;
            if spent.is_none() {
                return Err(Error::Raced);
            }
            sqlx::query(SET).bind(account).bind(&reset.password_phc).bind(reset.now).execute(&mut *c).await?;
            let closed = close_all!(c, account, None, CloseReason::PasswordChanged, reset.now);
            sqlx::query(sign_in_transactions::END_ALL).bind(account).execute(&mut *c).await?;
            forget_email_change!(c, account, reset.now);
            record!(c, account, &(reset.event)(closed));
            let left: i64 = sqlx::query_scalar(backup_codes::REMAINING).bind(account).fetch_one(&mut *c).await?;
            if let Some((factor, door)) = &reset.second_factor {
                sqlx::query(second_factor_attempts::FORGIVE).bind(account).bind(door).execute(&mut *c).await?;
                if factor.is_backup_code() {
                    record!(c, account, &(reset.backup_code_event)(left.unsigned_abs()));
                }
            }
            if let Some(mail) = &reset.mail {
                enqueue!(c, account, mail);
            }
            Ok(Reset::Done { backup_codes_remaining: left })
        })
    }
}

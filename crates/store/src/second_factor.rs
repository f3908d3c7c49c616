//! Spending a second factor: each time step and each backup code serves once, whoever asks at the same time.
use sqlx::FromRow;

use crate::{
    Store,
    engine::in_tx,
    error::{Error, Result},
    events::{CountedEvent, record},
    second_factor_attempts,
    types::{AccountId, Micros, SessionId},
};

/// A second factor that is right as far as its form goes. It counts once it is spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// A time step (RFC 6238 section 4.2) whose code was given, with the secret it was computed from.
    Step {
        /// As it is stored.
        sealed_secret: Vec<u8>,
        /// Seconds since 1970 by 30.
        step: i64,
    },
    /// The keyed hash of a backup code.
    BackupCode {
        /// As it is stored.
        code_hash: [u8; 32],
    },
}

impl SecondFactor {
    /// Whether it is a backup code.
    pub fn is_backup_code(&self) -> bool {
        matches!(self, Self::BackupCode { .. })
    }
}

/// Steps by which the last one that was accepted can lie ahead of one that is given now, and yet be true: one that lies
/// farther ahead was accepted by a clock that was set back since, and would refuse every code until then.
pub const STEPS_AHEAD: i64 = 20;

// The step only moves forward: of two requests with one code, the second finds it where it wants to go.
pub(crate) const ADVANCE: &str = "UPDATE two_factor SET last_step = $3 \
    WHERE account_id = $1 AND substr(sealed_secret, 2, 24) = $2 AND enabled_at IS NOT NULL AND (last_step < $3 OR last_step > $4) \
    AND (told_step IS NULL OR told_step <> $3)";
pub(crate) const SPEND: &str = "UPDATE backup_codes SET used_at = $3 \
    WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL AND set_id IN \
    (SELECT set_id FROM backup_code_sets WHERE account_id = $1 AND confirmed_at IS NOT NULL)";
pub(crate) const PROVE: &str = "UPDATE sessions SET last_authentication_at = $3, \
    last_second_factor_at = COALESCE($4, last_second_factor_at) \
    WHERE account_id = $1 AND session_id = $2 AND closed_at IS NULL AND expires_at > $3 \
    AND EXISTS (SELECT 1 FROM passwords WHERE passwords.account_id = $1 AND passwords.phc = $5)";

/// Spends a second factor; false where it is wrong, or somebody else was faster. `$c` is the connection of a transaction,
/// `$factor` a `&SecondFactor`.
macro_rules! spend {
    ($c:expr, $account:expr, $factor:expr, $now:expr) => {{
        let (account, now): ($crate::AccountId, $crate::Micros) = ($account, $now);
        let factor: &$crate::SecondFactor = $factor;
        let spending = match factor {
            $crate::SecondFactor::Step { sealed_secret, step } => {
                let ahead = step.saturating_add($crate::STEPS_AHEAD);
                let secret = $crate::two_factor::name(sealed_secret);
                let advance = sqlx::query($crate::second_factor::ADVANCE).bind(account).bind(secret);
                advance.bind(*step).bind(ahead)
            }
            $crate::SecondFactor::BackupCode { code_hash } => {
                sqlx::query($crate::second_factor::SPEND).bind(account).bind(&code_hash[..]).bind(now)
            }
        };
        spending.execute(&mut *$c).await?.rows_affected() == 1
    }};
}
pub(crate) use spend;

/// Somebody in a session proves once more who they are.
pub struct Proof {
    /// Their session.
    pub session: SessionId,
    /// The hash the password was compared with.
    pub checked_phc: String,
    /// The second factor, where one was given, and the door its attempts are counted at.
    pub second_factor: Option<(SecondFactor, String)>,
    /// Now.
    pub now: Micros,
    /// What to write down where a backup code was spent, given how many are left.
    pub event: CountedEvent,
}

/// What became of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Proved {
    /// Whether it holds; otherwise the second factor was wrong or used, and nothing changed.
    pub done: bool,
    /// How many backup codes are left.
    pub backup_codes_remaining: i64,
}

impl Store {
    /// Writes down that somebody proved who they are, and spends the second factor. [`Error::Raced`] where the session
    /// was closed, or the password changed meanwhile.
    pub async fn prove(&self, account: AccountId, proof: Proof) -> Result<Proved> {
        in_tx!(self, account, |c| {
            let mut second_factor_at = None;
            if let Some((factor, _)) = &proof.second_factor {
                if !spend!(c, account, factor, proof.now) {
                    return Ok(Proved { done: false, backup_codes_remaining: 0 });
                }
                second_factor_at = Some(proof.now);
            }
            let proved = sqlx::query(PROVE)
                .bind(account)
                .bind(proof.session)
                .bind(proof.now)
                .bind(second_factor_at)
                .bind(&proof.checked_phc)
                .execute(&mut *c)
                .await?;
            if proved.rows_affected() == 0 {
                return Err(Error::Raced);
            }
            let left: i64 = sqlx::query_scalar(crate::backup_codes::REMAINING).bind(account).fetch_one(&mut *c).await?;
            if let Some((factor, door)) = &proof.second_factor {
                sqlx::query(second_factor_attempts::FORGIVE).bind(account).bind(door).execute(&mut *c).await?;
                if factor.is_backup_code() {
                    record!(c, account, &(proof.event)(left.unsigned_abs()));
                }
            }
            Ok(Proved { done: true, backup_codes_remaining: left })
        })
    }
}

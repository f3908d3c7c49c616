//! Practising with backup codes: one is looked for as where it is used, and not spent.
use crate::{
    Store,
    engine::in_tx,
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    second_factor_attempts::{Attempt, AttemptLimit, PAUSED, count_attempt},
    types::{AccountId, Micros, SessionId},
};

/// Somebody asks what a code is worth.
pub struct Practice {
    /// In which session.
    pub by: SessionId,
    /// What a code is stored as; absent where the text cannot be one.
    pub code_hash: Option<[u8; 32]>,
    /// The door at which wrong ones are counted.
    pub door: String,
    /// How many of them shut it; absent where nobody counts.
    pub limit: Option<AttemptLimit>,
    /// Now.
    pub now: Micros,
    /// What to write down where this one shuts the door.
    pub event: NewEvent,
}

/// What a code was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Practised {
    /// It can be used.
    Works,
    /// It is in the set that is in use, and was used.
    Used,
    /// It is not in the set that is in use.
    Unknown {
        /// Whether the door is shut from now on.
        last: bool,
    },
    /// The door is shut: nothing was looked at.
    Paused {
        /// Until when.
        until: Micros,
    },
    /// Two-factor authentication is off: there are no codes.
    Off,
}

const OFF: &str = "SELECT 1 FROM accounts WHERE account_id = $1 AND two_factor_since IS NULL";

pub(crate) const FIND: &str = "SELECT b.used_at FROM backup_codes b \
    JOIN backup_code_sets s ON s.account_id = b.account_id AND s.set_id = b.set_id \
    WHERE b.account_id = $1 AND b.code_hash = $2 AND s.confirmed_at IS NOT NULL";

impl Store {
    /// Looks a code up and changes nothing, unless it is unknown: that counts as a wrong second factor at the door. Others
    /// are not counted, and forgive nothing: they would let somebody with one code guess without end.
    /// [`Error::Raced`](crate::Error::Raced) where the session was closed meanwhile.
    pub async fn practise_backup_code(&self, account: AccountId, practice: Practice) -> Result<Practised> {
        in_tx!(self, account, |c| {
            let Practice { by, code_hash, door, limit, now, event } = &practice;
            hold_session!(c, account, Some(*by), *now);
            if sqlx::query(OFF).bind(account).fetch_optional(&mut *c).await?.is_some() {
                return Ok(Practised::Off);
            }
            if let Some(limit) = limit {
                let paused = sqlx::query_scalar(PAUSED).bind(account).bind(door).bind(*now).bind(limit.ends(*now).1);
                let until: Option<Micros> = paused.fetch_optional(&mut *c).await?;
                if let Some(until) = until {
                    return Ok(Practised::Paused { until });
                }
            }
            if let Some(code_hash) = code_hash {
                let find = sqlx::query_scalar(FIND).bind(account).bind(&code_hash[..]);
                let found: Option<Option<Micros>> = find.fetch_optional(&mut *c).await?;
                match found {
                    Some(None) => return Ok(Practised::Works),
                    Some(Some(_)) => return Ok(Practised::Used),
                    None => {}
                }
            }
            let Some(limit) = limit else { return Ok(Practised::Unknown { last: false }) };
            Ok(match count_attempt!(c, account, door, *limit, *now) {
                Attempt::Paused { until } => Practised::Paused { until },
                Attempt::Allowed { last } => {
                    if last {
                        record!(c, account, event);
                    }
                    Practised::Unknown { last }
                }
            })
        })
    }
}

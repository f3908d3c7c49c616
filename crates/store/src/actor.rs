//! Who does something: a session, or an API key. What they do is done only while they may: decided in the transaction
//! that does it.

use crate::types::{ApiKeyId, SessionId};

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A session, which has to be open.
    Session(SessionId),
    /// The personal API key, which must not have been replaced.
    PersonalApiKey(ApiKeyId),
    /// A named API key, which has to be there and not to have ended.
    ApiKey(ApiKeyId),
}

impl From<SessionId> for Actor {
    fn from(session: SessionId) -> Self {
        Self::Session(session)
    }
}

// A disabled account keeps its keys; its sessions are closed.
pub(crate) const PERSONAL: &str = "SELECT 1 FROM personal_api_keys k JOIN accounts a ON a.account_id = k.account_id \
    WHERE k.account_id = $1 AND k.key_id = $2 AND a.disabled_at IS NULL";
pub(crate) const NAMED: &str = "SELECT 1 FROM api_keys k JOIN accounts a ON a.account_id = k.account_id \
    WHERE k.account_id = $1 AND k.key_id = $2 AND (k.expires_at IS NULL OR k.expires_at > $3) \
    AND a.disabled_at IS NULL";

/// Ends a transaction with [`Error::Raced`](crate::Error::Raced) unless who does it still may: whoever let the request in
/// looked before its body came. `$c` is the connection of a transaction; without an actor there is nothing to hold.
macro_rules! hold_actor {
    ($c:expr, $account:expr, $actor:expr, $now:expr) => {{
        use $crate::actor::{Actor, NAMED, PERSONAL};
        let (account, actor): ($crate::AccountId, Option<Actor>) = ($account, $actor);
        let now: $crate::Micros = $now;
        let holds = match actor {
            None => None,
            Some(Actor::Session(session)) => {
                $crate::held_session::hold_session!($c, account, Some(session), now);
                None
            }
            Some(Actor::PersonalApiKey(key)) => Some(sqlx::query(PERSONAL).bind(account).bind(key)),
            Some(Actor::ApiKey(key)) => Some(sqlx::query(NAMED).bind(account).bind(key).bind(now)),
        };
        if let Some(holds) = holds
            && holds.fetch_optional(&mut *$c).await?.is_none()
        {
            return Err($crate::Error::Raced);
        }
    }};
}
pub(crate) use hold_actor;

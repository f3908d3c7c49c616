//! What is done in a session is done only while it is open: decided in the transaction that does it.

pub(crate) const OPEN: &str = "SELECT 1 FROM sessions \
    WHERE account_id = $1 AND session_id = $2 AND closed_at IS NULL AND expires_at > $3";

/// Ends a transaction with [`Error::Raced`](crate::Error::Raced) unless the session it is done in is open: whoever let the
/// request in looked before its body came, and the session may have been closed since. `$c` is the connection of a
/// transaction; without a session there is nothing to hold.
macro_rules! hold_session {
    ($c:expr, $account:expr, $session:expr, $now:expr) => {{
        let (account, session): ($crate::AccountId, Option<$crate::SessionId>) = ($account, $session);
        let now: $crate::Micros = $now;
        if let Some(session) = session {
            let open = sqlx::query($crate::held_session::OPEN).bind(account).bind(session).bind(now);
            if open.fetch_optional(&mut *$c).await?.is_none() {
                return Err($crate::Error::Raced);
            }
        }
    }};
}
pub(crate) use hold_session;
